import Addressing

extension Dissector {
    /// What a connection carries from a segment's payload on, as far as its messages are told apart.
    /// - Parameters:
    ///   - segment: its TCP layer.
    ///   - asksPorts: false inside of a tunnel that the connection became.
    /// - Returns: the protocol, and whether the ports say so, too; nil where none with messages is known.
    public func carried(
        by segment: LayerRange, in packet: RawSpan, asksPorts: Bool
    ) -> (kind: LayerKind, isByPort: Bool)? {
        let start = Int(segment.start)
        guard start >= 0, start &+ 4 <= packet.byteCount, !segment.payload.isEmpty,
            segment.payload.upperBound <= packet.byteCount
        else { return nil }
        let cursor = LayerCursor(message: segment.payload, over: segment, in: packet)
        let found = tables.ports(.tcp).carried(
            Port(packet.uint16(at: start)), Port(packet.uint16(at: start &+ 2)), packet, cursor, asksPorts: asksPorts)
        guard found.entry != .none, case let kind = tables.kind(of: found.entry), tables.framing(of: kind) != nil else {
            return nil
        }
        return (kind, found.isByPort)
    }

    /// Takes away what a segment by itself was found to carry.
    /// - Parameters:
    ///   - index: the place of the TCP layer.
    ///   - hidesData: whether the payload is no data either.
    public func clear(after index: Int, hidesData: Bool, in dissection: inout Dissection) {
        let count = dissection.layers.count
        if count > index + 1 { dissection.layers.removeLast(count - index - 1) }
        dissection.stop = .complete
        dissection.hidesData = hidesData
    }

    /// Adds the layers of one or more messages.
    /// - Parameters:
    ///   - range: where they lie among the packet's bytes.
    ///   - segment: the TCP layer that carries them, or the last bytes of them.
    public func dissect(
        _ packet: RawSpan, messages range: Range<Int>, of kind: LayerKind, over segment: LayerRange,
        into dissection: inout Dissection
    ) {
        guard range.upperBound <= packet.byteCount, dissection.layers.count < Self.maximumDepth else { return }
        var cursor = LayerCursor(message: range, over: segment, in: packet)
        run(packet, tables.entryOverTCP(kind), &cursor, into: &dissection)
    }

    /// Adds the data source of a message that several segments carried.
    /// - Parameter index: the place of the TCP layer.
    public func add(_ source: PacketBytes.Added, to index: Int, in dissection: inout Dissection) {
        dissection.sources.append(DataSource("reassembled message", at: source.range))
        if dissection.layers[index].assembly == 0 { dissection.layers[index].assembly = Int32(clamping: source.list) }
    }
}

extension Dissector {
    /// Puts together what lies apart in the layers behind a segment, so that their fields can be read from it.
    /// - Parameters:
    ///   - index: the place of the TCP layer.
    ///   - packet: the packet's bytes, or all of them so far.
    ///   - number: the packet's number.
    ///   - whole: gets the bytes; those of the packet first, where it has none yet.
    public func joinPieces(
        after index: Int, _ packet: RawSpan, number: UInt32, in dissection: inout Dissection,
        _ whole: inout PacketBytes
    ) {
        for place in index + 1..<max(index + 1, dissection.layers.count) {
            let layer = dissection.layers[place]
            guard let find = tables[layer.kind]?.pieces, case let pieces = find(packet, layer), !pieces.isEmpty else {
                continue
            }
            var bytes: [UInt8] = []
            var parts: [AssembledPart] = []
            for piece in pieces {
                parts.append(AssembledPart(packet: number, start: bytes.count, length: piece.count))
                bytes.append(packet.extracting(piece))
            }
            if dissection.sources.isEmpty { whole.begin(with: packet) }
            let source = whole.append(bytes, parts: parts)
            dissection.sources.append(DataSource("reassembled handshake", at: source.range))
            dissection.layers[place].assembly = Int32(clamping: source.list)
        }
    }
}
