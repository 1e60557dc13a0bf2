/// Text comes back in upper case. Bytes that are no UTF-8 are told, not changed and not guessed at.
public enum Uppercase {
    /// `ß` becomes `SS`, as Unicode has it; a message without a letter comes back as it is.
    public static func reply(to message: [UInt8]) -> MessageReply {
        if let text = String(validating: message, as: UTF8.self) { return MessageReply(text.uppercased()) }
        let place = firstInvalid(in: message)
        let byte = String(message[place], radix: 16)
        return MessageReply(error: "byte \(place) (0x\(byte.count < 2 ? "0" : "")\(byte)) is not UTF-8 text")
    }

    /// Where the first byte stands that belongs to no character.
    private static func firstInvalid(in bytes: [UInt8]) -> Int {
        var place = 0
        var decoder = UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        while case .valid(let scalar) = decoder.parseScalar(from: &rest) { place += scalar.count }
        return min(place, bytes.count - 1)
    }
}

/// `upper-udp`: a datagram is a message.
public struct UppercaseDatagrams: ServiceLogic {
    /// Every client is served alike: there is no state.
    public init() {}

    /// Answers the datagram in upper case, an empty one with an empty one.
    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        var message: [UInt8] = []
        message.append(copying: bytes)
        let reply = Uppercase.reply(to: message)
        answer.send(reply.bytes.span)
        if let error = reply.error { answer.remark(.text(error)) }
    }
}

extension ServiceDescription {
    /// `upper-tcp`
    public static let upperTCP = ServiceDescription(
        "upper-tcp", "sends back in upper case, message by message", port: 12000,
        hosting: .connections { Messages(limit: $0.limit ?? ServiceLimits.message, reply: Uppercase.reply) },
        message: "Input lowercase sentence", client: .lines, options: [.limit])

    /// `upper-udp`
    public static let upperUDP = ServiceDescription(
        "upper-udp", "sends back each datagram in upper case", port: 12000,
        hosting: .datagrams { _ in UppercaseDatagrams() },
        message: "Input lowercase sentence", client: .datagrams)
}
