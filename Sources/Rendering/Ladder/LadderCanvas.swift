import Conversations
import Packets
import Text
import Timeline

extension LadderSVG {
    /// Draws a ladder's elements.
    struct Canvas {
        private let place: LadderPicture
        private var pen = SVGPen()
        /// Where each end's last state stands: the next one keeps below it.
        private var lastState: [SequenceDiagram.Side: Double] = [:]
        private static let stateDistance = 13.0

        init(_ place: LadderPicture) { self.place = place }

        func write(to out: inout OutputBuffer) { pen.write(to: &out) }

        // MARK: The frame

        mutating func drawHeading(_ diagram: SequenceDiagram) {
            let clock = LadderClock(diagram)
            pen.text(clock.unit, place.timeX - 10, 36, "time end")
            if let conversation = diagram.conversation {
                pen.text("\(conversation.client)", place.clientX, 20, "head middle")
                if !place.isSelfConnected { pen.text("\(conversation.server)", place.serverX, 20, "head middle") }
            }
            pen.text(place.isSelfConnected ? "connected to itself" : "client", place.clientX, 35, "time middle")
            if !place.isSelfConnected { pen.text("server", place.serverX, 35, "time middle") }
            guard place.hasCalls else { return }
            pen.text("client calls", place.clientX - LadderPicture.stateRoom, 36, "lane time end")
            pen.text("server calls", place.serverX + LadderPicture.stateRoom, 36, "lane time")
        }

        /// Lifelines run from the heading to the bottom, dashed where time is cut.
        mutating func drawLifelines() {
            let bottom = Double(place.height) - 14
            let cuts = place.items.compactMap { item -> Double? in
                if case .note(_, let y, _) = item { return y }
                return nil
            }
            for x in place.isSelfConnected ? [place.clientX] : [place.clientX, place.serverX] {
                var top = LadderPicture.headingHeight
                for cut in cuts {
                    pen.line(x, top, x, cut - 12, "life", isBelow: true)
                    pen.line(x, cut - 12, x, cut + 8, "cut", isBelow: true)
                    top = cut + 8
                }
                pen.line(x, top, x, bottom, "life", isBelow: true)
            }
        }

        // MARK: Rows

        mutating func draw(_ item: LadderPicture.Item) {
            switch item {
            case .bar(let side, let top, let bottom, let depth):
                pen.bar(place.barX(side, depth: depth), top, LadderPicture.barThickness, bottom - top)
            case .note(let note, let y, let isSilence):
                let middle = (place.clientX + (place.isSelfConnected ? place.clientX : place.serverX)) / 2
                pen.text(isSilence ? "≈ \(note) ≈" : "⋮ \(note)", middle, y, "note middle halo")
            case .row(let cells, _, let y, let arrow):
                pen.text(cells.time, place.timeX - 10, y + 4, "time end")
                let style = cells.failed ? "mono failed halo" : "mono halo"
                if !cells.clientCall.isEmpty {
                    pen.text(cells.clientCall, place.clientX - LadderPicture.stateRoom, y + 4, style + " end")
                }
                if !cells.serverCall.isEmpty {
                    pen.text(cells.serverCall, place.serverX + LadderPicture.stateRoom, y + 4, style)
                }
                drawState(cells.clientState, of: .client, at: arrow?.clientY ?? y)
                drawState(cells.serverState, of: .server, at: arrow?.serverY ?? y)
                if let arrow { draw(arrow, cells, y) }
            }
        }

        private mutating func drawState(_ state: String, of side: SequenceDiagram.Side, at y: Double) {
            if state.isEmpty { return }
            let y = max(y, (lastState[side] ?? 0) + Self.stateDistance)
            lastState[side] = y
            let isClient = side == .client
            pen.text(
                state, isClient ? place.clientX - 16 : place.serverX + 16, y + 4,
                isClient ? "state end halo" : "state halo")
        }

        private mutating func draw(_ arrow: LadderPicture.Arrow, _ cells: LadderCells, _ y: Double) {
            let label = "\(cells.number)  \(cells.arrow ?? "")"
            if cells.direction == .back {
                pen.loop(place.clientX, y, reach: 70)
                pen.tip(place.clientX, y + 5, across: -1, down: 0, "tip")
                return pen.text(label, place.clientX + 70, y + 4, "")
            }
            let isRight = cells.direction == .right
            let (startX, endX) = isRight ? (place.clientX, place.serverX) : (place.serverX, place.clientX)
            let (startY, endY) = isRight ? (arrow.clientY, arrow.serverY) : (arrow.serverY, arrow.clientY)
            if arrow.followsGap {
                // Short, so that it ends beside the label.
                let stop = startX + (isRight ? 30.0 : -30.0)
                pen.line(
                    startX, startY - 9, stop, startY - 9, "lost", title: "segments before this one were not captured")
                pen.cross(stop, startY - 9)
            }
            if let lost = arrow.lost {
                let (x, y) = (startX + (endX - startX) * 0.72, startY + (endY - startY) * 0.72)
                pen.line(startX, startY, x, y, "lost", title: lost)
                pen.cross(x, y)
            } else {
                pen.line(startX, startY, endX + (isRight ? -6.0 : 6.0), endY, cells.remarkable ? "bad" : "wire")
                pen.tip(endX, endY, across: endX - startX, down: endY - startY, cells.remarkable ? "tip bad" : "tip")
            }
            drawLabel(label, arrow, cells.remarkable)
        }

        /// Along the arrow, just above it: so none is struck through by its own.
        private mutating func drawLabel(_ label: String, _ arrow: LadderPicture.Arrow, _ isRemarkable: Bool) {
            let slope = (arrow.serverY - arrow.clientY) / (place.serverX - place.clientX)
            let (x, style): (Double, String) =
                switch place.labels {
                case .client: (place.clientX + 14, "halo")
                case .middle: ((place.clientX + place.serverX) / 2, "middle halo")
                case .server: (place.serverX - 14, "end halo")
                }
            let y = arrow.clientY + (x - place.clientX) * slope - 4
            pen.text(label, x, y, isRemarkable ? style + " failed" : style, rotated: SVGPen.degrees(slope))
        }
    }
}
