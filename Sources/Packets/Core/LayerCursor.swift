/// Where the next header begins, and how far the bytes for it go: handed from layer to layer while dissecting.
@usableFromInline
struct LayerCursor {
    /// The next header's first byte.
    @usableFromInline var start: Int
    /// One past the last captured byte that belongs to the current layer.
    @usableFromInline var end: Int
    /// One past the last byte that the current layer claims to have had on the wire.
    @usableFromInline var claimedEnd: Int
    /// Bytes in the record, whoever they belong to.
    @usableFromInline let captured: Int
    /// Bytes that the packet had on the wire.
    @usableFromInline let wire: Int

    @usableFromInline
    init(captured: Int, wire: Int) {
        start = 0
        end = captured
        claimedEnd = max(captured, wire)
        self.captured = captured
        self.wire = claimedEnd
    }

    /// Bytes that the next layer has.
    @usableFromInline var available: Int { end &- start }

    /// Whether a header of `length` bytes is there in full.
    @usableFromInline
    func has(_ length: Int) -> Bool { length <= end &- start }

    /// Ends the current layer after `length` bytes, as its own length field says. It can only shrink what there is.
    @usableFromInline
    mutating func limit(toLength length: Int) {
        claimedEnd = min(claimedEnd, start &+ length)
        end = min(end, claimedEnd)
    }

    /// Why `required` bytes are not there, blaming the claimant: the capture, the wire, or a length field below.
    @usableFromInline
    func missing(_ required: Int, for layer: LayerKind) -> DissectionStop {
        let needed = start &+ required
        if needed <= claimedEnd {
            return .truncatedBySnaplen(.init(required: required, available: available, layer: layer, offset: start, source: .captured))
        }
        let source: LengthError.Source = claimedEnd < wire ? .lengthField : .wire
        return .truncatedOnWire(.init(required: required, available: available, layer: layer, offset: start, source: source))
    }
}
