import Timeline

/// Which rows of a long two-host ladder are drawn: its beginning and end, and the surroundings of what is remarkable. A
/// megabyte is 700 segments each way, and a picture of those is none.
enum LadderExcerpt {
    enum Part: Hashable {
        case row(Int)
        case gap(rows: Int, packets: Int)
    }

    /// So many rows are drawn in any case.
    private static let whole = 240
    private static let beginning = 60
    private static let end = 40
    /// Rows before and after a remarkable one, and the most remarkable ones that are shown.
    private static let surroundings = 3
    private static let most = 40

    /// - Parameter abridged: whether anything is left out at all.
    static func parts(of diagram: TwoHostDiagram, abridged: Bool = true) -> [Part] {
        let count = diagram.rows.count
        if count <= whole || !abridged { return (0..<count).map(Part.row) }
        var shown = [Bool](repeating: false, count: count)
        for index in 0..<beginning { shown[index] = true }
        for index in count - end..<count { shown[index] = true }
        var remarkable = 0
        for index in 0..<count where remarkable < most && isRemarkable(diagram.rows[index], diagram) {
            remarkable += 1
            for near in max(0, index - surroundings)...min(count - 1, index + surroundings) { shown[near] = true }
        }
        var parts: [Part] = []
        var index = 0
        while index < count {
            if shown[index] {
                parts.append(.row(index))
                index += 1
                continue
            }
            let start = index
            var packets = 0
            while index < count, !shown[index] {
                if case .left = diagram.rows[index].event { packets += 1 }
                index += 1
            }
            parts.append(.gap(rows: index - start, packets: packets))
        }
        return parts
    }

    private static func isRemarkable(_ row: TwoHostDiagram.Row, _ diagram: TwoHostDiagram) -> Bool {
        switch row.event {
        case .left(let index):
            let arrow = diagram.arrows[index]
            return arrow.isLost || arrow.arrived.count > 1
                || arrow.notes.contains { note in
                    switch note {
                    case .timer, .fastRetransmission, .recovery, .zeroWindow, .wire: true
                    default: false
                    }
                }
        default: return row.state != nil
        }
    }
}
