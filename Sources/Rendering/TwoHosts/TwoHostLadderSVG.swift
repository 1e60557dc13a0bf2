import Addressing
import Conversations
import Text
import Timeline

/// Draws a two-host diagram as an SVG picture: a lifeline for each host with its own times beside it, an arrow from
/// where a packet left to where it arrived. A lost one ends in a cross half-way, of a doubled one two arrive, a late
/// one crosses others.
///
/// Downwards is time. Distances grow with the time between rows, but not without limit; a silence is cut and labelled.
public struct TwoHostLadderSVG {
    private let diagram: TwoHostDiagram
    private let place: TwoHostPicture

    /// - Parameter abridged: whether long runs of ordinary rows are left out.
    public init(_ diagram: TwoHostDiagram, abridged: Bool = true) {
        self.diagram = diagram
        place = TwoHostPicture(diagram, abridged: abridged)
    }

    /// The picture's size in CSS pixels.
    public var width: Int { place.width }
    public var height: Int { place.height }

    /// Several ladders below each other in one picture, or one alone.
    public static func write(_ diagrams: [TwoHostDiagram], abridged: Bool = true, to out: inout OutputBuffer) {
        let pictures = diagrams.map { TwoHostLadderSVG($0, abridged: abridged) }
        if pictures.count == 1, let only = pictures.first { return only.write(to: &out) }
        let (width, height) = (pictures.map(\.width).max() ?? 0, pictures.reduce(0) { $0 + $1.height })
        out.append(
            text:
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"np-ladder\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\">\n<style>\n\(LadderSVG.style)\n</style>\n"
        )
        var top = 0
        for picture in pictures where out.isOpen {
            picture.write(embedded: true, y: top, to: &out)
            top += picture.height
        }
        out.append("</svg>\n")
    }

    /// - Parameters:
    ///   - embedded: without the style, which the page has.
    ///   - y: the place in a picture that holds several.
    public func write(embedded: Bool = false, y: Int = 0, to out: inout OutputBuffer) {
        let origin = y == 0 ? "" : " x=\"0\" y=\"\(y)\""
        let title = "Ladder of \(diagram.client) and \(diagram.server), each with its own times"
        out.append(
            text:
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"np-ladder\"\(origin) width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" role=\"img\">\n"
        )
        out.append(text: "<title>\(title.escapedForMarkup)</title>\n")
        if !embedded { out.append(text: "<style>\n\(LadderSVG.style)\n</style>\n") }
        out.append(text: "<rect class=\"back\" width=\"\(width)\" height=\"\(height)\"/>\n")
        var pen = SVGPen()
        drawFrame(&pen)
        for (index, y) in place.rows { drawRow(diagram.rows[index], y, &pen) }
        for arrow in place.arrows { draw(arrow, &pen) }
        for note in place.notes { pen.text(note.text, (place.clientX + place.serverX) / 2, note.y, "note middle halo") }
        for bar in place.bars {
            let x = bar.side == .client ? place.clientX - 12 : place.serverX + 5
            pen.bar(x, bar.top, 7, bar.bottom - bar.top)
        }
        pen.write(to: &out)
        out.append("</svg>\n")
    }

    // MARK: Elements

    private func drawFrame(_ pen: inout SVGPen) {
        pen.text("ms", place.clientTimeX, 36, "time end")
        pen.text("ms", place.serverTimeX, 36, "time")
        pen.text("\(diagram.client)", place.clientX, 20, "head middle")
        pen.text("\(diagram.server)", place.serverX, 20, "head middle")
        pen.text("client", place.clientX, 35, "time middle")
        pen.text("server", place.serverX, 35, "time middle")
        for x in [place.clientX, place.serverX] {
            var top = TwoHostPicture.headingHeight
            for note in place.notes {
                pen.line(x, top, x, note.y - 12, "life", isBelow: true)
                pen.line(x, note.y - 12, x, note.y + 8, "cut", isBelow: true)
                top = note.y + 8
            }
            pen.line(x, top, x, Double(height) - 14, "life", isBelow: true)
        }
    }

    private func drawRow(_ row: TwoHostDiagram.Row, _ y: Double, _ pen: inout SVGPen) {
        let isClient = row.side == .client
        let time = TwoHostLadderText.time(row.time, diagram)
        pen.text(time, isClient ? place.clientTimeX : place.serverTimeX, y + 4, isClient ? "time end" : "time")
        if let state = row.state?.rawValue {
            pen.text(
                state, isClient ? place.clientX - 16 : place.serverX + 16, y + 4,
                isClient ? "state end halo" : "state halo")
        }
        guard let call = TwoHostLadderText.call(row, in: diagram) else { return }
        let style = TwoHostLadderText.failed(row.event) ? "mono failed halo" : "mono halo"
        let x = isClient ? place.clientX - TwoHostPicture.stateRoom : place.serverX + TwoHostPicture.stateRoom
        pen.text(call, x, y + 4, isClient ? style + " end" : style)
    }

    private func draw(_ arrow: TwoHostPicture.Arrow, _ pen: inout SVGPen) {
        let what = diagram.arrows[arrow.index]
        let isRight = what.from == .client
        let (startX, endX) = isRight ? (place.clientX, place.serverX) : (place.serverX, place.clientX)
        let isRemarkable = what.isLost || what.notes.contains(where: Self.isRepair)
        let label = "\(what.number)  \(TwoHostLadderText.label(what))"
        if arrow.ends.isEmpty {
            let (x, y) = ((startX + endX) / 2, arrow.start + arrow.slant / 2)
            pen.line(startX, arrow.start, x, y, "lost")
            pen.cross(x, y)
        }
        for end in arrow.ends {
            pen.line(startX, arrow.start, endX + (isRight ? -6 : 6), end, isRemarkable ? "bad" : "wire")
            pen.tip(endX, end, across: endX - startX, down: end - arrow.start, isRemarkable ? "tip bad" : "tip")
        }
        let end = arrow.ends.first ?? arrow.start + arrow.slant
        let slope = (end - arrow.start) / (endX - startX)
        let style = isRemarkable ? "halo failed" : "halo"
        let notes = TwoHostNotes.texts(of: what).joined(separator: "; ")
        if abs(slope) > 0.4 {
            // Beside where it left: there lines are farthest apart, and words along a steep one would cover its
            // neighbours.
            let words = notes.isEmpty ? label : "\(label)  (\(notes))"
            return pen.text(words, startX + (isRight ? 12 : -12), arrow.start + 4, isRight ? style : style + " end")
        }
        let share = arrow.ends.isEmpty ? 0.25 : 0.4
        let (x, y) = (startX + (endX - startX) * share, arrow.start + (end - arrow.start) * share)
        pen.text(label, x, y - 4, "middle \(style)", rotated: SVGPen.degrees(slope))
        pen.text(notes, x, y + 11, "note middle halo", rotated: SVGPen.degrees(slope))
    }

    private static func isRepair(_ note: TwoHostDiagram.Note) -> Bool {
        switch note {
        case .timer, .fastRetransmission, .recovery: true
        default: false
        }
    }
}
