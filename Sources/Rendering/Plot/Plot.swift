/// A plot as a model: what a terminal shows in braille and an SVG in lines.
public struct Plot: Sendable {
    /// How a series is drawn.
    public enum Style: Sendable {
        case dots
        case line
        /// The value holds until the next point.
        case steps
        /// Crosses: what should not be overlooked.
        case crosses
    }

    /// Points that belong together, with one name in the legend.
    public struct Series: Sendable {
        /// Its name in the legend.
        public let name: String
        /// How its points are joined.
        public let style: Style
        /// The points, in the axes' units, in order of time.
        public let points: [(x: Double, y: Double)]

        /// A series without points is left out of the plot.
        public init(_ name: String, _ style: Style, _ points: [(x: Double, y: Double)]) {
            self.name = name
            self.style = style
            self.points = points
        }
    }

    /// What stands above it.
    public let title: String
    /// Time.
    public let x: PlotAxis
    /// The quantity that is plotted.
    public let y: PlotAxis
    /// The series that have points.
    public let series: [Series]

    /// - Parameters:
    ///   - time: what the x axis shows, in seconds.
    ///   - values: what the y axis shows.
    public init(_ title: String, time: String, values: PlotAxis.Quantity, _ label: String, _ series: [Series]) {
        self.title = title
        self.series = series.filter { !$0.points.isEmpty }
        let points = self.series.flatMap(\.points)
        x = PlotAxis(time, .seconds, from: points.map(\.x).min() ?? 0, to: points.map(\.x).max() ?? 0)
        // Quantities of the wire are read against 0.
        let (low, high) = (min(0, points.map(\.y).min() ?? 0), points.map(\.y).max() ?? 0)
        // Above the highest point some room is left.
        y = PlotAxis(label, values, from: low, to: high + (high - low) * 0.06)
    }

    /// Whether there is no point to draw.
    public var isEmpty: Bool { series.isEmpty }
}

/// One axis: its range, its unit, and where its marks stand.
public struct PlotAxis: Sendable {
    /// What an axis measures: it decides about steps and units.
    public enum Quantity: Sendable {
        case seconds
        case bytes
        case bitsPerSecond
    }

    /// What is measured, in words.
    public let label: String
    /// The unit of the ticks' texts: a multiple of the quantity's own that suits the range.
    public let unit: String
    /// The values at both ends of the axis, in the quantity's own unit.
    public let range: ClosedRange<Double>
    /// Values and their texts, without the unit.
    public let ticks: [(value: Double, text: String)]

    init(_ label: String, _ quantity: Quantity, from low: Double, to high: Double) {
        self.label = label
        let top = high > low ? high : low + (low == 0 ? 1 : abs(low))
        let size = max(abs(top), abs(low))
        let (factor, unit) = Self.scale(size, quantity)
        self.unit = unit
        let step = Self.step((top - low) / 5)
        let first = (low / step).rounded(.up)
        var ticks: [(Double, String)] = []
        var index = 0.0
        while ticks.count < 12, (first + index) * step <= top * (1 + 1e-9) {
            let value = (first + index) * step
            ticks.append((value, Self.text(value * factor, step: step * factor)))
            index += 1
        }
        self.ticks = ticks
        range = low...top
    }

    /// Where a value stands, from 0 to 1.
    func place(_ value: Double) -> Double { (value - range.lowerBound) / (range.upperBound - range.lowerBound) }

    private static func scale(_ size: Double, _ quantity: Quantity) -> (Double, String) {
        switch quantity {
        case .seconds: size < 1e-6 ? (1e9, "ns") : size < 1e-3 ? (1e6, "µs") : size < 1 ? (1e3, "ms") : (1, "s")
        case .bytes: size < 1e4 ? (1, "bytes") : size < 1e7 ? (1e-3, "kB") : size < 1e10 ? (1e-6, "MB") : (1e-9, "GB")
        case .bitsPerSecond:
            size < 1e4
                ? (1, "bit/s") : size < 1e7 ? (1e-3, "kbit/s") : size < 1e10 ? (1e-6, "Mbit/s") : (1e-9, "Gbit/s")
        }
    }

    /// The next of 1, 2, 5, 10 … that is not smaller.
    private static func step(_ least: Double) -> Double {
        guard least > 0, least.isFinite else { return 1 }
        var power = 1.0
        while power > least { power /= 10 }
        while power * 10 <= least { power *= 10 }
        return least <= power ? power : least <= 2 * power ? 2 * power : least <= 5 * power ? 5 * power : 10 * power
    }

    /// With as many decimals as the step needs.
    static func text(_ value: Double, step: Double) -> String {
        var decimals = 0
        var scaled = step
        while decimals < 6, abs(scaled - scaled.rounded()) > 1e-6 {
            scaled *= 10
            decimals += 1
        }
        return decimal(value, decimals)
    }

    /// A number with so many decimals, without Foundation.
    static func decimal(_ value: Double, _ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled.magnitude < 1e15 else { return "\(value)" }
        let number = Int64(scaled)
        let digits = String(number.magnitude)
        let sign = number < 0 ? "-" : ""
        if decimals == 0 { return sign + digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }
}
