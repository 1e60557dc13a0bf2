/// Thanks whoever connects, and closes.
public struct Greeting: ServiceLogic {
    public static let text = "Thank you for connecting"

    public init() {}

    public mutating func connected(_ answer: inout ServiceAnswer) {
        answer.send(Self.text)
        answer.close()
    }

    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {}
}

extension ServiceDescription {
    /// `greeting`
    public static let greeting = ServiceDescription(
        "greeting", "thanks whoever connects, and closes", port: 12345,
        hosting: .connections { _ in Greeting() }, client: .listening)
}
