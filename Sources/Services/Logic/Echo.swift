/// The echo service (RFC 862): what comes in goes out.
public struct Echo: ServiceLogic {
    public init() {}

    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) { answer.send(bytes) }
}
