import Addressing
import Conversations
import Sockets

/// What a run of programs came to: the few findings that matter, the most important first, or that everything worked.
public struct RunVerdict: Sendable {
    /// A finding, and how many more say the same.
    public struct Entry: Sendable {
        /// The first that says it.
        public let finding: Finding
        /// How many say it.
        public fileprivate(set) var count = 1
    }

    /// So many are told at the most.
    public static let most = 5

    /// The most important first.
    public let entries: [Entry]
    /// How many more there are.
    public let others: Int
    /// Whether nothing went wrong, as far as it was seen.
    public let isGood: Bool

    /// - Parameters:
    ///   - failures: the calls that failed or still waited; those that are how programs do things are passed over.
    ///   - found: what else was found out of the run.
    ///   - programs: how each ended.
    ///   - conversations: what was sent.
    ///   - sawCalls: whether the programs' calls were looked for.
    public init(
        _ failures: [CallFailure], found: [Finding] = [], programs: [ProgramEnd], conversations: [Conversation],
        sawCalls: Bool
    ) {
        let told = Set(found.flatMap(\.evidence.calls))
        var ranked = found.map { (rank: $0.severity == .failure ? Rank.found : .warned, finding: $0) }
        let left = failures.filter { !told.contains($0.call.id) }
        let found = Set(ranked.flatMap { Self.callers($0.finding, failures) })
        ranked += Self.calls(left.filter { !$0.isProbe || !found.contains($0.call.end.program) }, programs)
        ranked += Self.endings(programs, explained: Set(ranked.map(\.finding).flatMap { Self.callers($0, failures) }))
        let sorted = ranked.enumerated().sorted { a, b in
            let (one, other) = (a.element, b.element)
            if one.rank != other.rank { return one.rank < other.rank }
            return one.finding.time != other.finding.time
                ? one.finding.time < other.finding.time : a.offset < b.offset
        }
        let all = Self.counted(sorted.map(\.element.finding))
        isGood = all.isEmpty && programs.allSatisfy(\.isGood)
        entries =
            all.isEmpty
            ? [Entry(finding: Self.success(programs, conversations, sawCalls ? failures : nil))]
            : Array(all.prefix(Self.most))
        others = max(0, all.count - Self.most)
    }

    /// What comes before what.
    private enum Rank: Int, Comparable {
        /// A cause that was looked for and found.
        case found
        /// A program died.
        case died
        /// The last call that failed of a program that ended badly.
        case fatal
        /// A call that never returned.
        case waited
        /// A program ended badly, and no call says why.
        case ended
        case failed
        case warned

        static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
    }

    // MARK: Calls

    private static func calls(_ failures: [CallFailure], _ programs: [ProgramEnd]) -> [(rank: Rank, finding: Finding)] {
        let bad = Set(programs.filter { !$0.isGood }.map(\.end))
        let servers = Set(programs.filter { $0.isServer && $0.isGood }.map(\.end))
        // What a program did last before it ended badly.
        var last: [SocketCall.End: Int] = [:]
        var probes: Set<Int> = []
        for failure in failures where !failure.isStillWaiting {
            let program = failure.call.end.program
            // What only asks says why where nothing else does.
            if failure.isProbe, let known = last[program], !probes.contains(known) { continue }
            if failure.isProbe { probes.insert(failure.call.id) }
            last[program] = failure.call.id
        }
        return failures.compactMap { failure in
            let program = failure.call.end.program
            if failure.isStillWaiting {
                return failure.isIdleWait && servers.contains(program) ? nil : (.waited, failure.finding)
            }
            if bad.contains(program), last[program] == failure.call.id { return (.fatal, failure.finding) }
            return failure.isIdiom ? nil : (.failed, failure.finding)
        }
    }

    private static func callers(_ finding: Finding, _ failures: [CallFailure]) -> [SocketCall.End] {
        let calls = Set(finding.evidence.calls)
        return failures.filter { calls.contains($0.call.id) }.map(\.call.end.program)
    }

    // MARK: Endings

    private static func endings(_ programs: [ProgramEnd], explained: Set<SocketCall.End>) -> [(
        rank: Rank, finding: Finding
    )] {
        programs.compactMap { program in
            let who = Sentence.Part.program(program.end)
            let sentence: Sentence
            switch program.ending {
            case .killed(let signal): sentence = "\(who) was killed by \(.words(SignalWords.text(signal)))."
            case .exited(let status) where status != 0 && !explained.contains(program.end):
                sentence =
                    """
                    \(who) ended with status \(.number(status)), and none of its socket calls says why: see what it \
                    wrote.
                    """
            case .stopped where !program.isServer && !explained.contains(program.end):
                sentence = "\(who) still ran when netprobe ended it, and waited in no socket call."
            case .neverStarted: sentence = "\(who) was not started: a server before it did not listen."
            case .exited, .stopped, .leftRunning, .notStarted: return nil
            }
            let isDeath = if case .killed = program.ending { true } else { false }
            return (
                isDeath ? .died : .ended,
                Finding(.programEnd, .failure, sentence, evidence: Finding.Evidence(), at: .epoch)
            )
        }
    }

    // MARK: All went well

    /// - Parameter failures: nil where nobody looked for calls.
    private static func success(
        _ programs: [ProgramEnd], _ conversations: [Conversation], _ failures: [CallFailure]?
    ) -> Finding {
        var parts: [Sentence] = []
        let ended = programs.filter { $0.ending == .exited(0) }
        if !ended.isEmpty {
            let names = ended.map { "\(.program($0.end))" as Sentence }
            parts.append("\(names.joined(separator: ", ")) ended with status 0")
        }
        if let failures { parts.append(Self.ordinary(failures.filter { !$0.isStillWaiting })) }
        parts.append(Traffic(conversations).clause)
        return Finding(
            .worked, .success,
            "Everything worked, as far as calls and packets show: \(parts.joined(separator: "; ")).",
            evidence: Finding.Evidence(), at: conversations.first?.firstTime ?? .epoch)
    }

    /// What is said of calls that failed and did no harm.
    private static func ordinary(_ failures: [CallFailure]) -> Sentence {
        if failures.isEmpty { return "no socket call failed" }
        let names = Set(failures.map(\.errno)).sorted().map { "\(.name($0))" as Sentence }
        return
            """
            \(.count(failures.count, "call")) that did not wait, or only asked, came back with \
            \(names.joined(separator: ", ")), as they do in programs that go on well
            """
    }

    private struct Traffic {
        private var connections = 0
        private var exchanges = 0
        private var fromClient = 0
        private var fromServer = 0

        init(_ conversations: [Conversation]) {
            for conversation in conversations {
                if conversation.transport == .tcp { connections += 1 } else { exchanges += 1 }
                let account = ConversationAccount(conversation.packets)
                fromClient += account.fromClient.payloadBytes
                fromServer += account.fromServer.payloadBytes
            }
        }

        var clause: Sentence {
            var kinds: [Sentence] = []
            if connections > 0 { kinds.append("\(.count(connections, "TCP connection"))") }
            if exchanges > 0 { kinds.append("\(.count(exchanges, "UDP exchange"))") }
            if kinds.isEmpty { return "nothing was sent over TCP or UDP" }
            return
                """
                \(kinds.joined(separator: " and ")) carried \(.bytes(fromClient)) from the end that began and \
                \(.bytes(fromServer)) back
                """
        }
    }

    private static func counted(_ findings: [Finding]) -> [Entry] {
        var places: [[Sentence.Part]: Int] = [:]
        var entries: [Entry] = []
        for finding in findings {
            let said = finding.sentence.parts.map(Self.said)
            if let place = places[said] {
                entries[place].count += 1
            } else {
                places[said] = entries.count
                entries.append(Entry(finding: finding))
            }
        }
        return entries
    }
}

extension RunVerdict {
    /// A part of a sentence as it is read: of two calls that read alike it is all one which one it was.
    private static func said(_ part: Sentence.Part) -> Sentence.Part {
        guard case .call(let call) = part else { return part }
        return .words("\(call.name.rawValue) \(call.arguments)")
    }
}

extension CallFailure {
    /// Whether it only asks what something is.
    fileprivate var isProbe: Bool {
        switch cause {
        case .local(.notASocket): true
        default: call.name == .getpeername
        }
    }
}

extension Finding.Kind {
    /// How a program ended that ended badly.
    static let programEnd: Self = "program_end"
    /// Nothing went wrong.
    static let worked: Self = "worked"
}
