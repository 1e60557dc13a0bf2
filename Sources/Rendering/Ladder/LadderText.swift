import Sockets
import Text
import Timeline

/// Draws a scene as text.
///
/// One row an event, in the measured order, times since the first one. Where one place was captured, lanes are keyed by
/// address and port, so that loopback's two ends are two, and each packet is one arrow (`PassingLayout`). Where both
/// ends were captured, each has its own times, and a packet leaves in one row and arrives in another
/// (`CrossingLayout`). The picture of everything has a lifeline for each program (`LanesLayout`).
public struct LadderText {
    /// Columns that are there; nil when the text goes to a file or a pipe.
    private let columns: Int?
    private let abridged: Bool

    /// - Parameter abridged: whether long runs of ordinary rows are left out.
    public init(columns: Int?, abridged: Bool = true) {
        self.columns = columns
        self.abridged = abridged
    }

    /// Writes what the marks in the ladders of these calls mean; nothing where there are none.
    public static func writeNote(_ calls: [SocketCall], to out: inout OutputBuffer) {
        guard calls.contains(where: CallText.isEarly) else { return }
        out.append(style: .dim)
        out.append(text: CallText.note)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    /// Writes the ladder with its heading.
    public func write(_ scene: Scene, to out: inout OutputBuffer) {
        let rows = LadderRows(scene, abridged: abridged)
        if scene.showsPrograms {
            write(rows, LanesLayout(scene, rows, columns: columns), &out)
        } else if scene.hasBothEnds {
            write(rows, CrossingLayout(scene, rows, columns: columns), &out)
        } else {
            write(rows, PassingLayout(scene, rows, columns: columns), &out)
        }
    }

    private func write(_ rows: LadderRows, _ layout: some LadderLayout, _ out: inout OutputBuffer) {
        layout.writeHeading(&out)
        for row in rows.rows {
            switch row {
            case .cells(let cells, _): layout.write(cells, &out)
            case .note(let parts, let isSilence): layout.write(note: parts, isSilence: isSilence, &out)
            }
        }
    }
}

/// Where the lanes of one ladder stand: as wide as what is in them.
protocol LadderLayout {
    func writeHeading(_ out: inout OutputBuffer)
    func write(_ row: LadderCells, _ out: inout OutputBuffer)
    /// A line that stands for rows that are not there: a silence, or what was left out, in parts.
    func write(note parts: [String], isSilence: Bool, _ out: inout OutputBuffer)
}

extension String {
    /// The text, cut off on the right where it is too long.
    func fitted(_ width: Int) -> String { count > width ? String(prefix(max(0, width - 1))) + "…" : self }

    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    func padded(left width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
