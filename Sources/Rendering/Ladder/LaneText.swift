import Addressing
import Text
import Timeline

/// How the picture of everything names its lanes and its conversations.
enum LaneText {
    /// `client/2`; `client (3)` for three of a program; a host's address where its programs are not known.
    static func name(_ lane: Int, in scene: Scene) -> String {
        let lane = scene.lanes[lane]
        guard let first = lane.programs.first else {
            return scene.hosts[lane.host].addresses.first.map { "\($0)" } ?? "host"
        }
        let name = first.rawValue.escapedForDisplay
        if lane.programs.count == 1 { return name }
        let programs = Set(lane.programs.map(\.program))
        let shared = programs.count == 1 ? first.program.rawValue.escapedForDisplay : "\(name) …"
        return "\(shared) (\(lane.programs.count))"
    }

    /// A letter for a conversation where there are several; then letters and numbers.
    static func mark(_ exchange: Int?, in scene: Scene) -> String {
        guard let exchange, scene.exchanges.count > 1 else { return "" }
        let letter = String(UnicodeScalar(UInt8(97 + exchange % 26)))
        return exchange < 26 ? letter : "\(letter)\(exchange / 26)"
    }

    /// Which conversation each letter is; of many the first ones.
    static func legend(_ scene: Scene) -> [String] {
        if scene.exchanges.count < 2 { return [] }
        let lines = scene.exchanges.prefix(mostInLegend).enumerated().map { number, exchange in
            let name = exchange.stream.map { "\(exchange.transport == .tcp ? "tcp" : "udp").stream \($0)" } ?? ""
            return "\(mark(number, in: scene))  \(name)  \(exchange.client) → \(exchange.server)"
        }
        let rest = scene.exchanges.count - lines.count
        return rest == 0 ? lines : lines + ["…  \(rest) more"]
    }

    private static let mostInLegend = 12
}

extension LadderCells {
    /// The call with its conversation's letter: `a recv(1024) → 12 bytes`.
    func title(in scene: Scene) -> String {
        let mark = call.isEmpty ? "" : LaneText.mark(exchange, in: scene)
        return mark.isEmpty ? call : "\(mark) \(call)"
    }
}

extension LadderCells.Arrow {
    /// Number, conversation and label: `4 a PSH+ACK seq 1 ack 1 len 12`.
    func title(in scene: Scene, separator: String = " ") -> String {
        [number, LaneText.mark(exchange, in: scene), label].filter { !$0.isEmpty }.joined(separator: separator)
    }
}
