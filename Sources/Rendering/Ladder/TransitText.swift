import Addressing
import Text
import Timeline

/// What the way between two hosts did to the packets of one conversation, a line for each direction. Both ends were
/// captured.
public enum TransitText {
    /// - Parameter columns: those that are there; nil for as many as it takes.
    public static func write(_ scene: Scene, columns: Int? = nil, to out: inout OutputBuffer) {
        for side in [Scene.Side.client, .server] {
            let (counts, timing) = texts(scene, from: side)
            let line = "\(way(side))     \(counts)"
            guard let timing else {
                out.append(text: line + "\n")
                continue
            }
            let isTooLong = columns.map { line.count + 2 + timing.count > $0 } ?? false
            out.append(text: line + (isTooLong ? "\n" + String(repeating: " ", count: 20) : ", ") + timing + "\n")
        }
    }

    /// The same as a list, below a table.
    static func writeMarkdown(_ scene: Scene, to out: inout OutputBuffer) {
        out.append(ascii: 10)
        for side in [Scene.Side.client, .server] {
            let (counts, timing) = texts(scene, from: side)
            out.append(text: "- \(way(side)): \(([counts] + [timing].compactMap { $0 }).joined(separator: ", "))\n")
        }
    }

    private static func way(_ side: Scene.Side) -> String {
        side == .client ? "client → server" : "server → client"
    }

    /// How many packets, and what happened to them; how long they were under way, where any arrived.
    private static func texts(_ scene: Scene, from side: Scene.Side) -> (counts: String, timing: String?) {
        let packets = scene.packets.filter { $0.from == side }
        let lost = packets.count { $0.isLost }
        let doubled = packets.count { $0.isDoubled }
        let divided = packets.count { !$0.pieces.isEmpty }
        let missing = packets.reduce(0) { $0 + $1.missingBytes }
        let late = packets.count { $0.notes.contains { if case .overtaken = $0 { true } else { false } } }
        let again = packets.count { $0.notes.contains(where: \.isRepair) }
        var words = ["\(packets.count) \(packets.count == 1 ? "packet" : "packets")", "\(lost) lost"]
        if divided > 0 { words.append("\(divided) cut or joined by network cards on the way") }
        if missing > 0 { words.append("\(missing) of their bytes lost") }
        if doubled > 0 { words.append("\(doubled) doubled") }
        if late > 0 { words.append("\(late) overtaken") }
        if again > 0 { words.append("\(again) sent again") }
        guard scene.knowsTransit else {
            // The other host's times are set so that its quickest packet seems to have taken no time.
            let times = packets.isEmpty ? nil : "under way for how long is not known: packets went one way only"
            return (words.joined(separator: ", "), times)
        }
        let times = packets.compactMap { packet in
            packet.left.flatMap { left in packet.arrived.first?.nanoseconds(since: left) }
        }.sorted()
        guard let fastest = times.first, let slowest = times.last else { return (words.joined(separator: ", "), nil) }
        let (usual, least, most) = (times[times.count / 2], fastest, slowest)
        return (
            words.joined(separator: ", "),
            """
            under way \(DurationText.text(nanoseconds: usual)) (\(DurationText.text(nanoseconds: least)) to \
            \(DurationText.text(nanoseconds: most)))
            """
        )
    }
}
