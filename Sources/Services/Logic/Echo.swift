/// The echo service (RFC 862): what comes in goes out.
public struct Echo: ServiceLogic {
    /// Every client is served alike: there is no state.
    public init() {}

    /// Answers with the same octets.
    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) { answer.send(bytes) }
}

extension ServiceDescription {
    /// `tcp-echo`
    public static let tcpEcho = ServiceDescription(
        "tcp-echo", "sends back what it gets", port: CourseDefaults.port,
        hosting: .connections(receiveSize: 65_536) { _ in Echo() },
        message: CourseDefaults.tcpMessage, client: .echo)

    /// `udp-echo`
    public static let udpEcho = ServiceDescription(
        "udp-echo", "sends back each datagram", port: CourseDefaults.port,
        hosting: .datagrams { _ in Echo() },
        message: CourseDefaults.udpMessage, client: .echo)

    /// `unix-echo`
    public static let unixEcho = ServiceDescription(
        "unix-echo", "sends back what it gets, with no network at all", port: .any,
        hosting: .local(receiveSize: 65_536) { _ in Echo() },
        message: CourseDefaults.tcpMessage, client: .echo, path: .socket)
}
