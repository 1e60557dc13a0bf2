import Addressing
import Conversations
import Sockets

/// What is found out of a run beside its failed calls, or more than they say: causes that lie in the other program's
/// calls, and what goes wrong without a failed call.
public struct RunDiagnosis: Sendable {
    /// All calls of all programs.
    public var calls: [SocketCall]
    /// The packets, as they left their hosts.
    public var packets: [ObservedPacket]
    /// The calls that failed or still waited, and why.
    public var failures: [CallFailure]
    /// When programs were ended from outside.
    public var ended: [SocketCall.End: Timestamp]
    /// The conversations of the packets.
    public var conversations: [Conversation]
    /// Where the programs ran.
    public var network: Network

    /// The network of a run.
    public enum Network: Hashable, Sendable {
        /// A namespace with loopback and nothing else.
        case loopbackAlone
        /// Two hosts of netprobe's own and the wire between them.
        case twoHosts
        /// The machine's own.
        case host
    }

    /// A run, of which the properties say what each part is.
    public init(
        calls: [SocketCall], packets: [ObservedPacket], failures: [CallFailure], ended: [SocketCall.End: Timestamp],
        conversations: [Conversation], network: Network
    ) {
        self.calls = calls
        self.packets = packets
        self.failures = failures
        self.ended = ended
        self.conversations = conversations
        self.network = network
    }

    /// What was found, in the order of the detectors. A call is explained by one of them.
    public var findings: [Finding] {
        if calls.isEmpty { return [] }
        let evidence = RunEvidence(self)
        var told: Set<Int> = []
        var all: [Finding] = []
        let detectors: [(RunEvidence) -> [Finding]] = [
            Unaccepted.findings, MutualWait.findings, HeldOpen.findings, NearMiss.findings,
            { OutsideNetwork.findings($0, network) }, TruncatedDatagrams.findings, DroppedDatagrams.findings,
            EndOfStreamAgain.findings, NothingAsked.findings, DelayedAcknowledgments.findings,
        ]
        for detector in detectors {
            for finding in detector(evidence) where told.isDisjoint(with: finding.evidence.calls) {
                told.formUnion(finding.evidence.calls)
                all.append(finding)
            }
        }
        return all
    }
}

extension Finding {
    /// A finding about one call, that rests on packets besides.
    init(
        _ kind: Kind, _ severity: Severity, _ sentence: Sentence, of call: SocketCall, packets: [Int?] = [],
        calls: [Int] = []
    ) {
        self.init(
            kind, severity, sentence,
            evidence: Evidence(packets: PacketNumbers(packets.compactMap(\.self)), calls: [call.id] + calls),
            at: call.start, duration: call.finish?.nanoseconds(since: call.start) ?? 0)
    }
}

extension CallFailure {
    /// `client: recv(100) → 0 (timeout)`, `server: recv(100) was still waiting when netprobe ended the program`
    var subject: Sentence {
        let who: Sentence = "\(.program(call.end)): \(.call(call))"
        if isStillWaiting { return "\(who) was still waiting when netprobe ended the program" }
        return errno == Self.timeout ? "\(who) → 0 (timeout)" : "\(who) → \(.name(errno))"
    }

    /// Whether it waited in vain for something to come.
    var awaitsData: Bool {
        switch cause {
        case .nothingCame(let waited, _): waited >= 1_000_000
        case .nothingCameInTime, .stillWaiting(.data), .unanswered: true
        default: false
        }
    }
}
