import Addressing
import Packets
import Probe
import Sockets
import Text

/// Every address that was tried for a connection, and what came of it.
public enum ConnectText {
    /// - Parameter host: the name as it was asked for.
    public static func write(_ race: HappyEyeballs, host: String, to out: inout OutputBuffer) {
        let count = race.attempts.count
        out.append(escaping: host)
        out.append(text: ": \(count) address\(count == 1 ? "" : "es") to try\n")
        let width = race.attempts.map { "\($0.endpoint)".utf8.count }.max() ?? 0
        for attempt in race.attempts {
            let endpoint = "\(attempt.endpoint)"
            out.append(text: "  \(endpoint)")
            out.append(spaces: width - endpoint.utf8.count + 2)
            let (words, style) = words(attempt)
            out.append(style: style)
            out.append(escaping: words)
            out.append(style: .plain)
            out.append(ascii: 10)
        }
    }

    static func words(_ attempt: HappyEyeballs.Attempt) -> (String, OutputBuffer.Style) {
        let time = attempt.duration.map { " after \(DurationText.text(nanoseconds: $0))" } ?? ""
        switch attempt.outcome {
        case .connected: return ("connected\(time)", .green)
        case .notTried: return ("not tried: another was connected before its turn", .dim)
        case .overtaken: return ("given up\(time): another was connected first", .dim)
        case .timedOut: return ("no answer\(time): the machine is off, or something on the way drops the packets", .red)
        case .pending: return ("still trying", .plain)
        case .failed(let error, let queued):
            let who = queued.flatMap { $0.origin == .local ? nil : $0.offender }.map { ", says \($0) (ICMP)" } ?? ""
            return ("\(error.codeName)\(time): \(error.reason)\(who)", .red)
        }
    }

    /// An attempt as a word, for JSON.
    public static func word(_ outcome: HappyEyeballs.Outcome) -> String {
        switch outcome {
        case .connected: "connected"
        case .notTried: "not_tried"
        case .overtaken: "overtaken"
        case .timedOut: "timeout"
        case .pending: "pending"
        case .failed: "failed"
        }
    }
}
