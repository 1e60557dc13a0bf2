/// The services, in the order in which they are listed.
public enum ServiceCatalogue {
    /// Every service there is. Another one is another line here.
    public static let all: [ServiceDescription] = [
        .tcpEcho,
        .udpEcho,
        .upperTCP,
        .upperUDP,
        .greeting,
        .adder,
        .udpSink,
        .udpLength,
        .sixteen,
        .udpBackoff,
        .textStore,
        .file,
        .chat,
        .unixEcho,
    ]

    /// The service of this name; nil where there is none.
    public static func named(_ name: String) -> ServiceDescription? { all.first { $0.name == name } }

    /// The names of those for which something holds, for a help text: `a, b`.
    public static func names(where holds: (ServiceDescription) -> Bool) -> String {
        all.filter(holds).map(\.name).joined(separator: ", ")
    }
}
