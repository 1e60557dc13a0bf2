import Conversations
import Packets
import Timeline

extension LadderSVG {
    /// Collects the elements of a picture: bars and lifelines below, arrows above them, texts on top.
    struct Canvas {
        private let place: LadderPicture
        private var below: [String] = []
        private var above: [String] = []
        private var texts: [String] = []

        init(_ place: LadderPicture) { self.place = place }

        func write(to out: inout OutputBuffer) {
            for element in below + above + texts {
                out.append(text: element)
                out.append(ascii: 10)
            }
        }

        /// Pixels with one decimal.
        private func px(_ value: Double) -> String {
            let tenths = Int((value * 10).rounded())
            return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
        }

        private mutating func text(_ text: String, _ x: Double, _ y: Double, _ style: String) {
            texts.append("<text class=\"\(style)\" x=\"\(px(x))\" y=\"\(px(y))\">\(LadderSVG.escaped(text))</text>")
        }

        private mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String, title: String = "") {
            let inner = title.isEmpty ? "/>" : "><title>\(LadderSVG.escaped(title))</title></line>"
            above.append("<line class=\"\(style)\" x1=\"\(px(x1))\" y1=\"\(px(y1))\" x2=\"\(px(x2))\" y2=\"\(px(y2))\"\(inner)")
        }

        // MARK: The frame

        mutating func drawHeading(_ diagram: SequenceDiagram) {
            let clock = LadderClock(diagram)
            text(clock.unit, place.timeX - 10, 36, "time end")
            if let conversation = diagram.conversation {
                text("\(conversation.client)", place.clientX, 20, "head middle")
                if !place.isSelfConnected { text("\(conversation.server)", place.serverX, 20, "head middle") }
            }
            text(place.isSelfConnected ? "connected to itself" : "client", place.clientX, 35, "time middle")
            if !place.isSelfConnected { text("server", place.serverX, 35, "time middle") }
            guard place.hasCalls else { return }
            text("client calls", place.clientX - LadderPicture.stateRoom, 36, "lane time end")
            text("server calls", place.serverX + LadderPicture.stateRoom, 36, "lane time")
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
                    below.append("<line class=\"life\" x1=\"\(px(x))\" y1=\"\(px(top))\" x2=\"\(px(x))\" y2=\"\(px(cut - 12))\"/>")
                    below.append("<line class=\"cut\" x1=\"\(px(x))\" y1=\"\(px(cut - 12))\" x2=\"\(px(x))\" y2=\"\(px(cut + 8))\"/>")
                    top = cut + 8
                }
                below.append("<line class=\"life\" x1=\"\(px(x))\" y1=\"\(px(top))\" x2=\"\(px(x))\" y2=\"\(px(bottom))\"/>")
            }
        }

        // MARK: Rows

        mutating func draw(_ item: LadderPicture.Item) {
            switch item {
            case .bar(let side, let top, let bottom, let depth):
                let x = place.barX(side, depth: depth)
                below.append("<rect class=\"bar\" x=\"\(px(x))\" y=\"\(px(top))\" width=\"\(px(LadderPicture.barThickness))\" height=\"\(px(bottom - top))\" rx=\"2\"/>")
            case .note(let note, let y, let isSilence):
                let middle = (place.clientX + (place.isSelfConnected ? place.clientX : place.serverX)) / 2
                text(isSilence ? "≈ \(note) ≈" : "⋮ \(note)", middle, y, "note middle halo")
            case .row(let cells, _, let y, let arrow):
                text(cells.time, place.timeX - 10, y + 4, "time end")
                let style = cells.failed ? "mono failed halo" : "mono halo"
                if !cells.clientCall.isEmpty { text(cells.clientCall, place.clientX - LadderPicture.stateRoom, y + 4, style + " end") }
                if !cells.serverCall.isEmpty { text(cells.serverCall, place.serverX + LadderPicture.stateRoom, y + 4, style) }
                if !cells.clientState.isEmpty { text(cells.clientState, place.clientX - 16, (arrow?.clientY ?? y) + 4, "state end halo") }
                if !cells.serverState.isEmpty { text(cells.serverState, place.serverX + 16, (arrow?.serverY ?? y) + 4, "state halo") }
                if let arrow { draw(arrow, cells, y) }
            }
        }

        private mutating func draw(_ arrow: LadderPicture.Arrow, _ cells: LadderCells, _ y: Double) {
            let label = "\(cells.number)  \(cells.arrow ?? "")"
            if cells.direction == .back {
                let right = place.clientX + 70
                above.append("<path d=\"M\(px(place.clientX)) \(px(y - 5))C\(px(right)) \(px(y - 8)) \(px(right)) \(px(y + 8)) \(px(place.clientX + 7)) \(px(y + 5))\"/>")
                drawTip(place.clientX, y + 5, pointsRight: false, slope: 0, "tip")
                return text(label, right, y + 4, "")
            }
            let isRight = cells.direction == .right
            let (startX, endX) = isRight ? (place.clientX, place.serverX) : (place.serverX, place.clientX)
            let (startY, endY) = isRight ? (arrow.clientY, arrow.serverY) : (arrow.serverY, arrow.clientY)
            if arrow.followsGap {
                // Short, so that it ends beside the label.
                let stop = startX + (isRight ? 30.0 : -30.0)
                line(startX, startY - 9, stop, startY - 9, "lost", title: "segments before this one were not captured")
                drawCross(stop, startY - 9)
            }
            let style = cells.remarkable ? "bad" : "wire"
            if let lost = arrow.lost {
                let (x, y) = (startX + (endX - startX) * 0.72, startY + (endY - startY) * 0.72)
                line(startX, startY, x, y, "lost", title: lost)
                drawCross(x, y)
            } else {
                let away = isRight ? -6.0 : 6.0
                line(startX, startY, endX + away, endY, style)
                drawTip(endX, endY, pointsRight: isRight, slope: (endY - startY) / abs(endX - startX), cells.remarkable ? "tip bad" : "tip")
            }
            let (x, labelStyle): (Double, String) = switch place.labels {
            case .client: (place.clientX + 14, "halo")
            case .middle: ((place.clientX + place.serverX) / 2, "middle halo")
            case .server: (place.serverX - 14, "end halo")
            }
            text(label, x, y - 5, cells.remarkable ? labelStyle + " failed" : labelStyle)
        }

        private mutating func drawTip(_ x: Double, _ y: Double, pointsRight: Bool, slope: Double, _ style: String) {
            let back = pointsRight ? x - 9 : x + 9
            let behind = y - slope * 9
            above.append("<path class=\"\(style)\" d=\"M\(px(x)) \(px(y))L\(px(back)) \(px(behind - 4))L\(px(back)) \(px(behind + 4))Z\"/>")
        }

        private mutating func drawCross(_ x: Double, _ y: Double) {
            above.append("<path class=\"bad\" d=\"M\(px(x - 5)) \(px(y - 5))L\(px(x + 5)) \(px(y + 5))M\(px(x - 5)) \(px(y + 5))L\(px(x + 5)) \(px(y - 5))\"/>")
        }
    }
}
