import Addressing

/// One thing that packets or calls show: what happened and, as far as it can be told, why.
///
/// Text, JSON, the report's page and exit codes are made from findings, so that all say the same. A finding claims no
/// more than its evidence shows: where more than one cause leaves the same traces, its sentence names them all.
public struct Finding: Sendable {
    /// What it is about, by name.
    public let kind: Kind
    /// How much it matters.
    public let severity: Severity
    /// Which end of a conversation did it; nil where both did, or neither, or where there is no conversation.
    public let side: Side?
    /// What it says, in parts.
    public let sentence: Sentence
    /// The packets and calls that it rests on.
    public internal(set) var evidence: Evidence
    /// When the first packet of the evidence was seen, or its first call began.
    public let time: Timestamp
    /// From the first packet of the evidence to the last, in nanoseconds; nil where that is not known.
    public let duration: Int64?

    /// - Parameters:
    ///   - side: which end of a conversation did it.
    ///   - time: of the evidence's beginning.
    ///   - duration: from the evidence's beginning to its end, in nanoseconds; nil where that is not known.
    public init(
        _ kind: Kind, _ severity: Severity, by side: Side? = nil, _ sentence: Sentence, evidence: Evidence,
        at time: Timestamp, duration: Int64? = 0
    ) {
        self.kind = kind
        self.severity = severity
        self.side = side
        self.sentence = sentence
        self.evidence = evidence
        self.time = time
        self.duration = duration
    }

    /// What a finding is about, by the name that JSON has for it. Open: each detector names its own kinds, in its own
    /// folder.
    public struct Kind: RawRepresentable, Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public init(stringLiteral value: String) { rawValue = value }

        /// By name, so that findings that are otherwise alike have an order.
        public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    /// How much it matters to somebody who asks what is wrong.
    public enum Severity: Int, Comparable, Sendable {
        /// What happened.
        case note
        /// What was tried succeeded.
        case success
        /// Something went wrong and was mended, or may have gone wrong.
        case warning
        /// What was tried failed.
        case failure

        public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
    }

    /// An end of a conversation.
    public enum Side: String, Hashable, Sendable {
        case client
        case server

        /// The opposite end.
        public var other: Side { self == .client ? .server : .client }
    }

    /// What a finding rests on.
    public struct Evidence: Hashable, Sendable {
        /// Numbers of packets in the capture.
        public let packets: PacketNumbers
        /// Numbers of socket calls (`SocketCall.id`): those that caused the packets, or returned because of them.
        public internal(set) var calls: [Int]

        /// What a finding rests on; calls are named by their `SocketCall.id`.
        public init(packets: PacketNumbers = PacketNumbers(), calls: [Int] = []) {
            self.packets = packets
            self.calls = calls
        }
    }
}
