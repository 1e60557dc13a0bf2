extension TLSRecords {
    /// A record says how long it is (RFC 8446 section 5.1). Records that carry a handshake message together are one
    /// message here.
    static let framing = MessageFraming(
        length: { bytes, _, _ in
            guard bytes.byteCount >= headerLength else { return mayBegin(bytes) ? .needs(headerLength) : .isNone }
            guard isHeader(bytes, 0, bytes.byteCount) else { return .isNone }
            let end = headerLength + Int(bytes.uint16(at: 3))
            return bytes.uint8(at: 0) == handshake ? flightLength(bytes, first: end) : .known(end)
        },
        begins: { isHeader($0, 0, $0.byteCount) })

    /// So many records are looked at together at most.
    private static let mostRecords = 1024

    /// How long the records are that carry handshake messages together.
    /// - Parameter first: where the first of them ends.
    private static func flightLength(_ bytes: RawSpan, first: Int) -> MessageLength {
        var flight = TLSFlight()
        var (start, end) = (0, first)
        for _ in 0..<mostRecords {
            guard end <= bytes.byteCount else { return .needs(end) }
            _ = flight.take(bytes, start + headerLength..<end)
            guard flight.isOpen else { return .known(end) }
            start = end
            guard start + headerLength <= bytes.byteCount else { return .needs(start + headerLength) }
            // Nothing else may come between the records of a message.
            guard bytes.uint8(at: start) == handshake, isHeader(bytes, start, bytes.byteCount) else {
                return .known(start)
            }
            end = start + headerLength + Int(bytes.uint16(at: start + 3))
        }
        return .known(start)
    }

    /// Whether less than a header can begin one.
    private static func mayBegin(_ bytes: RawSpan) -> Bool {
        if bytes.byteCount > 0, !(20...24 ~= bytes.uint8(at: 0)) { return false }
        if bytes.byteCount > 1, bytes.uint8(at: 1) != 3 { return false }
        return bytes.byteCount < 3 || bytes.uint8(at: 2) <= 4
    }

    /// Whether a connection begins with a Client Hello: a handshake record whose first message is one, with the version
    /// that hellos have. No other protocol begins so.
    static func isClientHello(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Bool {
        guard end - start >= 11, bytes.uint8(at: start) == 22, isHeader(bytes, start, end),
            bytes.uint16(at: start + 3) >= 4
        else { return false }
        return bytes.uint8(at: start + 5) == TLSHandshakes.clientHello && bytes.uint8(at: start + 6) == 0
            && bytes.uint8(at: start + 9) == 3 && bytes.uint8(at: start + 10) <= 4
    }
}
