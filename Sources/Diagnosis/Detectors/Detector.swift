import Packets
import Sockets

/// Looks for one kind of thing in a capture, packet by packet, or in the calls of programs, call by call, and says what
/// it found. A detector has a folder of its own and a line in `Detectors.all`; nothing else knows it.
///
/// What it keeps is bounded, however large the capture: of what comes often it counts what it does not tell one by one
/// (`FindingList`).
public protocol Detector: Sendable {
    /// Under which its findings are told.
    static var topic: Topic { get }
    /// It is handed the packets that have one of these layers.
    static var layers: Set<LayerKind> { get }

    init()
    /// Takes a packet, dissected and analysed.
    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts)
    /// Takes a call, in the order in which calls began.
    mutating func take(_ call: SocketCall)
    /// What was found so far, in the order of the capture.
    var findings: [Finding] { get }
}

extension Detector {
    /// None: for those that look at calls alone.
    public static var layers: Set<LayerKind> { [] }
    /// Looks at no packet.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {}
    /// Looks at no call.
    public mutating func take(_ call: SocketCall) {}
}

/// What several findings are told under, where they are of no one conversation.
public struct Topic: Hashable, Sendable {
    /// For programs: `arp`.
    public let name: String
    /// For people: `ARP`.
    public let subject: String
    /// `which hardware has an IPv4 address`
    public let about: String

    /// - Parameters:
    ///   - name: for programs.
    ///   - subject: for people.
    ///   - about: what is told under it.
    public init(_ name: String, _ subject: String, _ about: String) {
        self.name = name
        self.subject = subject
        self.about = about
    }
}

/// What was found under one topic, in the whole capture.
public struct TopicStory: Sendable {
    /// Under which it is told.
    public let topic: Topic
    /// In the order of the capture.
    public let findings: [Finding]

    /// What was found under a topic.
    public init(_ topic: Topic, _ findings: [Finding]) {
        self.topic = topic
        self.findings = findings
    }
}
