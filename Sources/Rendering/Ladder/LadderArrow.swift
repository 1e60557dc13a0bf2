import Addressing
import Conversations
import Packets
import Timeline

/// A packet's way in the picture of a ladder: from which height at its sender's lifeline to which at its receiver's.
struct LadderArrow {
    let cells: LadderCells.Arrow
    /// All that is to be said of it.
    let note: String
    let fromLane: Int
    let toLane: Int
    var start: Double
    /// Where each copy arrives; none for one that is lost.
    var ends: [Double]
    /// How far down it would have gone.
    let slant: Double
    /// Why it is drawn as lost, where that is not known but supposed.
    let supposed: String?
    /// Something before it was not captured.
    let followsGap: Bool

    var isLost: Bool { ends.isEmpty }

    /// What was captured at one place: how far the arrows go down is what the quickest answers tell.
    static func passing(_ scene: Scene, _ heights: LadderHeights, _ flight: Flight) -> [LadderArrow] {
        var ends = ArrowEnds()
        return zip(heights.drawn, heights.rows).compactMap { row, place in
            guard case .passed(let index) = row.event, let cells = place.cells.arrow else { return nil }
            let packet = scene.packets[index]
            let (before, after) = flight.parts(from: packet.from)
            var start = heights.height(of: row.time.advanced(byNanoseconds: -before))
            var end = heights.height(of: row.time.advanced(byNanoseconds: after))
            if !flight.isKnown || end - start < 4 { (start, end) = (place.y - 4, place.y + 5) }
            // So long a way would cross the whole picture.
            if end - start > 90 { (start, end) = (max(start, place.y - 45), min(end, place.y + 45)) }
            if cells.direction == .back { (start, end) = (place.y, place.y) }
            (start, end) = ends.apart(start, end, from: packet.from)
            return LadderArrow(
                cells: cells, note: "", fromLane: packet.fromLane, toLane: packet.toLane, start: start,
                ends: packet.repeatedIn == nil ? [end] : [], slant: end - start,
                supposed: packet.repeatedIn.map {
                    "sent again in packet \($0): this one or its acknowledgment was lost"
                },
                followsGap: packet.segment?.marks.contains(.lostSegment) ?? false)
        }
    }

    /// What was captured at both ends.
    static func crossing(_ scene: Scene, _ heights: LadderHeights) -> [LadderArrow] {
        var starts: [Int: Double] = [:]
        var ends: [Int: [Double]] = [:]
        for (row, place) in zip(heights.drawn, heights.rows) {
            switch row.event {
            case .left(let packet): starts[packet] = place.y
            case .arrived(let packet, copy: _): ends[packet, default: []].append(place.y)
            case .passed, .began, .returned, .whole: break
            }
        }
        let slants = starts.compactMap { packet, y in ends[packet]?.first.map { $0 - y } }.sorted()
        let slant = slants.isEmpty ? 24 : slants[slants.count / 2]
        return scene.packets.indices.compactMap { index in
            guard starts[index] != nil || ends[index] != nil else { return nil }
            let packet = scene.packets[index]
            let arrived = ends[index] ?? []
            let start = starts[index] ?? (arrived.first ?? 0) - slant
            // Where the row of its arrival is left out, it is drawn as far as others go.
            let isOutside = !packet.isLost && arrived.isEmpty
            return LadderArrow(
                cells: LadderCells.Arrow(packet, .left), note: PassageText.texts(of: packet).joined(separator: "; "),
                fromLane: packet.fromLane, toLane: packet.toLane, start: start,
                ends: isOutside ? [start + slant] : arrived, slant: slant, supposed: nil, followsGap: false)
        }
    }
}

/// Keeps arrows of one direction apart: where time is drawn small, they would lie on each other.
private struct ArrowEnds {
    private static let distance = 12.0
    private var last: [Scene.Side: (start: Double, end: Double)] = [:]

    mutating func apart(_ start: Double, _ end: Double, from side: Scene.Side) -> (Double, Double) {
        let before = last[side]
        let now = (max(start, (before?.start ?? 0) + Self.distance), max(end, (before?.end ?? 0) + Self.distance))
        last[side] = now
        return now
    }
}

/// How long packets were under way, and where between the ends the capture saw them: the way from the capture to an end
/// and back takes no longer than the quickest answer that came from there. So no answer is drawn before its question.
struct Flight {
    /// From the client to where the capture was made, and from there to the server, in nanoseconds.
    private var clientPart: Int64 = 0
    private var serverPart: Int64 = 0
    private(set) var isKnown = false

    /// Nothing is known.
    init() {}

    /// - Parameter rows: those that are drawn.
    init(_ scene: Scene, _ rows: [Scene.Row]) {
        var waiting: [Scene.Side: (end: SequenceNumber, time: Timestamp)] = [:]
        var quickest: [Scene.Side: Int64] = [:]
        for row in rows {
            guard case .passed(let index) = row.event, let packet = scene.packets[index].segment, let tcp = packet.tcp
            else { continue }
            let side = scene.packets[index].from
            if tcp.flags.contains(.ack), let asked = waiting[side.other], !tcp.acknowledgment.precedes(asked.end) {
                if let gap = packet.time.elapsed(since: asked.time) {
                    quickest[side] = min(quickest[side] ?? .max, gap)
                }
                waiting[side.other] = nil
            }
            // Karn's rule: an answer to what was sent twice says nothing.
            if !packet.marks.isDisjoint(with: .anyRetransmission) {
                waiting[side] = nil
            } else if packet.sequenceLength > 0 {
                waiting[side] = (tcp.sequence + packet.sequenceLength, packet.time)
            }
        }
        clientPart = (quickest[.client] ?? 0) / 2
        serverPart = (quickest[.server] ?? 0) / 2
        isKnown = clientPart + serverPart > 0
    }

    var labels: LadderPicture.LabelPlace {
        if !isKnown { return .middle }
        return clientPart < serverPart / 3 ? .client : serverPart < clientPart / 3 ? .server : .middle
    }

    func parts(from side: Scene.Side) -> (before: Int64, after: Int64) {
        side == .client ? (clientPart, serverPart) : (serverPart, clientPart)
    }
}
