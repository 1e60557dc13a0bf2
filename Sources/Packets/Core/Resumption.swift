/// Where to go on when a packet inside a packet is done and its carrier has more of them: the frames of an 802.11 aggregate,
/// the samples of an sFlow datagram.
struct Resumption {
    /// Who reads on.
    var kind: LayerKind
    var start: Int
    var end: Int
    var claimedEnd: Int
    /// What is left of whatever the carrier counts, in two levels.
    var outerLeft: UInt32 = 0
    var innerLeft: UInt32 = 0
    /// Where the current one of the outer level ends.
    var outerEnd = 0
    /// Whether a packet that is cut or broken ends the carrier too.
    var endsWhenBroken = false
}

extension LayerCursor {
    /// Goes back to the carrier, as if nothing inside had been read.
    mutating func resume(_ point: Resumption) {
        start = point.start
        end = point.end
        claimedEnd = point.claimedEnd
        isQuoted = false
        isFragment = false
        isOverIPv4 = false
        carrier = -1
        checkLength = 0
        resumption = nil
        resumed = point
    }
}
