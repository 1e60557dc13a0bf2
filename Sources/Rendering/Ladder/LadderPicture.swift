import Addressing
import Conversations
import Packets
import Timeline

/// Where everything stands in the picture of a ladder, in CSS pixels.
struct LadderPicture {
    /// A step of the diagram at its height.
    enum Item {
        case row(LadderCells, SequenceDiagram.Row, y: Double, arrow: Arrow?)
        /// A call from where it began to where it returned.
        case bar(SequenceDiagram.Side, top: Double, bottom: Double, depth: Int)
        case note(String, y: Double, isSilence: Bool)
    }

    struct Arrow {
        /// At the client's end and at the server's.
        var clientY: Double
        var serverY: Double
        /// nil: arrived as far as anybody knows; else why it is drawn as lost.
        let lost: String?
        /// Something before it was not captured.
        let followsGap: Bool
    }

    let title: String
    let clientX: Double
    let serverX: Double
    let timeX: Double
    let width: Int
    private(set) var height = 0
    private(set) var items: [Item] = []
    let hasCalls: Bool
    let isSelfConnected: Bool
    /// Where on their arrows labels stand: where the capture was made. There each arrow is at the height of its own
    /// row, so that no label stands on another one, however arrows cross.
    private(set) var labels = LabelPlace.middle

    enum LabelPlace { case client, middle, server }

    static let headingHeight = 44.0
    static let closest = 24.0
    private static let farthest = 56.0
    private static let silence = 46.0
    private static let barWidth = 7.0
    /// Between a lifeline and the calls: room for the longest state.
    static let stateRoom = 92.0
    /// The average character of the text in pixels.
    private static let character = 6.7

    init(_ diagram: SequenceDiagram, abridged: Bool) {
        let clock = LadderClock(diagram)
        let steps = diagram.steps(abridged: abridged)
        let cells = steps.map { step -> LadderCells? in
            guard case .row(let row) = step else { return nil }
            return LadderCells(row, diagram, clock)
        }
        func widest(_ text: (LadderCells) -> String) -> Double {
            Double(cells.reduce(0) { longest, cell in max(longest, cell.map { text($0).count } ?? 0) }) * Self.character
        }
        hasCalls = cells.contains { $0.map { !$0.clientCall.isEmpty || !$0.serverCall.isEmpty } ?? false }
        isSelfConnected = diagram.isSelfConnected
        let ends = diagram.conversation.map { ("\($0.client)", "\($0.server)") } ?? ("client", "server")
        title = diagram.conversation == nil ? "Socket calls without packets" : "Ladder of \(ends.0) and \(ends.1)"
        timeX = max(46, widest(\.time) + 16)
        let clientCalls = hasCalls ? max(90, widest(\.clientCall) + 16) : 20
        let serverCalls = hasCalls ? max(90, widest(\.serverCall) + 16) : 20
        // Headings are bold, and stand over the middle of their lifelines.
        func half(_ heading: String) -> Double { Double(heading.count) * Self.character * 0.55 + 10 }
        let wire = max(300, widest { $0.arrow ?? "" } + 110, half(ends.0) + half(ends.1))
        clientX = max(timeX + clientCalls + Self.stateRoom, half(ends.0))
        serverX = clientX + wire
        // A socket that is connected to itself has the label beside its one lifeline.
        width = Int(serverX + max(Self.stateRoom + serverCalls, half(ends.1)))
        place(diagram, steps, cells)
    }

    private mutating func place(_ diagram: SequenceDiagram, _ steps: [SequenceDiagram.Step], _ cells: [LadderCells?]) {
        // From the rows that are drawn: of a long transfer the others may not have been kept.
        let rows = steps.compactMap { step -> SequenceDiagram.Row? in
            if case .row(let row) = step { row } else { nil }
        }
        let scale = Self.scale(rows)
        var y = Self.headingHeight + 14
        var heights: [(time: Timestamp, y: Double)] = []
        var places: [Double] = []
        for step in steps {
            switch step {
            case .row(let row):
                if let last = heights.last {
                    let gap = Double(row.time.nanoseconds(since: last.time))
                    // After a note the distance is the note's.
                    let isAfterNote = places.count >= 1 && y > last.y
                    y += isAfterNote ? Self.closest : min(Self.farthest, max(Self.closest, gap * scale))
                }
                heights.append((row.time, y))
                places.append(y)
            case .silence, .omitted:
                y += Self.silence / 2
                places.append(y)
                y += Self.silence / 2 - Self.closest / 2
            }
        }
        let flight = Flight(rows)
        labels = flight.labels
        var ends = ArrowEnds()
        let lost = LostPackets(rows, isSelfConnected: diagram.isSelfConnected)
        for ((step, cell), y) in zip(zip(steps, cells), places) {
            switch step {
            case .row(let row):
                guard let cell else { continue }
                items.append(
                    .row(
                        cell, row, y: y,
                        arrow: arrow(row, y, flight, heights, lost).map { ends.apart($0.arrow, from: $0.side) }))
            case .silence(let gap): items.append(.note(OmissionText.silence(gap), y: y, isSilence: true))
            case .omitted(let omission):
                let parts = OmissionText.parts(omission, isTCP: diagram.conversation?.transport != .udp)
                items.append(.note(parts.joined(separator: ", "), y: y, isSilence: false))
            }
        }
        addBars(heights)
        height = Int(max(y + 34, ends.lowest + 18))
    }

    /// Pixels a nanosecond: the median gap takes a little more than the closest distance.
    private static func scale(_ rows: [SequenceDiagram.Row]) -> Double {
        let gaps = zip(rows, rows.dropFirst()).map { $1.time.nanoseconds(since: $0.time) }.filter { $0 > 0 }.sorted()
        guard !gaps.isEmpty else { return 0 }
        return closest * 1.2 / Double(gaps[gaps.count / 2])
    }

    /// The height of any moment: between two rows in proportion.
    private static func height(of time: Timestamp, _ heights: [(time: Timestamp, y: Double)]) -> Double {
        guard let first = heights.first, let last = heights.last else { return headingHeight }
        if time <= first.time { return first.y - min(12, Double(first.time.nanoseconds(since: time)) / 1000) }
        if time >= last.time { return last.y + min(14, Double(time.nanoseconds(since: last.time)) / 1000) }
        var (low, high) = (0, heights.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if heights[middle].time <= time { low = middle } else { high = middle }
        }
        let (a, b) = (heights[low], heights[high])
        let span = Double(b.time.nanoseconds(since: a.time))
        guard span > 0 else { return a.y }
        return a.y + (b.y - a.y) * Double(time.nanoseconds(since: a.time)) / span
    }

    private func arrow(
        _ row: SequenceDiagram.Row, _ y: Double, _ flight: Flight, _ heights: [(time: Timestamp, y: Double)],
        _ lost: LostPackets
    ) -> (arrow: Arrow, side: SequenceDiagram.Side)? {
        let side: SequenceDiagram.Side
        var reason: String?
        var followsGap = false
        switch row.event {
        case .packet(let packet, let from, _, _):
            side = from
            reason = lost.reason[packet.number]
            followsGap = packet.marks.contains(.lostSegment)
        case .icmp(_, let to): side = to == .client ? .server : .client
        case .began, .returned, .whole: return nil
        }
        let (before, after) = flight.parts(from: side)
        var start = Self.height(of: row.time.advanced(byNanoseconds: -before), heights)
        var end = Self.height(of: row.time.advanced(byNanoseconds: after), heights)
        if !flight.isKnown || end - start < 4 { (start, end) = (y - 4, y + 5) }
        // So long a way would cross the whole picture.
        if end - start > 90 { (start, end) = (max(start, y - 45), min(end, y + 45)) }
        let arrow =
            side == .client
            ? Arrow(clientY: start, serverY: end, lost: reason, followsGap: followsGap)
            : Arrow(clientY: end, serverY: start, lost: reason, followsGap: followsGap)
        return (arrow, side)
    }

    // MARK: Calls

    private mutating func addBars(_ heights: [(time: Timestamp, y: Double)]) {
        var bars: [Item] = []
        for side in [SequenceDiagram.Side.client, .server] {
            var open: [(bottom: Timestamp, depth: Int)] = []
            for item in items {
                guard case .row(_, let row, let y, _) = item, case .began(let call, side) = row.event else { continue }
                open.removeAll { $0.bottom <= call.start }
                let depth = (0...open.count).first { depth in !open.contains { $0.depth == depth } } ?? 0
                let bottom = call.returned.map { Self.height(of: $0, heights) } ?? (heights.last?.y ?? y) + 16
                bars.append(.bar(side, top: y, bottom: max(y + 6, bottom), depth: depth))
                open.append((call.returned ?? Timestamp(seconds: .max, nanoseconds: 0), depth))
            }
        }
        items.insert(contentsOf: bars, at: 0)
    }

    func barX(_ side: SequenceDiagram.Side, depth: Int) -> Double {
        let away = 5.0 + Double(min(depth, 6)) * (Self.barWidth + 2)
        return side == .client ? clientX - away - Self.barWidth : serverX + away
    }

    static var barThickness: Double { barWidth }
}

/// Keeps arrows of one direction apart: where time is drawn small, they would lie on each other.
private struct ArrowEnds {
    private static let distance = 12.0
    private var last: [SequenceDiagram.Side: (client: Double, server: Double)] = [:]
    private(set) var lowest = 0.0

    mutating func apart(_ arrow: LadderPicture.Arrow, from side: SequenceDiagram.Side) -> LadderPicture.Arrow {
        var arrow = arrow
        if let last = last[side] {
            arrow.clientY = max(arrow.clientY, last.client + Self.distance)
            arrow.serverY = max(arrow.serverY, last.server + Self.distance)
        }
        last[side] = (arrow.clientY, arrow.serverY)
        lowest = max(lowest, arrow.clientY, arrow.serverY)
        return arrow
    }
}

/// How long packets were under way, and where between the ends the capture saw them: the way from the capture to an end
/// and back takes no longer than the quickest answer that came from there. So no answer is drawn before its question.
private struct Flight {
    /// From the client to where the capture was made, and from there to the server, in nanoseconds.
    private var clientPart: Int64 = 0
    private var serverPart: Int64 = 0
    private(set) var isKnown = false

    init(_ rows: [SequenceDiagram.Row]) {
        var waiting: [SequenceDiagram.Side: (end: SequenceNumber, time: Timestamp)] = [:]
        var quickest: [SequenceDiagram.Side: Int64] = [:]
        for row in rows {
            guard case .packet(let packet, let side, _, _) = row.event, let tcp = packet.tcp else { continue }
            let other: SequenceDiagram.Side = side == .client ? .server : .client
            if tcp.flags.contains(.ack), let asked = waiting[other], !tcp.acknowledgment.precedes(asked.end) {
                let gap = packet.time.nanoseconds(since: asked.time)
                if gap >= 0 { quickest[side] = min(quickest[side] ?? .max, gap) }
                waiting[other] = nil
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

    func parts(from side: SequenceDiagram.Side) -> (before: Int64, after: Int64) {
        side == .client ? (clientPart, serverPart) : (serverPart, clientPart)
    }
}

/// Packets that were sent again for a reason: they or their acknowledgments were lost.
private struct LostPackets {
    /// By the number of the first packet that carried the same.
    private(set) var reason: [Int: String] = [:]

    private struct Segment: Hashable {
        let side: SequenceDiagram.Side
        let sequence: SequenceNumber
    }

    init(_ rows: [SequenceDiagram.Row], isSelfConnected: Bool) {
        if isSelfConnected { return }
        var last: [Segment: Int] = [:]
        for row in rows {
            guard case .packet(let packet, let side, _, _) = row.event, let tcp = packet.tcp, packet.sequenceLength > 0
            else { continue }
            let segment = Segment(side: side, sequence: tcp.sequence)
            if !packet.marks.isDisjoint(with: [.retransmission, .fastRetransmission]), let first = last[segment] {
                reason[first] = "sent again in packet \(packet.number): this one or its acknowledgment was lost"
            }
            last[segment] = packet.number
        }
    }
}
