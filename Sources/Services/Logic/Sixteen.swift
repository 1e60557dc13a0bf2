/// Fixed-length framing: a message is 16 octets, however they arrive. One message, one answer, then the connection
/// closes.
public struct Sixteen: ServiceLogic {
    /// How many octets a message has.
    public static let size = 16
    /// The answer to every message.
    public static let text = "Hello World!"

    private var count = 0

    /// A connection on which nothing has come yet.
    public init() {}

    /// Counts octets; the sixteenth is answered and ends the connection.
    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        let before = count
        count = min(Self.size, count + bytes.count)
        if before < Self.size, count == Self.size {
            answer.send(Self.text)
            answer.close()
        }
    }

    /// Tells a client that has sent too little.
    public mutating func peerFinished(_ answer: inout ServiceAnswer) {
        guard count < Self.size else { return }
        let error = "the stream ended after \(count) of \(Self.size) octets"
        answer.send("error: \(error)")
        answer.remark(.text(error))
    }
}

extension ServiceDescription {
    /// `sixteen`
    public static let sixteen = ServiceDescription(
        "sixteen", "reads exactly 16 octets, answers Hello World!", port: 1060,
        hosting: .connections { _ in Sixteen() },
        message: "Hi there, server", client: .connectionEach(size: Sixteen.size))
}
