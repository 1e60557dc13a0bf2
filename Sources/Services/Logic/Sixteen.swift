/// Fixed-length framing: a message is 16 octets, however they arrive. One message, one answer, then the connection
/// closes.
public struct Sixteen: ServiceLogic {
    public static let size = 16
    public static let text = "Hello World!"

    private var count = 0

    public init() {}

    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        let before = count
        count = min(Self.size, count + bytes.count)
        if before < Self.size, count == Self.size {
            answer.send(Self.text)
            answer.close()
        }
    }

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
