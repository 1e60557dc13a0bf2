import Addressing
import Services

/// The demos, by name.
public struct Demo: Hashable, Sendable {
    public let name: String
    /// One sentence: what it shows.
    public let summary: String
    public let steps: [Step]

    /// One server and one client, run to their end.
    public enum Step: Hashable, Sendable {
        case tcpEcho
        case udpEcho
    }

    public static let catalogue: [Demo] = [
        Demo(name: "tcp-echo", summary: "the course's TCP echo: handshake, data both ways, teardown", steps: [.tcpEcho]),
        Demo(name: "udp-echo", summary: "the course's UDP echo: one datagram there, one back, nothing else", steps: [.udpEcho]),
        Demo(name: "compare", summary: "the same message over TCP and over UDP, side by side", steps: [.tcpEcho, .udpEcho]),
    ]

    public static func named(_ name: String) -> Demo? { catalogue.first { $0.name == name } }

    /// What the course sends: its UDP program has a message of its own; `compare` sends the same both ways.
    public var defaultMessage: String { steps == [.udpEcho] ? CourseDefaults.udpMessage : CourseDefaults.tcpMessage }
}

/// What a demo is to do.
public struct DemoSettings: Sendable {
    public var server: Endpoint
    public var message: [UInt8]
    /// How many times the message is sent.
    public var count: Int

    public init(server: Endpoint, message: [UInt8], count: Int = 1) {
        self.server = server
        self.message = message
        self.count = count
    }
}
