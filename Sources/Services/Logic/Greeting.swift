/// Thanks whoever connects, and closes.
public struct Greeting: ServiceLogic {
    /// What every client is told.
    public static let text = "Thank you for connecting"

    /// Every client is served alike: there is no state.
    public init() {}

    /// Thanks the client and closes.
    public mutating func connected(_ answer: inout ServiceAnswer) {
        answer.send(Self.text)
        answer.close()
    }

    /// Takes no notice of what comes.
    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {}
}

extension ServiceDescription {
    /// `greeting`
    public static let greeting = ServiceDescription(
        "greeting", "thanks whoever connects, and closes", port: 12345,
        hosting: .connections { _ in Greeting() }, client: .listening)
}
