import Packets

/// How a flow takes a segment of its ports: what belongs to the connection moves states and history on; the rest counts
/// as a packet, and is counted as foreign.
extension FlowRecord {
    /// - Returns: false for a segment that does not fit the SYN with which this connection began, and may be of the one
    ///   before on these ports: it was not taken.
    mutating func take(
        _ segment: AnalyzedSegment, _ direction: FlowDirection, _ wireLength: Int, isCounted: Bool, setting: UInt32
    ) -> Bool {
        guard segment.isWhole else {
            take(segment, nil, direction, wireLength, isCounted: isCounted, setting: setting)
            return true
        }
        let ruling = acceptance.judge(segment, direction)
        if ruling == .belongs {
            let isOriginator = originatorDirection == direction
            if isCounted { count(segment, segment.length, isOriginator, wireLength, setting) }
            note(segment, fromOriginator: isOriginator)
            return true
        }
        if acceptance.awaitsAnswer { return false }
        take(segment, ruling, direction, wireLength, isCounted: isCounted, setting: setting)
        return true
    }

    /// Takes a segment that was judged; nil for one of whose length nothing is known, which moves nothing.
    mutating func take(
        _ segment: AnalyzedSegment, _ ruling: SegmentRuling?, _ direction: FlowDirection, _ wireLength: Int,
        isCounted: Bool, setting: UInt32
    ) {
        let isOriginator = originatorDirection == direction
        let belongs = ruling?.verdict == .belongs
        if isCounted {
            count(segment, belongs ? segment.length : 0, isOriginator, wireLength, setting)
            if ruling != nil, !belongs { foreign &+= 1 }
        }
        if belongs { note(segment, fromOriginator: isOriginator) }
        switch ruling?.proves ?? .none {
        case .none: break
        case .ownStray: accept(direction, segment, isCounted)
        case .otherStray: accept(direction.opposite, segment, isCounted)
        }
        // In answer to the SYN, an ACK of a connection that the capture does not have.
        if ruling?.verdict == .ofEarlierConnection, !isOriginator, segment.end == segment.sequence { noteChallenge() }
    }

    /// The last segment of this way that seemed to lie outside of the window was taken, as another one shows.
    private mutating func accept(_ direction: FlowDirection, _ other: AnalyzedSegment, _ isCounted: Bool) {
        var stray = acceptance.stray(direction, before: other)
        let isOriginator = originatorDirection == direction
        if isCounted {
            if foreign > 0 { foreign &-= 1 }
            if isOriginator {
                originator.payload &+= UInt64(stray.length)
            } else {
                responder.payload &+= UInt64(stray.length)
            }
        }
        guard stray.flags.contains(.fin) else { return }
        // Its bytes are of the gap that was noted with the other segment.
        stray.sequence &+= stray.length
        stray.length = 0
        note(stray, fromOriginator: isOriginator)
    }

    private mutating func count(
        _ segment: AnalyzedSegment, _ payload: UInt32, _ isOriginator: Bool, _ wireLength: Int, _ setting: UInt32
    ) {
        count(
            wire: wireLength, payload: payload, fromOriginator: isOriginator, packet: segment.packet,
            time: segment.time, setting: setting)
    }
}
