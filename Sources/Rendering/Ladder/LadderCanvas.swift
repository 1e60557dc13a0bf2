import Text
import Timeline

extension LadderSVG {
    /// Draws a ladder's elements.
    struct Canvas {
        private let place: LadderPicture
        private var laneX: [Double] { place.columns.laneX }
        private var pen = SVGPen()
        /// Where each lane's last state stands: the next one keeps below it.
        private var lastState: [Int: Double] = [:]
        private static let stateDistance = 13.0
        /// A steeper arrow's label stands beside it, level: along it, it would cover the neighbours.
        private static let steepest = 0.4

        init(_ place: LadderPicture) { self.place = place }

        func write(to out: inout OutputBuffer) { pen.write(to: &out) }

        mutating func draw(_ scene: Scene) {
            drawHeading(scene)
            for bar in place.bars {
                pen.bar(place.columns.barX(bar), bar.top, LadderColumns.barWidth, bar.bottom - bar.top)
            }
            var arrows = place.arrows[...]
            for (cells, y) in place.rows {
                // States stand where their arrow ends, and arrows of one place have a row each.
                var arrow: LadderArrow?
                if case .passed? = cells.arrow?.part { arrow = arrows.popFirst() }
                drawRow(cells, y, arrow)
            }
            for arrow in place.arrows { drawArrow(arrow) }
            let ends = place.isSelfConnected ? laneX.prefix(1) : laneX[...]
            let middle = ((ends.first ?? 0) + (ends.last ?? 0)) / 2
            for note in place.notes { pen.text(note.text, middle, note.y, "note middle halo") }
            drawLifelines()
        }

        // MARK: The frame

        private mutating func drawHeading(_ scene: Scene) {
            pen.text(place.unit, place.columns.timeX - 10, 36, "time end")
            if let right = place.columns.otherTimeX { pen.text(place.unit, right, 36, "time") }
            let headings = zip(laneX, place.columns.headings)
            for (x, heading) in headings { pen.text(heading.name, x, 20, "head middle") }
            for (x, heading) in headings { pen.text(heading.role, x, 35, "time middle") }
            if scene.showsPrograms {
                for (number, line) in LaneText.legend(scene).enumerated() {
                    pen.text(line, 8, Double(place.height - place.legendHeight) + Double(number) * 15 + 12, "time")
                }
            } else if place.rows.contains(where: { !$0.cells.call.isEmpty }) {
                for (lane, name) in [(0, "client calls"), (1, "server calls")] {
                    let (x, anchor) = place.columns.callX(lane)
                    pen.text(name, x, 36, "lane time\(anchor)")
                }
            }
        }

        /// Lifelines run from the heading to the bottom, dashed where time is cut.
        private mutating func drawLifelines() {
            let bottom = Double(place.height - place.legendHeight) - 14
            for x in place.isSelfConnected ? laneX.prefix(1) : laneX[...] {
                var top = LadderPicture.headingHeight
                for note in place.notes {
                    pen.line(x, top, x, note.y - 12, "life", isBelow: true)
                    pen.line(x, note.y - 12, x, note.y + 8, "cut", isBelow: true)
                    top = note.y + 8
                }
                pen.line(x, top, x, bottom, "life", isBelow: true)
            }
        }

        // MARK: Rows

        private mutating func drawRow(_ cells: LadderCells, _ y: Double, _ arrow: LadderArrow?) {
            if let right = place.columns.otherTimeX, cells.lane > 0 {
                pen.text(cells.time, right, y + 4, "time")
            } else {
                pen.text(cells.time, place.columns.timeX - 10, y + 4, "time end")
            }
            if !cells.call.isEmpty {
                let (x, anchor) = place.columns.callX(cells.lane)
                let style = cells.failed ? "mono failed halo" : "mono halo"
                pen.text(cells.title(in: place.scene), x, y + 4, style + anchor)
            }
            drawState(cells.state, at: cells.lane, arrow?.start ?? y)
            drawState(cells.otherState, at: cells.otherLane, arrow.map { $0.start + $0.slant } ?? y)
        }

        private mutating func drawState(_ state: String, at lane: Int, _ y: Double) {
            if state.isEmpty { return }
            let y = max(y, (lastState[lane] ?? 0) + Self.stateDistance)
            lastState[lane] = y
            let (x, anchor) = place.columns.stateX(lane)
            pen.text(state, x, y + 4, "state\(anchor) halo")
        }

        // MARK: Arrows

        private mutating func drawArrow(_ arrow: LadderArrow) {
            let label = arrow.cells.title(in: place.scene, separator: "  ")
            let (startX, endX) = (laneX[arrow.fromLane], laneX[arrow.toLane])
            if arrow.cells.direction == .back {
                pen.loop(startX, arrow.start, reach: 70)
                pen.tip(startX, arrow.start + 5, across: -1, down: 0, "tip")
                return pen.text(label, startX + 70, arrow.start + 4, "")
            }
            let isRight = endX > startX
            let isRemarkable = arrow.cells.isRemarkable
            if arrow.followsGap {
                // Short, so that it ends beside the label.
                let (stop, y) = (startX + (isRight ? 30.0 : -30.0), arrow.start - 9)
                pen.line(startX, y, stop, y, "lost", title: "segments before this one were not captured")
                pen.cross(stop, y)
            }
            if arrow.isLost {
                // Labels of what passed one place stand in the middle.
                let share = arrow.supposed == nil ? 0.5 : 0.72
                let (x, y) = (startX + (endX - startX) * share, arrow.start + arrow.slant * share)
                pen.line(startX, arrow.start, x, y, "lost", title: arrow.supposed ?? "")
                pen.cross(x, y)
            }
            for end in arrow.ends {
                pen.line(startX, arrow.start, endX + (isRight ? -6 : 6), end, isRemarkable ? "bad" : "wire")
                pen.tip(endX, end, across: endX - startX, down: end - arrow.start, isRemarkable ? "tip bad" : "tip")
            }
            drawLabel(label, arrow, from: startX, to: endX)
        }

        /// Along the arrow, just above it: so none is struck through by its own.
        private mutating func drawLabel(_ label: String, _ arrow: LadderArrow, from startX: Double, to endX: Double) {
            let slope = ((arrow.ends.first ?? arrow.start + arrow.slant) - arrow.start) / (endX - startX)
            let style = arrow.cells.isRemarkable ? "halo failed" : "halo"
            let clientX = min(startX, endX)
            let (x, anchor): (Double, String) =
                switch place.labels {
                case .client: (clientX + 14, "")
                case .middle: ((startX + endX) / 2, "middle ")
                case .server: (max(startX, endX) - 14, "end ")
                case .nearDeparture: (startX + (endX - startX) * (arrow.isLost ? 0.25 : 0.4), "middle ")
                }
            if place.labels == .nearDeparture, abs(slope) > Self.steepest {
                let words = arrow.note.isEmpty ? label : "\(label)  (\(arrow.note))"
                let isRight = endX > startX
                return pen.text(
                    words, startX + (isRight ? 12 : -12), arrow.start + 4, isRight ? style : "end \(style)")
            }
            let y = arrow.start + (x - startX) * slope
            pen.text(label, x, y - 4, anchor + style, rotated: SVGPen.degrees(slope))
            pen.text(arrow.note, x, y + 11, "note middle halo", rotated: SVGPen.degrees(slope))
        }
    }
}
