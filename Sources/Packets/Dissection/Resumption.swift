/// Where to go on when a packet inside a packet is done and its carrier has more of them: the frames of an 802.11
/// aggregate, the samples of an sFlow datagram. Small, because it travels with the cursor of every packet.
struct Resumption {
    /// Who reads on; `.data` where nobody does.
    var kind = LayerKind.data
    /// Whether a packet that is cut or broken ends the carrier too.
    var endsWhenBroken = false
    var start: Int32 = 0
    var end: Int32 = 0
    var claimedEnd: Int32 = 0
    /// What is left of whatever the carrier counts, in two levels.
    var outerLeft: UInt32 = 0
    var innerLeft: UInt32 = 0
    /// Where the current one of the outer level ends.
    var outerEnd: Int32 = 0
}

extension LayerCursor {
    /// Notes that the carrier goes on at `next` when the packet that is read now is done.
    mutating func plan(_ kind: LayerKind, at next: Int, endsWhenBroken: Bool = false) {
        resumption.kind = kind
        resumption.endsWhenBroken = endsWhenBroken
        resumption.start = Int32(clamping: next)
        resumption.end = Int32(clamping: end)
        resumption.claimedEnd = Int32(clamping: claimedEnd)
    }

    /// Goes back to the carrier, as if nothing inside had been read; nil where there is none to go back to.
    mutating func resume(after reason: DissectionStop) -> LayerKind? {
        let kind = resumption.kind
        if kind == .data || resumption.endsWhenBroken && reason.isBroken { return nil }
        resumption.kind = .data
        start = Int(resumption.start)
        end = Int(resumption.end)
        claimedEnd = Int(resumption.claimedEnd)
        isQuoted = false
        isFragment = false
        isOverIPv4 = false
        carrier = -1
        checkLength = 0
        return kind
    }
}
