import Packets

/// Connections into which segments came that do not belong to them, as they look without those.
///
/// TCP analysis follows every segment, as Wireshark's does. With the first one that does not belong to its connection,
/// the connection is looked at a second time from then on, by the segments alone that do. All other connections cost
/// nothing here.
struct HeededConnections {
    private var connections: [Int: AnalyzedConnection] = [:]

    /// Begins with a connection as it is before the first segment that does not belong.
    mutating func begin(_ place: Int, with connection: AnalyzedConnection) {
        if connections[place] == nil { connections[place] = connection }
    }

    /// The place has another connection from now on, or none.
    mutating func end(_ place: Int) {
        if !connections.isEmpty { connections[place] = nil }
    }

    /// A SYN like the first.
    mutating func repeatSYN(_ place: Int, _ direction: FlowDirection) { connections[place]?.repeatSYN(direction) }

    /// What is remarkable about a segment beside those that belong.
    /// - Parameters:
    ///   - bytes: the segment, as captured.
    ///   - analysis: what it is beside all, with the verdict on it.
    mutating func marks(
        of segment: AnalyzedSegment, _ bytes: RawSpan, _ direction: FlowDirection, _ place: Int,
        _ numbers: InitialNumbers, _ analysis: TCPSequenceAnalysis
    ) -> HeededMarks {
        guard !connections.isEmpty, connections[place] != nil, segment.isWhole else {
            return HeededMarks(analysis)
        }
        guard analysis.facts.verdict == .belongs else { return HeededMarks() }
        var own = TCPSequenceAnalysis()
        connections[place]?.forgetSACK(direction)
        connections[place]?.analyze(segment, direction, numbers, &own)
        connections[place]?.noteFlags(segment.flags, time: segment.time, direction)
        let header = Int(bytes.uint8(at: 12) >> 4) &* 4
        if bytes.byteCount >= TCPSegment.minimumLength, header > TCPSegment.minimumLength {
            let options = SegmentOptions(bytes, end: header, acknowledgment: 0, base: 0)
            connections[place]?.noteOptions(scale: options.scale, sackBlocks: options.sackBlocks, direction)
        }
        if segment.flags.contains(.syn) {
            connections[place]?.settleScaling(direction, isSYNACK: segment.flags.contains(.ack))
        }
        return HeededMarks(own)
    }
}

extension HeededMarks {
    fileprivate init(_ analysis: TCPSequenceAnalysis) {
        self.init(
            analysis.marks, duplicateNumber: analysis.facts.duplicateNumber, duplicateOf: analysis.facts.duplicateOf)
    }
}
