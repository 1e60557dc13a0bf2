import Addressing
import Text
import Timeline

/// How a ladder spells its times: since its first row, in the unit that suits its length. Always to the microsecond.
/// Where the clock was set, times count anew from the first row after that.
struct LadderClock {
    private let start: Timestamp
    /// The first row after each time that the clock was set.
    private var restarts: [UInt32: Timestamp] = [:]
    private let scale: Scale

    private enum Scale {
        case microseconds, milliseconds, seconds
    }

    init(_ scene: Scene) {
        start = scene.start
        var length: Int64 = 0
        for row in scene.rows {
            if row.time.setting != start.setting, restarts[row.time.setting] == nil {
                restarts[row.time.setting] = row.time
            }
            length = max(length, row.time.nanoseconds(since: restarts[row.time.setting] ?? start))
        }
        // Packets that are seen to be under way take milliseconds.
        let isShort = length < 1_000_000_000 && !scene.hasBothEnds
        scale = isShort ? .microseconds : length < 1_000_000_000_000 ? .milliseconds : .seconds
    }

    var unit: String {
        switch scale {
        case .microseconds: "µs"
        case .milliseconds: "ms"
        case .seconds: "s"
        }
    }

    func text(_ time: Timestamp) -> String {
        let microseconds = time.nanoseconds(since: restarts[time.setting] ?? start) / 1000
        switch scale {
        case .microseconds: return String(microseconds)
        case .milliseconds: return Self.decimal(microseconds, 1000, digits: 3)
        case .seconds: return Self.decimal(microseconds, 1_000_000, digits: 6)
        }
    }

    private static func decimal(_ microseconds: Int64, _ unit: Int64, digits: Int) -> String {
        let fraction = String(microseconds.magnitude % unit.magnitude)
        let whole = microseconds.magnitude / unit.magnitude
        return "\(microseconds < 0 ? "-" : "")\(whole)."
            + String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
    }
}

/// What a ladder says where it leaves rows out.
enum OmissionText {
    static let clockSet = "times go back here: from now on they count from 0 again"

    static func silence(_ nanoseconds: Int64) -> String { "\(DurationText.text(nanoseconds: nanoseconds)) of silence" }

    /// `440 rows left out in 34 ms`, `packets 23 to 462`, `220 segments → (5000 bytes)`, `110 ACKs ←`, `220 calls`
    static func parts(_ omission: Scene.Omission, in scene: Scene) -> [String] {
        let isTCP = scene.exchanges.first?.transport != .udp
        var parts = ["\(omission.rows) rows left out in \(DurationText.text(known: omission.duration))"]
        for capture in [nil, .first, .second] as [Crossing.Place?] {
            guard let packets = omission.packets[capture] else { continue }
            let letter = capture?.letter ?? ""
            parts.append("packets \(letter)\(packets.lowerBound) to \(letter)\(packets.upperBound)")
        }
        for (sums, arrow) in [(omission.rightward, "→"), (omission.leftward, "←")] {
            if sums.dataPackets > 0 {
                parts.append(
                    "\(sums.dataPackets) \(isTCP ? "segments" : "datagrams") \(arrow) with \(sums.bytes) bytes")
            }
            if sums.acknowledgments > 0 {
                parts.append("\(sums.acknowledgments) \(isTCP ? "ACKs" : "empty datagrams") \(arrow)")
            }
            if sums.lost > 0 { parts.append("\(sums.lost) of them lost") }
        }
        for (lane, calls) in omission.calls.sorted(by: { $0.key < $1.key }) {
            let name = scene.showsPrograms ? LaneText.name(lane, in: scene) : lane == 0 ? "the client" : "the server"
            parts.append("\(calls) calls of \(name)")
        }
        return parts
    }
}
