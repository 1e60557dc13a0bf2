import Addressing

/// The programs of the socket courses, by name: what `serve`, `client` and `demo` take.
public enum CourseService: String, Hashable, Sendable, CaseIterable {
    case tcpEcho = "tcp-echo"
    case udpEcho = "udp-echo"
    case upperTCP = "upper-tcp"
    case upperUDP = "upper-udp"
    case greeting
    case adder
    case udpSink = "udp-sink"
    case udpLength = "udp-length"
    case sixteen
    case udpBackoff = "udp-backoff"
    case textStore = "text-store"
    case file
    case chat
    case unixEcho = "unix-echo"

    public enum Transport: String, Hashable, Sendable {
        case tcp = "TCP"
        case udp = "UDP"
        case unix = "AF_UNIX"
    }

    public var name: String { rawValue }

    public var transport: Transport {
        switch self {
        case .tcpEcho, .upperTCP, .greeting, .adder, .sixteen, .textStore, .file, .chat: .tcp
        case .udpEcho, .upperUDP, .udpSink, .udpLength, .udpBackoff: .udp
        case .unixEcho: .unix
        }
    }

    /// The courses' port; 0 where there is none.
    public var port: Port {
        switch self {
        case .tcpEcho, .udpEcho: CourseDefaults.port
        case .upperTCP, .upperUDP: 12000
        case .greeting, .adder, .udpSink, .textStore: 12345
        case .udpLength, .sixteen, .udpBackoff: 1060
        case .file: 12346
        case .chat: 12347
        case .unixEcho: .any
        }
    }

    /// One sentence: what the server does.
    public var summary: String {
        switch self {
        case .tcpEcho: "sends back what it gets"
        case .udpEcho: "sends back each datagram"
        case .upperTCP: "sends back in upper case, message by message"
        case .upperUDP: "sends back each datagram in upper case"
        case .greeting: "thanks whoever connects, and closes"
        case .adder: "adds whole numbers: 50,40 gives 90"
        case .udpSink: "prints what it receives and never answers"
        case .udpLength: "says how long each datagram was"
        case .sixteen: "reads exactly 16 octets, answers Hello World!"
        case .udpBackoff: "udp-length that loses datagrams; the client retries"
        case .textStore: "keeps one text that all retrieve and replace"
        case .file: "sends files of a folder; resumed, checked by SHA-256"
        case .chat: "sends each line of a member to all others"
        case .unixEcho: "sends back what it gets, with no network at all"
        }
    }

    /// What the client sends unless told otherwise; nil where it sends nothing, or asks.
    public var message: String? {
        switch self {
        case .tcpEcho, .unixEcho: CourseDefaults.tcpMessage
        case .udpEcho: CourseDefaults.udpMessage
        case .upperTCP, .upperUDP: "Input lowercase sentence"
        case .adder: "50,40"
        case .udpSink: "This is a datagram. Nobody will answer it."
        case .udpLength, .udpBackoff: "This is another message"
        case .sixteen: "Hi there, server"
        case .greeting, .textStore, .file, .chat: nil
        }
    }
}
