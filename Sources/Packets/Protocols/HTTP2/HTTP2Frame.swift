/// A frame of HTTP/2, read in place (RFC 9113 section 4.1).
///
///     +-----------------------------------------------+---------------+---------------+
///     |                 Length (24)                   |   Type (8)    |   Flags (8)   |
///     +-+-------------------------------------------------------------+---------------+
///     |R|                 Stream Identifier (31)                      |  Payload …
///     +-+-------------------------------------------------------------+
///
/// A client begins with a preface, 24 bytes that no HTTP/1 server takes for a request (section 3.4).
struct HTTP2Frame {
    static let headerLength = 9
    /// `PRI * HTTP/2.0`, two line ends, `SM`, two line ends.
    static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// Where the header begins.
    let start: Int
    let length: Int
    let type: UInt8
    let flags: UInt8
    let isReserved: Bool
    let stream: UInt32
    /// The payload, as far as it is here.
    let payload: Range<Int>

    /// A frame whose header is here.
    init(_ bytes: RawSpan, at start: Int, end: Int) {
        self.start = start
        length = Int(bytes.uint8(at: start)) << 16 | Int(bytes.uint16(at: start &+ 1))
        type = bytes.uint8(at: start &+ 3)
        flags = bytes.uint8(at: start &+ 4)
        let word = bytes.uint32(at: start &+ 5)
        isReserved = word >> 31 != 0
        stream = word & 0x7fff_ffff
        payload = start &+ Self.headerLength..<min(end, start &+ Self.headerLength &+ length)
    }

    /// Whether all of it is here.
    var isWhole: Bool { payload.count == length }

    /// Whether a header may be one: a type that is registered, and of those with a fixed place or length that place or
    /// length (RFC 9113 section 6).
    var isLikely: Bool {
        switch type {
        case 0: stream > 0
        case 1, 9: stream > 0
        case 2: stream > 0 && length == 5
        case 3: stream > 0 && length == 4
        case 4: stream == 0 && length % 6 == 0
        case 5: stream > 0 && length >= 4
        case 6: stream == 0 && length == 8
        case 7: stream == 0 && length >= 8
        case 8: length == 4
        case 10, 12, 16: true
        default: false
        }
    }
}

/// Walks through the preface and the frames of a layer.
struct HTTP2Frames {
    private var position: Int
    private let end: Int
    /// Where the preface lies, if the layer begins with it.
    let preface: Range<Int>?

    init(_ record: RawSpan, _ layer: LayerRange) {
        let start = max(0, Int(layer.start))
        end = min(record.byteCount, Int(layer.end))
        let length = HTTP2Frame.preface.utf8CodeUnitCount
        preface = Self.hasPreface(record, start, end) ? start..<start &+ length : nil
        position = preface?.upperBound ?? start
    }

    mutating func next(_ record: RawSpan) -> HTTP2Frame? {
        guard position &+ HTTP2Frame.headerLength <= end else { return nil }
        let frame = HTTP2Frame(record, at: position, end: end)
        position = frame.start &+ HTTP2Frame.headerLength &+ frame.length
        return frame
    }

    static func hasPreface(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        let preface = HTTP2Frame.preface.bytes
        return end &- start >= preface.byteCount && isPreface(record, start, preface.byteCount)
    }

    /// Whether so many bytes are the first of the preface.
    static func isPreface(_ record: RawSpan, _ start: Int, _ count: Int) -> Bool {
        let preface = HTTP2Frame.preface.bytes
        for offset in 0..<min(count, preface.byteCount)
        where record.uint8(at: start &+ offset) != preface.uint8(at: offset) { return false }
        return true
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        cursor.add(.http2, header: cursor.available, to: &layers)
        return .data
    }
}

extension HTTP2Frame {
    /// The preface, then frame after frame, each with its length.
    static let framing = MessageFraming(
        length: { bytes, _, _ in
            if bytes.byteCount > 0, bytes.uint8(at: 0) == 80, HTTP2Frames.isPreface(bytes, 0, bytes.byteCount) {
                return .known(preface.utf8CodeUnitCount)
            }
            guard bytes.byteCount >= headerLength else { return .needs(headerLength) }
            let frame = HTTP2Frame(bytes, at: 0, end: bytes.byteCount)
            return frame.isLikely ? .known(headerLength + frame.length) : .isNone
        },
        begins: { bytes in
            guard bytes.byteCount >= headerLength else { return false }
            let frame = HTTP2Frame(bytes, at: 0, end: bytes.byteCount)
            return frame.isLikely && !frame.isReserved
        }, showsContinuations: false)
}
