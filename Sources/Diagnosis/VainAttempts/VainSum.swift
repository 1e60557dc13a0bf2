import Addressing
import Conversations

/// How many attempts came to nothing, in which way, at which ports, and when.
struct VainSum: Sendable {
    private(set) var count = 0
    private var refused = 0
    private var unanswered = 0
    private var ports: ClosedRange<UInt16>?
    private var packets = PacketNumbers()
    private var start: Timestamp?
    private var end: Timestamp?

    /// The number of the first packet; 0 for none.
    var first: Int { packets.first.first ?? 0 }

    mutating func add(_ attempt: VainAttempt) {
        count += 1
        if attempt.isRefused { refused += 1 } else { unanswered += 1 }
        widen(attempt.server.port.rawValue...attempt.server.port.rawValue)
        packets.add(attempt.packet)
        start = start ?? attempt.time
        end = attempt.time
    }

    /// Adds what was summed up apart. Of its packets only a few are known by number.
    mutating func add(_ other: VainSum) {
        count += other.count
        refused += other.refused
        unanswered += other.unanswered
        if let ports = other.ports { widen(ports) }
        packets = packets.joined(with: other.packets)
        start = [start, other.start].compactMap(\.self).min()
        end = [end, other.end].compactMap(\.self).max()
    }

    private mutating func widen(_ more: ClosedRange<UInt16>) {
        ports =
            ports.map { min($0.lowerBound, more.lowerBound)...max($0.upperBound, more.upperBound) } ?? more
    }

    // MARK: Sentences

    /// Of one host at another.
    func between(_ client: IPAddress, _ server: IPAddress) -> Finding {
        let ports = ports ?? 0...0
        let scan: Sentence? = ports.count > 1 && count > 10 ? " A port scan looks like this." : nil
        return finding("\(attempts) of \(.address(client)) at \(.address(server)) \(results).\(scan)")
    }

    /// Of many hosts at one.
    /// - Parameter isWhole: whether `clients` are all, or there were more than could be kept apart.
    func flood(of clients: Int, isWhole: Bool, at server: IPAddress) -> Finding {
        let hosts: Sentence = isWhole ? "\(.number(clients)) addresses" : "more than \(.number(clients)) addresses"
        // Thousands of hosts that try once or twice each: who opens connections in earnest tries again.
        let isFlood = unanswered > refused && clients >= 1000 && (!isWhole || count < clients * 4)
        let flood: Sentence? =
            isFlood ? " A flood with forged addresses looks like this, or a server that is down." : nil
        return finding("\(attempts) of \(hosts) at \(.address(server)) \(results).\(flood)")
    }

    /// Of one host at many.
    func sweep(of client: IPAddress, over servers: Int) -> Finding {
        finding(
            """
            \(attempts) of \(.address(client)) at \(.number(servers)) addresses \(results). A scan over many hosts \
            looks like this.
            """)
    }

    /// Of hosts of which too few came to tell each.
    var betweenOthers: Finding { finding("\(attempts) between other hosts \(results).") }

    private var attempts: Sentence { "\(.count(count, "more attempt"))" }

    /// `came to nothing: 12 refused, 3 without an answer in the capture, at ports from 1 to 1000`. Where nothing was
    /// refused, no more is known than that the capture has no answer: it may have one direction alone.
    private var results: Sentence {
        var results: [Sentence] = []
        if refused > 0 { results.append("came to nothing: \(.number(refused)) refused") }
        if unanswered > 0 {
            results.append(
                refused > 0
                    ? "\(.number(unanswered)) without an answer in the capture" : "found no answer in the capture")
        }
        let ports = ports ?? 0...0
        let place: Sentence =
            ports.count == 1
            ? "at port \(.number(ports.lowerBound))"
            : "at ports from \(.number(ports.lowerBound)) to \(.number(ports.upperBound))"
        return "\(results.joined(separator: ", ")), \(place)"
    }

    private func finding(_ sentence: Sentence) -> Finding {
        let start = start ?? .epoch
        return Finding(
            .vainAttempts, .warning, sentence, evidence: Finding.Evidence(packets: packets), at: start,
            duration: (end ?? start).elapsed(since: start))
    }
}
