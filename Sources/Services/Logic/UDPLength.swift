/// `udp-length`: says how long each datagram was.
public struct DatagramLength: ServiceLogic {
    /// Every client is served alike: there is no state.
    public init() {}

    /// The answer to a datagram of so many octets.
    public static func text(for count: Int) -> String { "The msg was \(count) bytes long" }

    /// Answers with the length of the datagram.
    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        answer.send(Self.text(for: bytes.count))
    }
}

extension ServiceDescription {
    /// `udp-length`
    public static let udpLength = ServiceDescription(
        "udp-length", "says how long each datagram was", port: 1060,
        hosting: .datagrams { _ in DatagramLength() },
        message: "This is another message", client: .datagrams)
}
