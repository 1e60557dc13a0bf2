/// `udp-sink`: prints what comes and never answers. The sender cannot know whether anybody is there.
public struct Sink: ServiceLogic {
    /// Every client is served alike: there is no state.
    public init() {}

    /// Remarks the datagram, and answers nothing.
    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        var copy: [UInt8] = []
        copy.append(copying: bytes)
        answer.remark(.data(copy))
    }
}

extension ServiceDescription {
    /// `udp-sink`
    public static let udpSink = ServiceDescription(
        "udp-sink", "prints what it receives and never answers", port: 12345,
        hosting: .datagrams { _ in Sink() },
        message: "This is a datagram. Nobody will answer it.", client: .oneWay)
}
