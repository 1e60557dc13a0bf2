import Text

/// A segment's options on its line: ` [mss 1460, sackOK, TS 1 0, wscale 7]`.
enum TCPOptionText {
    /// - Parameter base: what the sender's acknowledgments begin to count at, for the edges of SACK blocks; 0 for the
    ///   numbers as sent.
    static func write(_ segment: borrowing TCPSegment, base: UInt32, to out: inout OutputBuffer) {
        let headerLength = segment.headerLength
        if headerLength <= TCPSegment.minimumLength { return }
        // Two no-operations and timestamps: the options of nearly every segment after the handshake (RFC 7323 appendix
        // A).
        if headerLength == 32, segment.bytes.byteCount >= 32, segment.bytes.uint32(at: 20) == 0x0101_080a {
            out.append(" [TS ")
            out.append(decimal: UInt64(segment.bytes.uint32(at: 24)))
            out.append(ascii: 32, decimal: UInt64(segment.bytes.uint32(at: 28)))
            out.append(ascii: 93)
            return
        }
        var options = segment.options
        var separate = false
        var start = TCPSegment.minimumLength
        while let option = options.next() {
            defer { start = TCPSegment.minimumLength &+ options.offset }
            if case .noOperation = option { continue }
            out.append(separate ? ", " : " [")
            separate = true
            write(option, segment.bytes, at: start, base, &out)
        }
        if separate { out.append(ascii: 93) }
    }

    private static func write(
        _ option: TCPOptions.Option, _ bytes: RawSpan, at start: Int, _ base: UInt32, _ out: inout OutputBuffer
    ) {
        switch option {
        case .noOperation: break
        case .maximumSegmentSize(let size):
            out.append("mss ")
            out.append(decimal: UInt64(size))
        case .windowScale(let shift):
            out.append("wscale ")
            out.append(decimal: UInt64(shift))
        case .sackPermitted: out.append("sackOK")
        case .sack(let blocks): writeBlocks(blocks, bytes, at: start &+ 2, base, &out)
        case .timestamps(let value, let echo):
            out.append("TS ")
            out.append(decimal: UInt64(value))
            out.append(ascii: 32, decimal: UInt64(echo))
        case .other(let kind, let length): writeOther(kind, length, bytes, at: start, &out)
        case .malformed(let kind):
            out.append("malformed option ")
            out.append(decimal: UInt64(kind))
        }
    }

    /// What arrived beyond a gap: from the first byte to the one behind the last (RFC 2018 section 3).
    private static func writeBlocks(
        _ blocks: Int, _ bytes: RawSpan, at start: Int, _ base: UInt32, _ out: inout OutputBuffer
    ) {
        out.append("sack")
        for block in 0..<blocks where start &+ 8 &* block &+ 8 <= bytes.byteCount {
            let left = start &+ 8 &* block
            out.append(ascii: 32, decimal: UInt64(bytes.uint32(at: left) &- base))
            out.append(ascii: 58, decimal: UInt64(bytes.uint32(at: left &+ 4) &- base))
        }
    }

    private static func writeOther(
        _ kind: UInt8, _ length: Int, _ bytes: RawSpan, at start: Int, _ out: inout OutputBuffer
    ) {
        switch kind {
        case 19: out.append("MD5 signature")
        case 28: out.append("user timeout")
        case 29: out.append("authentication")
        case 30:
            out.append("MPTCP")
            // RFC 8684 section 8, table 7.
            if length > 2, start &+ 2 < bytes.byteCount { writeSubtype(bytes.uint8(at: start &+ 2) >> 4, &out) }
        case 34:
            // RFC 7413 section 4.1.1: without a cookie it asks for one.
            out.append(length == 2 ? "fast open cookie request" : "fast open cookie")
        default:
            out.append("option ")
            out.append(decimal: UInt64(kind))
        }
    }

    private static func writeSubtype(_ subtype: UInt8, _ out: inout OutputBuffer) {
        switch subtype {
        case 0: out.append(" capable")
        case 1: out.append(" join")
        case 2: out.append(" dss")
        case 3: out.append(" add-address")
        case 4: out.append(" remove-address")
        case 5: out.append(" priority")
        case 6: out.append(" fail")
        case 7: out.append(" fast-close")
        case 8: out.append(" reset")
        default:
            out.append(" subtype ")
            out.append(decimal: UInt64(subtype))
        }
    }
}
