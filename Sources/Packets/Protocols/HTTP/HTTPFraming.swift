/// How long an HTTP/1 message is (RFC 9112 section 6.3): its head up to an empty line, then a body by Content-Length,
/// in chunks, or, in an answer, until the connection ends.
enum HTTPFraming {
    static let framing = MessageFraming(
        length: length, begins: { HTTPMessage.isLikely($0, 0, $0.byteCount) }, isLayerEach: true,
        history: { HTTPRequests() })

    /// What is read at the scan's position.
    private enum Phase {
        static let head: UInt8 = 0
        static let chunk: UInt8 = 1
        static let trailer: UInt8 = 2
    }

    /// A longer head is none.
    static let longestHead = 1 << 16

    private static func length(
        _ bytes: RawSpan, _ scan: inout MessageScan, _ context: MessageContext
    ) -> MessageLength {
        let end = bytes.byteCount
        if scan.phase == Phase.head {
            if scan.position == 0, !mayBegin(bytes) { return .isNone }
            guard let headEnd = emptyLine(bytes, &scan) else {
                return end >= longestHead ? .isNone : .needs(end + 1)
            }
            guard let message = HTTPMessage(bytes, 0..<headEnd) else { return .isNone }
            switch body(message, bytes, headEnd, context) {
            case .none: return .known(headEnd)
            case .length(let length): return .known(headEnd + length)
            case .untilEnd: return .untilEnd
            case .chunks:
                scan.position = headEnd
                scan.phase = Phase.chunk
            }
        }
        if scan.phase == Phase.chunk, let short = passChunks(bytes, &scan) { return short }
        guard let trailerEnd = emptyLine(bytes, &scan) else {
            return end - scan.position >= longestHead ? .isNone : .needs(end + 1)
        }
        return .known(trailerEnd)
    }

    private enum Body {
        case none
        case length(Int)
        case chunks
        case untilEnd
    }

    private static func body(
        _ message: HTTPMessage, _ bytes: RawSpan, _ headEnd: Int, _ context: MessageContext
    ) -> Body {
        var isAnswer = false
        if case .response(_, let code, _) = message.startLine {
            isAnswer = true
            let status = HTTPFields.number(code, bytes) ?? 0
            let answered = HTTPRequests.Kind(rawValue: context.awaited)
            // These never have a body, whatever their fields say.
            if 100...199 ~= status || status == 204 || status == 304 || answered == .head { return .none }
            if answered == .connect, 200...299 ~= status { return .none }
        }
        var length: Int?
        var fields = HTTPHeaders(position: message.headers, end: headEnd)
        while let field = fields.next(bytes) {
            if HTTPHeaders.isNamed(bytes, field.name, "transfer-encoding") {
                // The last encoding is the one that ends the message.
                let last = field.value.suffix(7)
                return HTTPHeaders.isNamed(bytes, last, "chunked") ? .chunks : isAnswer ? .untilEnd : .none
            }
            if HTTPHeaders.isNamed(bytes, field.name, "content-length"),
                let number = HTTPFields.number(field.value, bytes), number < UInt64(Int32.max)
            {
                length = Int(number)
            }
        }
        if let length { return .length(length) }
        return isAnswer ? .untilEnd : .none
    }

    /// Whether the first bytes can be a start line's: a method or `HTTP/1.`, as far as they go.
    private static func mayBegin(_ bytes: RawSpan) -> Bool {
        let line = HTTPMessage.line(bytes, from: 0, to: bytes.byteCount)
        if line.ended { return HTTPMessage(bytes, 0..<line.next) != nil }
        var position = 0
        while position < min(bytes.byteCount, 24) {
            switch bytes.uint8(at: position) {
            case 65...90, 45, 95: position += 1
            case 32: return position >= 3
            case 47: return position == 4 && bytes.uint32(at: 0) == 0x4854_5450
            default: return false
            }
        }
        return position < 24
    }

    /// Reads lines until an empty one.
    /// - Returns: where what follows it begins; nil where it is not here yet.
    private static func emptyLine(_ bytes: RawSpan, _ scan: inout MessageScan) -> Int? {
        while scan.position < bytes.byteCount {
            let line = HTTPMessage.line(bytes, from: scan.position, to: bytes.byteCount)
            guard line.ended else { return nil }
            scan.position = line.next
            if line.text.isEmpty { return line.next }
        }
        return nil
    }

    /// Passes over chunks (RFC 9112 section 7.1): a length in hexadecimal, maybe extensions, a line end; so many bytes;
    /// a line end.
    /// - Returns: what is missing; nil behind the last chunk.
    private static func passChunks(_ bytes: RawSpan, _ scan: inout MessageScan) -> MessageLength? {
        while true {
            guard scan.position < bytes.byteCount else { return .needs(scan.position + 1) }
            let line = HTTPMessage.line(bytes, from: scan.position, to: bytes.byteCount)
            guard line.ended else { return line.text.count > 1024 ? .isNone : .needs(bytes.byteCount + 1) }
            var size = 0
            var digits = 0
            for position in line.text {
                guard let digit = hexDigit(bytes.uint8(at: position)) else { break }
                size = size << 4 | digit
                digits += 1
                if digits > 7 { return .isNone }
            }
            if digits == 0 { return .isNone }
            if size == 0 {
                scan.position = line.next
                scan.phase = Phase.trailer
                return nil
            }
            scan.position = line.next + size + 2
        }
    }

    private static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case 48...57: Int(byte) - 48
        case 65...70: Int(byte) - 55
        case 97...102: Int(byte) - 87
        default: nil
        }
    }
}
