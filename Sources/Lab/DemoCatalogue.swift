/// The demos, in the order in which they are listed.
public enum DemoCatalogue {
    public static let all: [any Demo] = [
        TCPEcho(), UDPEcho(), Compare(),
    ]

    public static func named(_ name: String) -> (any Demo)? { all.first { $0.name == name } }
}
