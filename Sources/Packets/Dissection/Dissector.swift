/// Takes a record apart, layer by layer, without ever failing: good layers and a reason to stop.
public struct Dissector: Sendable {
    /// Tunnels in tunnels end here: enough for anything real, small enough for hostile packets.
    public static let maximumDepth = 48

    let tables = ProtocolTables.shared

    /// Whether the first fragment of a datagram waits for the others, as those behind it do.
    private let joinsFragments: Bool

    /// - Parameter joinsFragments: whether somebody puts fragments together and goes on with `dissect(_:completing:)`:
    ///   then the first fragment of a datagram is not read on by itself, unless the capture cut it.
    public init(joinsFragments: Bool = false) { self.joinsFragments = joinsFragments }

    /// Dissects one record.
    /// - Parameters:
    ///   - record: the captured bytes.
    ///   - linkType: what the first header is.
    ///   - wireLength: how many bytes the packet had on the wire; at least as many as were captured.
    ///   - dissection: where the layers go; what it held before is gone.
    public func dissect(_ record: RawSpan, linkType: LinkType, wireLength: Int, into dissection: inout Dissection) {
        dissection.reset()
        dissection.isRaw = linkType.isRawIP
        var cursor = LayerCursor(captured: record.byteCount, wire: wireLength)
        cursor.joinsFragments = joinsFragments
        let entry = linkType == .ethernet ? EntryID(.ethernet) : tables.entry(linkType)
        guard entry != .none else {
            dissection.stop = .unsupported(after: .frame, number: linkType.rawValue)
            return
        }
        run(record, entry, &cursor, into: &dissection)
    }

    /// Goes on where a dissection stopped at a fragment, with the datagram that it completes.
    /// - Parameters:
    ///   - packet: the packet's bytes, the datagram's among them.
    ///   - source: where the datagram and the list of its fragments lie.
    ///   - carried: what the datagram is, as its first fragment says.
    public func dissect(
        _ packet: RawSpan, completing source: PacketBytes.Added, as carried: IPProtocol,
        into dissection: inout Dissection
    ) {
        guard let layer = dissection.layers.last else { return }
        dissection.layers[dissection.layers.count - 1].assembly = Int32(clamping: source.list)
        dissection.sources.append(DataSource("reassembled datagram", at: source.range))
        dissection.stop = .complete
        let entry = tables.entry(carried)
        if entry == .none {
            dissection.stop = .unsupported(after: layer.kind, number: UInt32(carried.rawValue))
        } else {
            var cursor = LayerCursor(source.range, over: layer, in: packet)
            run(packet, entry, &cursor, into: &dissection)
        }
    }

    @inline(__always)
    func run(
        _ record: RawSpan, _ first: EntryID, _ cursor: inout LayerCursor, into dissection: inout Dissection
    ) {
        var entry = first
        while true {
            // The few protocols that nearly every packet is made of come first, not through the table.
            let handoff =
                switch entry {
                case EntryID(.ethernet): EthernetFrame.dissect(record, &cursor, &dissection.layers)
                case EntryID(.ipv4): IPv4Packet.dissect(record, &cursor, &dissection.layers)
                case EntryID(.tcp): TCPSegment.dissect(record, &cursor, &dissection.layers)
                case EntryID(.ipv6): IPv6Packet.dissect(record, &cursor, &dissection.layers)
                case EntryID(.udp): UDPDatagram.dissect(record, &cursor, &dissection.layers)
                default: tables.dissect(entry, record, &cursor, &dissection.layers)
                }
            switch next(after: entry, handoff, record, &cursor, dissection.layers) {
            case .entry(let next): entry = next
            case .end(let reason):
                if dissection.stop == .complete { dissection.stop = reason }
                guard let kind = cursor.resume(after: reason) else { return }
                entry = tables.resumption(of: kind)
            case .claimed:
                dissection.hidesData = true
                return
            }
            if dissection.layers.count >= Self.maximumDepth {
                dissection.stop = .tooDeep
                return
            }
        }
    }

    private enum Step {
        case entry(EntryID)
        case end(DissectionStop)
        /// Every layer was dissected, and nothing that is left is data.
        case claimed
    }

    /// Looks up in the tables who reads what a header carries.
    @inline(__always)
    private func next(
        after entry: EntryID, _ handoff: Handoff, _ record: RawSpan, _ cursor: inout LayerCursor,
        _ layers: borrowing [LayerRange]
    ) -> Step {
        let found: EntryID
        let number: UInt32
        switch handoff {
        case .stop(let reason): return .end(reason)
        case .data: return .end(.complete)
        case .claimed: return .claimed
        case .etherType(let type):
            if type == .ipv4 { return .entry(EntryID(.ipv4)) }
            if type == .ipv6 { return .entry(EntryID(.ipv6)) }
            (found, number) = (tables.entry(type), UInt32(type.rawValue))
        case .ipProtocol(let type):
            if type == .tcp { return .entry(EntryID(.tcp)) }
            if type == .udp { return .entry(EntryID(.udp)) }
            (found, number) = (tables.entry(type), UInt32(type.rawValue))
        case .ports(let transport, let source, let destination):
            let carried = tables.ports(transport).entry(source, destination, record, cursor)
            return carried == .none ? .end(.complete) : .entry(carried)
        case .server(let server, let client):
            let carried = tables.ports(.tcp).entry(server: server, client: client, record, cursor)
            return carried == .none ? .end(.complete) : .entry(carried)
        case .same: return .entry(entry)
        case .ipVersion:
            guard cursor.has(1) else { return .end(cursor.missing(1, for: .ipv4)) }
            let version = record.uint8(at: cursor.start) >> 4
            (found, number) = (tables.entry(ipVersion: version), UInt32(version))
        case .linkType(let type): (found, number) = (tables.entry(type), type.rawValue)
        case .frame(let form): (found, number) = (tables.entry(form), UInt32(form.rawValue))
        case .pppProtocol(let type): (found, number) = (tables.entry(pppProtocol: type), UInt32(type))
        case .networkLayerID(let type): (found, number) = (tables.entry(networkLayerID: type), UInt32(type))
        case .serviceAccessPoint(let point): (found, number) = (tables.entry(servicePoint: point), UInt32(point))
        case .channelType(let type): (found, number) = (tables.entry(channelType: type), UInt32(type))
        case .greProtocol(let type, let hasSequence):
            (found, number) = (tables.entry(greProtocol: type, hasSequence: hasSequence), UInt32(type))
        }
        if found == .none { return .end(.unsupported(after: layers.last?.kind ?? .frame, number: number)) }
        return .entry(found)
    }
}
