/// What a segment of the Secure Shell holds (RFC 4253): a line that names the version, or binary packets.
///
///     +---------------------------------------------------------------+
///     |        Length, of all but itself and the check (4)            |
///     +---------------+---------------+-------------------------------+
///     |  Padding (1)  |  Message (1)  |  its fields …, padding        |
///     +---------------+---------------+-------------------------------+
///
/// After New Keys everything is encrypted, the length too. Nothing in a segment says that it is; but what is not
/// encrypted has a length that is a multiple of eight, padding of four bytes at least, and a message of the key
/// exchange (section 6).
struct SSHPackets {
    /// An unencrypted packet.
    struct Packet {
        /// From the length to the last byte of padding.
        let range: Range<Int>
        let message: UInt8
        /// Behind the message's number, without the padding.
        let content: Range<Int>
    }

    static let keyExchange: UInt8 = 20
    /// Largest packet that everybody has to accept (RFC 4253 section 6.1).
    private static let largest = 35_000

    private(set) var position: Int
    let end: Int

    init(_ range: Range<Int>, of record: RawSpan) {
        end = max(0, min(range.upperBound, record.byteCount))
        position = max(0, min(range.lowerBound, end))
    }

    /// The next packet; nil where the rest is encrypted, continues a packet of an earlier segment, or goes on in the
    /// next one.
    mutating func next(_ record: RawSpan) -> Packet? {
        guard end &- position >= 8 else { return nil }
        let length = Int(record.uint32(at: position))
        let padding = Int(record.uint8(at: position &+ 4))
        let message = record.uint8(at: position &+ 5)
        guard length >= 8, length <= Self.largest, (length &+ 4) & 7 == 0, padding >= 4, padding &+ 2 <= length,
            Self.isUnencrypted(message)
        else { return nil }
        let packet = position..<min(end, position &+ 4 &+ length)
        let contentEnd = max(position &+ 6, min(end, position &+ 4 &+ length &- padding))
        let content = position &+ 6..<contentEnd
        position = packet.upperBound
        return Packet(range: packet, message: message, content: content)
    }

    /// Messages that are sent before the first New Keys: of the transport, and of the key exchange (RFC 4250
    /// section 4.1.1).
    private static func isUnencrypted(_ message: UInt8) -> Bool { 1...4 ~= message || 20...49 ~= message }

    /// The line that names the version, without its end: `SSH-2.0-OpenSSH_9.2` (section 4.2).
    static func version(_ range: Range<Int>, of record: RawSpan) -> Range<Int>? {
        var lines = CommandLines(range, of: record)
        guard let line = lines.next(record), line.text.count <= 255,
            CommandLine.begins(with: "SSH-", line.text, record)
        else { return nil }
        return line.text
    }
}
