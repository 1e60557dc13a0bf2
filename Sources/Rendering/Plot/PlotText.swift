import Addressing
import Packets
import Text

/// A plot in braille characters, two by four dots a cell, with labelled axes. It never exceeds the columns given.
public struct PlotText {
    private static let colours: [OutputBuffer.Style] = [.cyan, .green, .magenta, .blue]
    private let columns: Int
    private let rows: Int

    /// - Parameters:
    ///   - columns: of the terminal, kept between 40 and 200; nil is 80.
    ///   - rows: of the plot itself, without its axis.
    public init(columns: Int?, rows: Int = 18) {
        self.columns = min(200, max(40, columns ?? 80))
        self.rows = max(4, rows)
    }

    /// Writes title, plot and axes, then the legend.
    public func write(_ plot: Plot, to out: inout OutputBuffer) {
        out.append(style: .bold)
        out.append(text: plot.title + "\n")
        out.append(style: .plain)
        guard !plot.isEmpty else { return out.append("  nothing to plot\n") }
        let labels = plot.y.ticks.map(\.text.count).max() ?? 1
        let width = columns - labels - 3
        var canvas = Canvas(width: width, height: rows)
        for (index, series) in plot.series.enumerated() { canvas.draw(series, index, plot) }
        out.append(text: "\(plot.y.label), \(plot.y.unit)\n")
        var texts = [Int: String]()
        for tick in plot.y.ticks { texts[canvas.row(plot.y.place(tick.value))] = tick.text }
        for row in 0..<rows {
            let label = texts[row] ?? ""
            out.append(spaces: labels - label.count)
            out.append(text: label)
            out.append(text: label.isEmpty ? " │" : " ┤")
            canvas.write(row, to: &out) { Self.style(plot, $0) }
            out.append(ascii: 10)
        }
        writeTimes(plot, labels, width, &out)
        writeLegend(plot, &out)
    }

    private func writeTimes(_ plot: Plot, _ labels: Int, _ width: Int, _ out: inout OutputBuffer) {
        var axis = [Character](repeating: "─", count: width)
        var line = [Character](repeating: " ", count: width)
        var free = 0
        for tick in plot.x.ticks {
            let place = min(width - 1, Int((plot.x.place(tick.value) * Double(width - 1)).rounded()))
            axis[place] = "┬"
            let start = min(max(0, place - tick.text.count / 2), width - tick.text.count)
            guard start >= free, start >= 0 else { continue }
            for (offset, character) in tick.text.enumerated() { line[start + offset] = character }
            free = start + tick.text.count + 1
        }
        out.append(spaces: labels + 1)
        out.append(text: "└" + String(axis) + "\n")
        out.append(spaces: labels + 2)
        while line.last == " " { line.removeLast() }
        out.append(text: String(line) + "\n")
        let text = "\(plot.x.label), \(plot.x.unit)"
        out.append(spaces: max(0, labels + 2 + (width - text.count) / 2))
        out.append(text: text + "\n")
    }

    private func writeLegend(_ plot: Plot, _ out: inout OutputBuffer) {
        guard plot.series.count > 1 || plot.series[0].style == .crosses else { return }
        for (index, series) in plot.series.enumerated() {
            out.append(text: index == 0 ? "" : "   ")
            out.append(style: Self.style(plot, index))
            out.append(series.style == .crosses ? "x " : series.style == .dots ? "⠂ " : "⠒⠒ ")
            out.append(style: .plain)
            out.append(text: series.name)
        }
        out.append(ascii: 10)
    }

    private static func style(_ plot: Plot, _ series: Int) -> OutputBuffer.Style {
        plot.series[series].style == .crosses ? .red : colours[series % colours.count]
    }
}

/// Dots of braille cells (Unicode 2800 to 28FF), and which series set a cell last.
private struct Canvas {
    private let width: Int
    private let height: Int
    private var dots: [UInt8]
    private var owners: [Int]
    private var crosses: [Bool]

    init(width: Int, height: Int) {
        self.width = max(1, width)
        self.height = height
        dots = [UInt8](repeating: 0, count: self.width * height)
        owners = [Int](repeating: 0, count: self.width * height)
        crosses = [Bool](repeating: false, count: self.width * height)
    }

    /// The row of a value between 0 and 1.
    func row(_ place: Double) -> Int { dotRow(place) / 4 }

    private func dotRow(_ place: Double) -> Int {
        min(height * 4 - 1, max(0, Int(((1 - place) * Double(height * 4 - 1)).rounded())))
    }
    private func dotColumn(_ place: Double) -> Int {
        min(width * 2 - 1, max(0, Int((place * Double(width * 2 - 1)).rounded())))
    }

    mutating func draw(_ series: Plot.Series, _ owner: Int, _ plot: Plot) {
        var previous: (column: Int, row: Int)?
        for point in series.points {
            let (column, row) = (dotColumn(plot.x.place(point.x)), dotRow(plot.y.place(point.y)))
            switch series.style {
            case .dots: set(column, row, owner)
            case .crosses:
                crosses[row / 4 * width + column / 2] = true
                set(column, row, owner)
            case .line: line(previous ?? (column, row), (column, row), owner)
            case .steps:
                let before = previous ?? (column, row)
                line(before, (column, before.row), owner)
                line((column, before.row), (column, row), owner)
            }
            previous = (column, row)
        }
    }

    private mutating func line(_ from: (column: Int, row: Int), _ to: (column: Int, row: Int), _ owner: Int) {
        let steps = max(abs(to.column - from.column), abs(to.row - from.row))
        guard steps > 0 else { return set(to.column, to.row, owner) }
        for step in 0...steps {
            set(
                from.column + (to.column - from.column) * step / steps, from.row + (to.row - from.row) * step / steps,
                owner)
        }
    }

    private mutating func set(_ column: Int, _ row: Int, _ owner: Int) {
        // Dots 1 to 3 and 7 on the left, 4 to 6 and 8 on the right.
        let bits: [UInt8] = column & 1 == 0 ? [0x01, 0x02, 0x04, 0x40] : [0x08, 0x10, 0x20, 0x80]
        let cell = row / 4 * width + column / 2
        dots[cell] |= bits[row & 3]
        owners[cell] = owner
    }

    func write(_ row: Int, to out: inout OutputBuffer, style: (Int) -> OutputBuffer.Style) {
        let cells = row * width..<(row + 1) * width
        guard let end = cells.last(where: { dots[$0] != 0 }) else { return }
        var current = -1
        for cell in cells.lowerBound...end {
            if dots[cell] != 0, owners[cell] != current {
                current = owners[cell]
                out.append(style: .plain)
                out.append(style: style(current))
            }
            if crosses[cell] {
                out.append(ascii: UInt8(ascii: "x"))
            } else if dots[cell] == 0 {
                out.append(ascii: 32)
            } else {
                out.append(ascii: 0xe2)
                out.append(ascii: 0xa0 | dots[cell] >> 6)
                out.append(ascii: 0x80 | dots[cell] & 0x3f)
            }
        }
        out.append(style: .plain)
    }
}
