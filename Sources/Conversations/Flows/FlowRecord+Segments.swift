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
            if let ruling { countForeign(ruling, direction) }
        }
        if belongs { note(segment, fromOriginator: isOriginator) }
        // In answer to the SYN, an ACK of a connection that the capture does not have.
        if ruling?.verdict == .ofEarlierConnection, !isOriginator, segment.end == segment.sequence { noteChallenge() }
    }

    /// Counts what does not belong, and takes back what turns out to have been taken.
    private mutating func countForeign(_ ruling: SegmentRuling, _ direction: FlowDirection) {
        switch ruling.proves {
        case .none: if ruling.verdict != .belongs { foreign &+= 1 }
        case .ownStray: adopt(direction)
        case .otherStray: adopt(direction.opposite)
        }
    }

    /// The last segment of this way that seemed to lie outside of the window was taken after all.
    private mutating func adopt(_ direction: FlowDirection) {
        if foreign > 0 { foreign &-= 1 }
        let length = UInt64(acceptance.strayLength(direction))
        if originatorDirection == direction { originator.payload &+= length } else { responder.payload &+= length }
    }

    private mutating func count(
        _ segment: AnalyzedSegment, _ payload: UInt32, _ isOriginator: Bool, _ wireLength: Int, _ setting: UInt32
    ) {
        count(
            wire: wireLength, payload: payload, fromOriginator: isOriginator, packet: segment.packet,
            time: segment.time, setting: setting)
    }
}
