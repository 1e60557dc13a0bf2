import Conversations

/// The plots of a connection's trace.
public enum TracePlot: String, Sendable, CaseIterable {
    /// Round trips, and the smoothed one.
    case rtt
    /// Sequence numbers over time (Stevens, TCP/IP Illustrated, chapter 23): a straight line is a steady rate, a flat
    /// stretch a wait.
    case sequence
    case throughput
    /// The window that the receiver announced.
    case window

    /// - Parameters:
    ///   - name: of the stream, for the title.
    ///   - fromClient: whose data.
    public func plot(_ trace: StreamTrace, fromClient: Bool, name: String) -> Plot {
        let way = fromClient ? trace.fromClient : trace.fromServer
        let who = "\(name), data of the \(fromClient ? "client \(trace.client)" : "server \(trace.server)")"
        switch self {
        case .rtt:
            return Plot(
                "Round trips: \(who)", time: "time", values: .seconds, "round trip",
                [
                    .init("measured", .dots, Self.points(way.roundTripSeries, 1e-9)),
                    .init("smoothed", .line, Self.points(way.estimatedSeries, 1e-9)),
                ])
        case .sequence:
            return Plot(
                "Sequence over time: \(who)", time: "time", values: .bytes, "sequence number",
                [
                    .init("sent", .dots, Self.points(way.sequence, 1)),
                    .init("acknowledged", .steps, Self.points(way.acknowledged, 1)),
                    .init("sent again", .crosses, Self.points(way.repetitions, 1)),
                ])
        case .throughput:
            let slot = Double(way.rate.slotLength) * 1e-9
            let points = way.rate.counts.enumerated().map {
                (x: (Double($0.offset) + 0.5) * slot, y: Double($0.element) * 8 / slot)
            }
            return Plot(
                "Throughput: \(who)", time: "time", values: .bitsPerSecond, "new data",
                [.init("new data", .line, points)])
        case .window:
            return Plot(
                "Window: \(who)", time: "time", values: .bytes, "receiver's window",
                [.init("window", .steps, Self.points(way.window, 1))])
        }
    }

    private static func points(_ series: TraceSeries, _ factor: Double) -> [(x: Double, y: Double)] {
        series.points.map { (Double($0.time) * 1e-9, Double($0.value) * factor) }
    }
}
