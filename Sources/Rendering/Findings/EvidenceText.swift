import Diagnosis
import Sockets
import Text

/// Spells what a finding rests on: the packets in front of its sentence, the socket calls below it.
struct EvidenceText {
    private let calls: [Int: SocketCall]
    private let failures: [Int: CallFailure]

    /// - Parameters:
    ///   - calls: those that findings may name.
    ///   - failures: those of them that failed, and why.
    init(calls: [SocketCall], failures: [CallFailure]) {
        self.calls = Dictionary(calls.map { ($0.id, $0) }) { first, _ in first }
        self.failures = Dictionary(failures.map { ($0.call.id, $0) }) { first, _ in first }
    }

    /// The calls behind a finding, in their order.
    func calls(_ finding: Finding) -> [SocketCall] { finding.evidence.calls.compactMap { calls[$0] } }

    /// `client: connect(127.0.0.1:9) → -1 ECONNREFUSED after 61 µs: packet 2 (RST) answered its SYN …`
    func text(_ call: SocketCall) -> String {
        let why = failures[call.id].map { ": \(SentenceText.text($0.because))" } ?? ""
        return "\(call.end.rawValue.escapedForDisplay): \(CallText.whole(call))\(CallText.after(call))\(why)"
    }

    /// `packets 1–3, 7`; of many the first ones, the last one and how many. `calls` where there is no packet.
    static func label(_ finding: Finding) -> String {
        let packets = finding.evidence.packets
        if finding.kind == .total, let first = packets.first.first, packets.last > first + 1 {
            return "packets \(first) to \(packets.last)"
        }
        if packets.count == 0 { return finding.evidence.calls.isEmpty ? "no packet" : "calls" }
        if packets.count == 1 { return "packet \(packets.last)" }
        var runs: [ClosedRange<Int>] = []
        for number in packets.first {
            if let run = runs.last, number == run.upperBound + 1 {
                runs[runs.count - 1] = run.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        let list = runs.map(text).joined(separator: ", ")
        return packets.count > packets.first.count
            ? "packets \(list) … \(packets.last) (\(packets.count) packets)" : "packets \(list)"
    }

    private static func text(_ run: ClosedRange<Int>) -> String {
        switch run.count {
        case 1: "\(run.lowerBound)"
        case 2: "\(run.lowerBound), \(run.upperBound)"
        default: "\(run.lowerBound)–\(run.upperBound)"
        }
    }
}
