import Addressing

/// The list of protocols, compiled for the dissector: for each number by which a header names what it carries, who
/// reads that. Made once, when the first dissector is; flat arrays, so that a look-up is a load.
final class ProtocolTables: Sendable {
    static let shared = ProtocolTables(Protocols.all)

    /// By a kind's number; nil for a kind that is not in the list.
    private let descriptions: [ProtocolDescription?]
    private let roles: [ProtocolRole]
    private let traits: [ProtocolTraits]
    private let lines: [LineForm]
    /// What a program says, by a kind's number: asked for more packets than any other form of a line.
    private let words: [Words?]
    private let framings: [MessageFraming?]
    /// By a kind's number: who reads its messages over TCP.
    private let overTCP: [EntryID]
    /// By an entry's number: the kind that it reads.
    private let kinds: [LayerKind]
    /// By an entry's number.
    private let entries: [Entry]
    /// By a kind's number: who goes on when a packet inside is done.
    private let resumptions: [EntryID]

    private let ipProtocols: [EntryID]
    private let ipVersions: [EntryID]
    private let networkLayerIDs: [EntryID]
    private let servicePoints: [EntryID]
    private let frames: [EntryID]
    private let etherTypes: NumberTable
    private let linkTypes: NumberTable
    private let pppProtocols: NumberTable
    private let greProtocols: NumberTable
    private let channelTypes: NumberTable
    private let udp: PortTable
    private let tcp: PortTable

    /// Functions in structures: an array of bare functions has each called through another one, for any type.
    private struct Entry {
        let dissect: ProtocolDescription.Dissect
    }
    private struct Words {
        let write: LineForm.WordsWriter
    }

    init(_ protocols: [ProtocolDescription]) {
        var descriptions = [ProtocolDescription?](repeating: nil, count: EntryID.kinds)
        var entries = [Entry](repeating: Entry { _, _, _ in .data }, count: EntryID.kinds)
        var resumptions = [EntryID](repeating: .none, count: EntryID.kinds)
        var etherTypes = NumberTable()
        var ipProtocols = [EntryID](repeating: .none, count: 1 << 8)
        var ipVersions = [EntryID](repeating: .none, count: 1 << 4)
        var networkLayerIDs = [EntryID](repeating: .none, count: 1 << 8)
        var servicePoints = [EntryID](repeating: .none, count: 1 << 8)
        var frames = [EntryID](repeating: .none, count: FrameForm.allCases.count)
        var (linkTypes, pppProtocols, greProtocols, channelTypes) = (
            NumberTable(), NumberTable(), NumberTable(), NumberTable()
        )
        var udp = PortTable(ofOthers: PortsOfOthers.udp)
        var tcp = PortTable(ofOthers: PortsOfOthers.tcp)

        var kinds = [LayerKind](repeating: .data, count: EntryID.kinds)
        var overTCP = [EntryID](repeating: .none, count: EntryID.kinds)

        func add(_ entry: @escaping ProtocolDescription.Dissect, _ kind: LayerKind) -> EntryID {
            entries.append(Entry(dissect: entry))
            kinds.append(kind)
            return EntryID(rawValue: UInt16(truncatingIfNeeded: entries.count &- 1))
        }
        for description in protocols {
            let kind = Int(description.kind.rawValue)
            descriptions[kind] = description
            entries[kind] = Entry(dissect: description.dissect)
            kinds[kind] = description.kind
            if let resume = description.resume { resumptions[kind] = add(resume, description.kind) }
            for attachment in description.attachments {
                let entry = attachment.entry.map { add($0, description.kind) } ?? EntryID(description.kind)
                for point in attachment.points {
                    switch point {
                    case .linkType(let type): linkTypes[type.rawValue] = entry
                    case .etherType(let type): etherTypes[UInt32(type.rawValue)] = entry
                    case .ipProtocol(let number): ipProtocols[Int(number.rawValue)] = entry
                    case .ipVersion(let version): ipVersions[Int(version & 15)] = entry
                    case .pppProtocol(let number): pppProtocols[UInt32(number)] = entry
                    case .greProtocol(let number, let hasSequence):
                        greProtocols[Self.greKey(number, hasSequence)] = entry
                    case .networkLayerID(let number): networkLayerIDs[Int(number)] = entry
                    case .servicePoint(let number): servicePoints[Int(number)] = entry
                    case .channelType(let type): channelTypes[UInt32(type)] = entry
                    case .frame(let form): frames[Int(form.rawValue)] = entry
                    case .udpPort(let port): udp.add(entry, at: port, attachment.accepts)
                    case .tcpPort(let port):
                        tcp.add(entry, at: port, attachment.accepts)
                        if overTCP[kind] == .none { overTCP[kind] = entry }
                    case .content(.udp, let certainty): udp.add(entry, certainty, attachment.accepts)
                    case .content(.tcp, let certainty): tcp.add(entry, certainty, attachment.accepts)
                    }
                }
            }
        }
        (self.descriptions, self.entries, self.resumptions) = (descriptions, entries, resumptions)
        words = descriptions.map { if case .words(let write) = $0?.line { Words(write: write) } else { nil } }
        roles = descriptions.map { $0?.role ?? .remark }
        traits = descriptions.map { $0?.traits ?? [] }
        lines = descriptions.map { $0?.line ?? .name }
        framings = descriptions.map { $0?.framing }
        (self.kinds, self.overTCP) = (kinds, overTCP)
        (self.etherTypes, self.ipProtocols, self.ipVersions) = (etherTypes, ipProtocols, ipVersions)
        (self.networkLayerIDs, self.servicePoints, self.frames) = (networkLayerIDs, servicePoints, frames)
        (self.linkTypes, self.pppProtocols) = (linkTypes, pppProtocols)
        (self.greProtocols, self.channelTypes) = (greProtocols, channelTypes)
        (self.udp, self.tcp) = (udp, tcp)
    }

    subscript(kind: LayerKind) -> ProtocolDescription? { descriptions[Int(kind.rawValue)] }

    /// Whether the message in a layer asks or answers, where its protocol says so.
    func asks(_ layer: LayerRange, _ record: RawSpan) -> Bool? {
        let message = record.extracting(layer.range)
        let prefix = layer.hasLengthPrefix ? 2 : 0
        guard message.byteCount > prefix else { return nil }
        return descriptions[Int(layer.kind.rawValue)]?.asks?(message.extracting(droppingFirst: prefix))
    }

    /// The application whose bytes a segment or datagram carries, nil for data that nobody claims; and whether they ask
    /// or answer, where they are a message as the protocol itself lays it out: over TCP DNS has a length before it.
    /// - Parameter payload: what it carries, as captured.
    func message(
        _ transport: Transport, _ source: Port, _ destination: Port, _ payload: RawSpan
    ) -> (application: LayerKind?, asks: Bool?) {
        let cursor = LayerCursor(captured: payload.byteCount, wire: payload.byteCount)
        let entry = ports(transport).entry(source, destination, payload, cursor)
        if entry == .none { return (nil, nil) }
        let kind = kind(of: entry)
        return (kind, entry == EntryID(kind) ? descriptions[Int(kind.rawValue)]?.asks?(payload) : nil)
    }

    func role(of kind: LayerKind) -> ProtocolRole { roles[Int(kind.rawValue)] }
    func traits(of kind: LayerKind) -> ProtocolTraits { traits[Int(kind.rawValue)] }
    func line(of kind: LayerKind) -> LineForm { lines[Int(kind.rawValue)] }
    func words(of kind: LayerKind) -> LineForm.WordsWriter? { words[Int(kind.rawValue)]?.write }

    func framing(of kind: LayerKind) -> MessageFraming? { framings[Int(kind.rawValue)] }
    func kind(of entry: EntryID) -> LayerKind { kinds[Int(entry.rawValue)] }

    /// Who reads a kind's messages over TCP.
    func entryOverTCP(_ kind: LayerKind) -> EntryID {
        let entry = overTCP[Int(kind.rawValue)]
        return entry == .none ? EntryID(kind) : entry
    }

    /// Reads the header at the cursor.
    func dissect(
        _ entry: EntryID, _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]
    ) -> Handoff {
        entries[Int(entry.rawValue)].dissect(record, &cursor, &layers)
    }

    func resumption(of kind: LayerKind) -> EntryID { resumptions[Int(kind.rawValue)] }
    func entry(_ type: LinkType) -> EntryID { linkTypes[type.rawValue] }
    func entry(_ type: EtherType) -> EntryID { etherTypes[UInt32(type.rawValue)] }
    func entry(_ number: IPProtocol) -> EntryID { ipProtocols[Int(number.rawValue)] }
    func entry(ipVersion: UInt8) -> EntryID { ipVersions[Int(ipVersion & 15)] }
    func entry(pppProtocol: UInt16) -> EntryID { pppProtocols[UInt32(pppProtocol)] }
    func entry(networkLayerID: UInt8) -> EntryID { networkLayerIDs[Int(networkLayerID)] }
    func entry(servicePoint: UInt8) -> EntryID { servicePoints[Int(servicePoint)] }
    func entry(channelType: UInt16) -> EntryID { channelTypes[UInt32(channelType)] }
    func entry(_ form: FrameForm) -> EntryID { frames[Int(form.rawValue)] }
    func entry(greProtocol: UInt16, hasSequence: Bool) -> EntryID {
        greProtocols[Self.greKey(greProtocol, hasSequence)]
    }

    func ports(_ transport: Transport) -> PortTable {
        switch transport {
        case .tcp: tcp
        case .udp: udp
        }
    }

    private static func greKey(_ number: UInt16, _ hasSequence: Bool) -> UInt32 {
        UInt32(number) | (hasSequence ? 1 << 16 : 0)
    }
}

/// The number of a function that reads a header: a kind's own has the kind's number, the further ones, such as of the
/// same header in another byte order, come behind. 0, which would be the record's, is nobody.
struct EntryID: RawRepresentable, Hashable, Sendable {
    /// One more than the highest number of a kind.
    static let kinds = Int(UInt8.max) + 1
    static let none = EntryID(rawValue: 0)

    let rawValue: UInt16

    @inline(__always)
    init(rawValue: UInt16) { self.rawValue = rawValue }

    @inline(__always)
    init(_ kind: LayerKind) { rawValue = UInt16(kind.rawValue) }
}

/// Entries by numbers that are few in a wide range: sorted, found by halving.
struct NumberTable: Sendable {
    private var numbers: [UInt32] = []
    private var entries: [EntryID] = []

    subscript(number: UInt32) -> EntryID {
        get {
            let place = place(of: number)
            return place < numbers.count && numbers[place] == number ? entries[place] : .none
        }
        set {
            let place = place(of: number)
            if place < numbers.count, numbers[place] == number {
                entries[place] = newValue
            } else {
                numbers.insert(number, at: place)
                entries.insert(newValue, at: place)
            }
        }
    }

    /// Where the number stands or belongs.
    private func place(of number: UInt32) -> Int {
        var low = 0
        var high = numbers.count
        while low < high {
            let middle = (low &+ high) / 2
            if numbers[middle] < number { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}
