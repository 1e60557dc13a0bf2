extension DNSMessage {
    /// Over TCP each message has its length before it, in two bytes (RFC 1035 section 4.2.2); no message is shorter
    /// than its header.
    static let framing = MessageFraming(
        length: { bytes, _, _ in
            guard bytes.byteCount >= 2 else { return .needs(2) }
            let length = Int(bytes.uint16(at: 0))
            return length < headerLength ? .isNone : .known(2 + length)
        },
        begins: { bytes in
            // Without the bytes before, only a segment that is one whole message shows where one begins.
            bytes.byteCount >= 2 + headerLength && Int(bytes.uint16(at: 0)) + 2 == bytes.byteCount
                && isLikely(bytes, 2, bytes.byteCount, bytes.byteCount)
        }, showsContinuations: false)
}
