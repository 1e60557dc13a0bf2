import Packets

/// What the options of a segment say to TCP analysis.
struct SegmentOptions {
    var scale: UInt8?
    /// How many SACK blocks count (at most three), and the bytes in them.
    var sackBlocks: (count: UInt8, bytes: UInt32)?
    /// False where an option breaks off: then Wireshark gives the segment up, and shows no analysis of it.
    var isWhole = true

    /// - Parameters:
    ///   - bytes: the segment as captured, from its first byte.
    ///   - end: where the header ends as the data offset says.
    ///   - acknowledgment: as shown, relative or not.
    init(_ bytes: RawSpan, end: Int, acknowledgment: UInt32, base: UInt32) {
        read(bytes, end, acknowledgment, base)
    }

    private mutating func breakOff() { isWhole = false }

    private mutating func read(_ bytes: RawSpan, _ end: Int, _ acknowledgment: UInt32, _ base: UInt32) {
        var position = TCPSegment.minimumLength
        var firstRight: UInt32 = 0
        while position < end {
            guard position < bytes.byteCount else { return breakOff() }
            let kind = bytes.uint8(at: position)
            if kind == 0 {
                // Behind the end of the list there is padding, all of it zero.
                if end > bytes.byteCount { breakOff() }
                return
            }
            if kind == 1 {
                position &+= 1
                continue
            }
            guard position &+ 1 < end else { return }
            guard position &+ 1 < bytes.byteCount else { return breakOff() }
            let length = Int(bytes.uint8(at: position &+ 1))
            guard length >= 2 else { return }
            guard position &+ length <= end else {
                // It marks the rest of the header, which has to be there, too.
                if end &- 2 > bytes.byteCount { breakOff() }
                return
            }
            guard position &+ length <= bytes.byteCount else {
                if kind == 5 { addBlocks(bytes, position &+ 2, bytes.byteCount) }
                return breakOff()
            }
            switch (kind, length) {
            case (3, 3): scale = bytes.uint8(at: position &+ 2)
            case (5, _):
                if firstRight == 0, length >= 10 { firstRight = bytes.uint32(at: position &+ 6) &- base }
                addBlocks(bytes, position &+ 2, position &+ length)
                // A block below what is acknowledged reports a duplicate (RFC 2883); without any block there is none to
                // read.
                if length < 10, firstRight.isNotAfter(acknowledgment) { return breakOff() }
            case (30, _):
                if length < Self.multipathLength(bytes, position) { return breakOff() }
            default: break
            }
            position &+= length
        }
    }

    /// How long a Multipath TCP option (RFC 8684 section 3) has to be for what it says it holds.
    private static func multipathLength(_ bytes: RawSpan, _ position: Int) -> Int {
        guard position &+ 3 < bytes.byteCount else { return 3 }
        switch bytes.uint8(at: position &+ 2) >> 4 {
        case 0, 3, 8: return 4
        case 2:
            let flags = bytes.uint8(at: position &+ 3)
            let acknowledgment = flags & 1 == 0 ? 0 : flags & 2 == 0 ? 4 : 8
            let mapping = flags & 4 == 0 ? 0 : flags & 8 == 0 ? 10 : 14
            return 4 &+ acknowledgment &+ mapping
        case 6, 7: return 12
        default: return 3
        }
    }

    private mutating func addBlocks(_ bytes: RawSpan, _ start: Int, _ end: Int) {
        var blocks: (count: UInt8, bytes: UInt32) = (0, 0)
        var position = start
        while position &+ 8 <= end, blocks.count < 3 {
            blocks.count &+= 1
            blocks.bytes &+= bytes.uint32(at: position &+ 4) &- bytes.uint32(at: position)
            position &+= 8
        }
        sackBlocks = blocks
    }
}
