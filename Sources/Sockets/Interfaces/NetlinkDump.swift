import Platform

/// Asks the Linux kernel for a table over a netlink socket (RFC 3549), which any user may do, and hands over the
/// answers; or asks it to change one, which needs CAP_NET_ADMIN in the network namespace of the calling thread.
///
///     +---------------------------------------------------------------+
///     |                          Length                               |
///     +---------------------------------------------------------------+
///     |            Type              |           Flags              |
///     +---------------------------------------------------------------+
///     |                      Sequence Number                          |
///     +---------------------------------------------------------------+
///     |                      Process ID (PID)                         |
///     +---------------------------------------------------------------+
///
/// Numbers are in the machine's own byte order. Elsewhere than on Linux there is nothing to ask: ENOSYS.
enum NetlinkDump {
    /// netlink(7): NETLINK_ROUTE has interfaces, NETLINK_SOCK_DIAG sockets.
    enum Family: Int32 {
        case route = 0
        case socketDiagnosis = 4
    }

    static let headerLength = 16
    private static let done: UInt16 = 3
    private static let error: UInt16 = 2
    /// NLM_F_REQUEST and NLM_F_DUMP.
    private static let flags: UInt16 = 0x001 | 0x300

    /// - Parameters:
    ///   - body: what follows the header in the request.
    ///   - each: takes the body of each message of the answer, with its type.
    static func run(_ family: Family, type: UInt16, body: [UInt8], each: (UInt16, NativeBytes) -> Void)
        throws(SocketError)
    {
        try ask(family, type: type, flags: flags, body: body, each: each)
    }

    /// Asks the kernel to change something, and waits until it has: NLM_F_REQUEST and NLM_F_ACK.
    ///
    /// - Parameter creating: whether it is to be made anew (NLM_F_CREATE, NLM_F_EXCL) rather than changed.
    static func change(type: UInt16, creating: Bool, body: [UInt8]) throws(SocketError) {
        try ask(.route, type: type, flags: 0x001 | 0x004 | (creating ? 0x400 | 0x200 : 0), body: body) { _, _ in }
    }

    private static func ask(
        _ family: Family, type: UInt16, flags: UInt16, body: [UInt8], each: (UInt16, NativeBytes) -> Void
    ) throws(SocketError) {
        let made = systemNetlinkSocket(family.rawValue)
        guard made.succeeded else { throw SocketError(.socket, made.code, subject: "AF_NETLINK") }
        let socket = Socket(owning: Int32(truncatingIfNeeded: made.value))
        // The kernel answers at once; where something else pretends to be one, nobody is kept waiting.
        try socket.set(.receiveTimeout, .seconds(2))

        var request = NativeBytes()
        request.append(UInt32(headerLength + body.count))
        request.append(type)
        request.append(flags)
        request.append(UInt32(1))
        request.append(UInt32(0))
        let bytes = Array(request.bytes) + body
        _ = try socket.send(bytes.span)

        while true {
            let answer = NativeBytes(try socket.recv(1 << 16))
            if answer.bytes.isEmpty { return }
            var offset = 0
            while let length = answer.uint32(at: offset).map(Int.init), let type = answer.uint16(at: offset + 4),
                length >= headerLength, offset + length <= answer.bytes.count
            {
                let content = answer.slice(offset + headerLength..<offset + length)
                if type == done { return }
                if type == error {
                    // A negative errno, or 0: the acknowledgment of a change.
                    let code = content.uint32(at: 0).map { Int32(bitPattern: $0) } ?? 0
                    if code == 0 { return }
                    throw SocketError(.recv, 0 &- code, subject: "AF_NETLINK")
                }
                each(type, content)
                offset += (length + 3) & ~3
            }
        }
    }

    /// Attributes: length (with these four bytes), type, value, filled up to whole words.
    static func attributes(_ content: NativeBytes, from start: Int, each: (UInt16, NativeBytes) -> Void) {
        var offset = start
        while let length = content.uint16(at: offset).map(Int.init), let type = content.uint16(at: offset + 2),
            length >= 4, offset + length <= content.bytes.count
        {
            // The two highest bits are flags.
            each(type & 0x3fff, content.slice(offset + 4..<offset + length))
            offset += (length + 3) & ~3
        }
    }
}

/// Bytes with numbers in the machine's own order. What is not there is nil.
struct NativeBytes {
    private(set) var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8] = []) { self.bytes = bytes[...] }

    func slice(_ range: Range<Int>) -> NativeBytes {
        var result = NativeBytes()
        result.bytes = bytes[bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound]
        return result
    }

    func uint8(at offset: Int) -> UInt8? { load(offset) }
    func uint16(at offset: Int) -> UInt16? { load(offset) }
    func uint32(at offset: Int) -> UInt32? { load(offset) }
    func uint64(at offset: Int) -> UInt64? { load(offset) }
    /// In network order, as addresses and ports are here too.
    func networkUInt16(at offset: Int) -> UInt16? { uint16(at: offset).map(UInt16.init(bigEndian:)) }

    /// Text up to the first zero.
    var text: String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    /// An attribute: length, type, value, filled up to whole words.
    mutating func append(attribute type: UInt16, _ value: [UInt8]) {
        append(UInt16(clamping: 4 + value.count))
        append(type)
        append(value)
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        for index in 0..<Number.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: number.littleEndian >> Number(truncatingIfNeeded: index * 8)))
        }
    }

    private func load<Number: FixedWidthInteger>(_ offset: Int) -> Number? {
        guard offset >= 0, bytes.count - offset >= Number.bitWidth / 8 else { return nil }
        var number: Number = 0
        for index in (0..<Number.bitWidth / 8).reversed() {
            number = (number << 8) | Number(truncatingIfNeeded: bytes[bytes.startIndex + offset + index])
        }
        return Number(littleEndian: number)
    }
}
