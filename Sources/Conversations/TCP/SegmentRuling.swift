import Packets

/// What `SegmentAcceptance` finds of a segment.
struct SegmentRuling: Hashable, Sendable {
    /// What a segment that belongs says of an earlier one that seemed to lie outside of the window.
    enum Proof: UInt8, Hashable, Sendable {
        case none
        /// The same end's segment before it was taken: it goes on from there.
        case ownStray
        /// The other end's was taken: it is acknowledged.
        case otherStray
    }

    let verdict: SegmentVerdict
    let proves: Proof

    init(_ verdict: SegmentVerdict, proves: Proof = .none) {
        self.verdict = verdict
        self.proves = proves
    }

    @inline(__always) static var belongs: SegmentRuling { SegmentRuling(.belongs) }
}
