import Addressing
import Packets
import Text

/// A plot as SVG (https://www.w3.org/TR/SVG2/): a picture of its own, or a part of a page, which then sets the colours.
public struct PlotSVG {
    private static let (left, right, bottom) = (64.0, 12.0, 40.0)
    /// Above the plot: the title, then the axis's name and the legend.
    private var top: Double { isWhole ? 46 : 28 }
    private let width: Double
    private let height: Double
    private let isWhole: Bool

    /// - Parameter isWhole: a file of its own, with its own colours; false inside a page.
    public init(width: Int = 720, height: Int = 320, isWhole: Bool) {
        self.width = Double(width)
        self.height = Double(height)
        self.isWhole = isWhole
    }

    /// The rules for the picture's classes: once in a page, or in the picture itself.
    public static let styles = """
        .plot text{font:12px system-ui,sans-serif;fill:currentColor}\
        .plot .axis,.plot .grid{stroke:currentColor;fill:none}.plot .grid{opacity:.15}\
        .plot .s0,.plot .s1,.plot .s2,.plot .x{fill:none;stroke-width:1.5}.plot .s0{stroke:#3b82f6}\
        .plot .s1{stroke:#16a34a}.plot .s2{stroke:#a855f7}.plot .d{stroke-width:5;stroke-linecap:round}\
        .plot .x{stroke:#dc2626;stroke-width:2}
        """

    /// Writes the picture as one `svg` element.
    public func write(_ plot: Plot, to out: inout OutputBuffer) {
        out.append(
            text:
                """
                <svg class="plot" \(isWhole ? "xmlns=\"http://www.w3.org/2000/svg\" " : "")viewBox="0 0 \(Int(width)) \
                \(Int(height))" role="img" aria-label="
                """
        )
        out.append(html: "\(plot.title): \(plot.y.label) in \(plot.y.unit) over \(plot.x.label) in \(plot.x.unit)")
        out.append("\">")
        if isWhole {
            out.append(
                text:
                    """
                    <style>\(Self.styles)svg{background:#fff;color:#111}\
                    @media(prefers-color-scheme:dark){svg{background:#111;color:#eee}}</style>
                    """
            )
        }
        // In a page the title stands above the picture, where it can be broken.
        if isWhole { text(plot.title, Self.left, 16, "start", &out) }
        writeAxes(plot, &out)
        for (index, series) in plot.series.enumerated() { draw(series, index, plot, &out) }
        writeLegend(plot, &out)
        out.append("</svg>\n")
    }

    private func x(_ plot: Plot, _ value: Double) -> Double {
        Self.left + plot.x.place(value) * (width - Self.left - Self.right)
    }
    private func y(_ plot: Plot, _ value: Double) -> Double {
        height - Self.bottom - plot.y.place(value) * (height - top - Self.bottom)
    }

    private func writeAxes(_ plot: Plot, _ out: inout OutputBuffer) {
        let (floor, end) = (height - Self.bottom, width - Self.right)
        out.append(
            text:
                "<path class=\"axis\" d=\"M\(n(Self.left)) \(n(top))V\(n(floor))H\(n(end))\"/><path class=\"grid\" d=\""
        )
        for tick in plot.y.ticks { out.append(text: "M\(n(Self.left)) \(n(y(plot, tick.value)))H\(n(end))") }
        for tick in plot.x.ticks { out.append(text: "M\(n(x(plot, tick.value))) \(n(floor))V\(n(top))") }
        out.append("\"/>")
        for tick in plot.y.ticks { text(tick.text, Self.left - 6, y(plot, tick.value) + 4, "end", &out) }
        for tick in plot.x.ticks { text(tick.text, x(plot, tick.value), floor + 16, "middle", &out) }
        text("\(plot.x.label), \(plot.x.unit)", (Self.left + end) / 2, height - 6, "middle", &out)
        text("\(plot.y.label), \(plot.y.unit)", 4, top - 12, "start", &out)
    }

    private func draw(_ series: Plot.Series, _ index: Int, _ plot: Plot, _ out: inout OutputBuffer) {
        let style = series.style == .crosses ? "x" : "s\(index % 3)\(series.style == .dots ? " d" : "")"
        out.append(text: "<path class=\"\(style)\" d=\"")
        var previous: (String, String)?
        for point in series.points {
            let place = (n(x(plot, point.x)), n(y(plot, point.y)))
            // What falls on the same spot is not drawn twice.
            if let previous, previous == place { continue }
            switch series.style {
            case .dots: out.append(text: "M\(place.0) \(place.1)h0")
            case .crosses: out.append(text: "M\(place.0) \(place.1)m-3-3l6 6m0-6l-6 6")
            case .line: out.append(text: "\(previous == nil ? "M" : "L")\(place.0) \(place.1)")
            case .steps: out.append(text: previous == nil ? "M\(place.0) \(place.1)" : "H\(place.0)V\(place.1)")
            }
            previous = place
        }
        out.append("\"/>")
    }

    private func writeLegend(_ plot: Plot, _ out: inout OutputBuffer) {
        guard plot.series.count > 1 else { return }
        var place = Self.left + 200
        for (index, series) in plot.series.enumerated() {
            let height = n(top - 16)
            let mark =
                switch series.style {
                case .dots: "<path class=\"s\(index % 3) d\" d=\"M\(n(place + 8)) \(height)h0\"/>"
                case .crosses: "<path class=\"x\" d=\"M\(n(place + 8)) \(height)m-3-3l6 6m0-6l-6 6\"/>"
                case .line, .steps: "<path class=\"s\(index % 3)\" d=\"M\(n(place)) \(height)h16\"/>"
                }
            out.append(text: mark)
            text(series.name, place + 20, top - 12, "start", &out)
            // Wide enough also where a narrow screen shows larger letters.
            place += 36 + (isWhole ? 7 : 11) * Double(series.name.count)
        }
    }

    private func text(_ text: String, _ x: Double, _ y: Double, _ anchor: String, _ out: inout OutputBuffer) {
        out.append(text: "<text x=\"\(n(x))\" y=\"\(n(y))\"\(anchor == "start" ? "" : " text-anchor=\"\(anchor)\"")>")
        out.append(html: text)
        out.append("</text>")
    }

    /// A coordinate with at most one decimal.
    private func n(_ value: Double) -> String {
        let text = PlotAxis.decimal(value, 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
