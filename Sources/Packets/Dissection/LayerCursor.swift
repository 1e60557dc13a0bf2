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
    /// Inside a packet that an ICMP error quotes: it may be cut anywhere, and its lengths speak of the whole packet.
    @usableFromInline var isQuoted = false
    /// Inside a packet of which a switch reports only the first bytes.
    @usableFromInline var isSample = false
    /// The innermost IP header passed was IPv4's.
    @usableFromInline var isOverIPv4 = false
    /// Where the innermost IP header passed begins; -1 before the first.
    @usableFromInline var carrier: Int32 = -1
    /// Fragments are put together: the first is not read on by itself, where its bytes are all there.
    @usableFromInline var joinsFragments = false
    /// Inside an IP fragment: the lengths above IP speak of the whole datagram.
    @usableFromInline var isFragment = false
    /// The card put padding between the 802.11 header and its data, as radiotap's flags say.
    @usableFromInline var isPadded = false
    /// Set where the carrier has more packets than the one that is read next.
    var resumption = Resumption()
    /// Bytes of frame check sequence at the end of the next Ethernet or 802.11 frame, where what carries it says so.
    @usableFromInline var checkLength: UInt8 = 0
    /// The two bytes of 802.11's frame control are swapped, as some access points' tunnels have them.
    @usableFromInline var isControlSwapped = false

    @usableFromInline
    init(captured: Int, wire: Int) {
        start = 0
        end = captured
        claimedEnd = max(captured, wire)
        self.captured = captured
        self.wire = claimedEnd
    }

    /// Inside the datagram that a fragment completes: all of `source`, over the IP header that `layer` is or follows.
    init(_ source: Range<Int>, over layer: LayerRange, in packet: RawSpan) {
        start = source.lowerBound
        end = source.upperBound
        claimedEnd = source.upperBound
        captured = packet.byteCount
        wire = source.upperBound
        isOverIPv4 = layer.kind == .ipv4
        carrier = layer.kind == .ipv4 ? layer.start : layer.carrier
        joinsFragments = true
    }

    /// Inside a message over TCP, or several, at a place among the packet's bytes.
    init(message range: Range<Int>, over segment: LayerRange, in packet: RawSpan) {
        start = range.lowerBound
        end = range.upperBound
        claimedEnd = range.upperBound
        captured = packet.byteCount
        wire = range.upperBound
        isOverIPv4 = segment.isOverIPv4
        carrier = segment.carrier
    }

    /// Whether a fragment waits for the others of its datagram: they are put together, and it is all there.
    /// - Parameter length: bytes of the IP packet that begins at `packet`, as it says.
    @usableFromInline @inline(never)
    func awaitsOthers(from packet: Int, length: Int) -> Bool {
        joinsFragments && !isQuoted && !isSample && end == claimedEnd && packet &+ length == end
    }

    /// Bytes that the next layer has.
    @usableFromInline @inline(__always)
    var available: Int { end &- start }

    /// Bytes that the next layer had on the wire.
    @usableFromInline @inline(__always)
    var claimed: Int { claimedEnd &- start }

    /// Whether a header of `length` bytes is there in full.
    @usableFromInline @inline(__always)
    func has(_ length: Int) -> Bool { length <= end &- start }

    /// Ends the current layer after `length` bytes, as its own length field says. It can only shrink what there is.
    @usableFromInline @inline(__always)
    mutating func limit(toLength length: Int) {
        claimedEnd = min(claimedEnd, start &+ length)
        end = min(end, claimedEnd)
    }

    /// The same where the length field is believed even beyond what carries it: only the captured bytes end the layer
    /// earlier.
    @usableFromInline
    mutating func claim(_ length: Int) {
        claimedEnd = start &+ length
        end = min(end, claimedEnd)
    }

    /// Leaves the last `length` bytes of the packet to nobody: a checksum of the link behind the data.
    @usableFromInline
    mutating func dropTrailer(_ length: Int) {
        claimedEnd = max(start, claimedEnd &- length)
        end = min(end, claimedEnd)
    }

    /// Moves on behind a header of `length` bytes, no further than the bytes go.
    @usableFromInline @inline(__always)
    mutating func skip(_ length: Int) { start = min(start &+ length, end) }

    /// Adds the layer of a header of `length` bytes that is there in full, and moves on behind it.
    @usableFromInline @inline(__always)
    mutating func add(_ kind: LayerKind, header length: Int, to layers: inout [LayerRange]) {
        append(kind, header: length, to: &layers)
        start = start &+ length
    }

    @usableFromInline @inline(__always)
    func append(_ kind: LayerKind, header length: Int, to layers: inout [LayerRange]) {
        var layer = LayerRange(kind: kind, start: start, headerEnd: start &+ length, end: end, claimedEnd: claimedEnd)
        layer.isPartOfDatagram = isQuoted || isFragment || isSample
        layer.isQuoted = isQuoted
        if isQuoted, layers.count >= 2 {
            layer.isOfQuotedIPv4 = layers[layers.count &- 1].kind == .ipv4 && layers[layers.count &- 2].kind == .icmp
        }
        layer.isOverIPv4 = isOverIPv4
        layer.carrier = carrier
        layers.append(layer)
    }

    /// Adds the layer of a header of which only a part is there: whoever shows it shows the fields of that part.
    @usableFromInline
    func cut(_ kind: LayerKind, required: Int, _ layers: inout [LayerRange]) -> Handoff {
        if end > start { append(kind, header: end &- start, to: &layers) }
        // An ICMP error quotes eight bytes of what the IP packet carries (RFC 792); that it is no more is as it should
        // be.
        if isQuoted, kind == .tcp || kind == .sctp, end &- start >= 8, start &+ required > claimedEnd { return .data }
        return .stop(missing(required, for: kind))
    }

    /// Adds the layer of a header that makes no sense from some byte on. The header ends after `shown` bytes: what
    /// follows has no meaning and is no field.
    @usableFromInline
    func malformed(_ kind: LayerKind, _ what: Malformation, at offset: Int, shown: Int, _ layers: inout [LayerRange])
        -> Handoff
    {
        append(kind, header: min(end &- start, shown), to: &layers)
        return .stop(.malformed(kind, what, offset: start &+ offset))
    }

    /// Why `required` bytes are not there, blaming the claimant: the capture, the wire, or a length field below.
    @usableFromInline
    func missing(_ required: Int, for layer: LayerKind) -> DissectionStop {
        let needed = start &+ required
        if needed <= claimedEnd {
            return .truncatedBySnaplen(
                .init(required: required, available: available, layer: layer, offset: start, source: .captured))
        }
        let source: LengthError.Source = claimedEnd < wire ? .lengthField : .wire
        return .truncatedOnWire(
            .init(required: required, available: available, layer: layer, offset: start, source: source))
    }
}
