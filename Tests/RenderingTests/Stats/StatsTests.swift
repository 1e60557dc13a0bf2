import Conversations
import Packets
import Rendering
import TestSupport
import Testing
import Text

@Suite struct StatsTests {
    /// Two segments, the second one sent again after a timeout, then a third: the numbers below were worked out by
    /// hand.
    private var lossy: WrittenCapture {
        var s = WrittenCapture()
        s.handshake()
        s.client(30, [.psh, .ack], seq: 1, ack: 1, payload: WrittenCapture.segment)
        s.server(40, .ack, seq: 1, ack: 1001)
        s.client(50, [.psh, .ack], seq: 1001, ack: 1, payload: WrittenCapture.segment)
        s.client(250, [.psh, .ack], seq: 1001, ack: 1, payload: WrittenCapture.segment)
        s.server(260, .ack, seq: 1, ack: 2001, window: 100)
        s.client(270, [.psh, .ack], seq: 2001, ack: 1, payload: WrittenCapture.segment)
        s.server(300, [.psh, .ack], seq: 1, ack: 3001, payload: [1, 2, 3])
        s.client(310, .ack, seq: 3001, ack: 4)
        return s
    }

    private func trace(_ scenario: WrittenCapture, alpha: Double = 0.125) throws -> StreamTrace {
        var collector = TraceCollector(stream: 0, listed: 10, alpha: alpha)
        scenario.read { collector.take($0, $1, $2) }
        return try #require(collector.trace)
    }

    private func statistics(_ scenario: WrittenCapture) -> CaptureStatistics {
        var statistics = CaptureStatistics()
        scenario.read { statistics.take($0, $1, $2) }
        return statistics
    }

    @Test func roundTripsFollowRFC6298AndKarn() throws {
        let way = try trace(lossy).fromClient
        let ms: Int64 = 1_000_000
        #expect(way.segments.map(\.packet) == [4, 6, 7, 9])
        #expect(way.segments.map(\.isRepeated) == [false, false, true, false])
        #expect(way.segments.map { $0.acknowledgment?.packet } == [5, 8, 8, 10])
        // What was sent twice gives none; EstimatedRTT = 7/8 · 10 ms + 1/8 · 30 ms.
        #expect(way.segments.map(\.roundTrip) == [10 * ms, nil, nil, 30 * ms])
        #expect(way.segments.map(\.estimated) == [10 * ms, nil, nil, 12_500_000])
        #expect(try trace(lossy, alpha: 0.5).fromClient.segments.last?.estimated == 20 * ms)
        #expect(way.bytes == 3000)
        #expect(way.repeated == 1)
        #expect(way.smallestWindow == 12_800)
    }

    /// The first copy of the second segment was lost before it came to where the capture was made: its bytes count when
    /// they come.
    @Test func bytesLostBeforeTheCaptureCountWhenTheyCome() throws {
        var s = WrittenCapture()
        s.handshake()
        s.client(30, [.psh, .ack], seq: 1001, ack: 1, payload: WrittenCapture.segment)
        s.client(250, [.psh, .ack], seq: 1, ack: 1, payload: WrittenCapture.segment)
        s.server(260, .ack, seq: 1, ack: 2001)
        s.client(270, [.psh, .ack], seq: 3001, ack: 1, payload: WrittenCapture.segment)
        s.client(500, [.psh, .ack], seq: 2001, ack: 1, payload: WrittenCapture.segment)
        s.client(510, [.psh, .ack], seq: 2001, ack: 1, payload: WrittenCapture.segment)
        s.server(520, .ack, seq: 1, ack: 4001)
        let way = try trace(s).fromClient
        #expect(way.bytes == 4000)
        #expect(way.rate.counts.reduce(0, +) == 4000)
        #expect(way.repeated == 3)
        #expect(statistics(s).retransmissions == way.repeated)
        #expect(way.roundTrips == 0)
    }

    @Test func aTraceThatJoinsLateTakesTheFirstStreamWithData() throws {
        var collector = TraceCollector(stream: nil, listed: 10)
        lossy.read { collector.take($0, $1, $2) }
        #expect(collector.number == 0)
        #expect(collector.trace?.fromClient.segments.count == 4)
    }

    @Test func requestsAreTurns() {
        let rate = statistics(WrittenCapture.all.first { $0.name == "many-losses" }?.make() ?? WrittenCapture())
            .requests
        #expect(rate.requests == 20)
        #expect(rate.answered == 20)
        #expect(rate.medianResponse == 310_000_000)
        #expect(rate.peak == 1)
        #expect(rate.perSecond.map { ($0 * 1000).rounded() } == 1000)
    }

    @Test func text() throws {
        let trace = try trace(lossy)
        let text = rendered { out in
            StatsText(columns: 80).write(statistics(lossy), to: &out)
            StatsText(columns: 80).write(trace, stream: 0, fromClient: true, to: &out)
        }
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        try expectGolden(text, "lossy.txt")
    }

    @Test func json() throws {
        let trace = try trace(lossy)
        let text = rendered { out in
            var json = StatsJSON()
            json.write(statistics(lossy), trace: trace, stream: 0, to: &out)
        }
        try expectGolden(text, "lossy.json")
    }

    @Test(arguments: TracePlot.allCases)
    func plotsFitEightyColumns(kind: TracePlot) throws {
        let plot = kind.plot(try trace(lossy), fromClient: true, name: "tcp.stream 0")
        let text = rendered { PlotText(columns: 80, rows: 8).write(plot, to: &$0) }
        for line in text.split(separator: "\n").dropFirst() { #expect(line.count <= 80, "\(line)") }
        try expectGolden(text, "\(kind.rawValue).txt")
        try expectGolden(rendered { PlotSVG(isWhole: true).write(plot, to: &$0) }, "\(kind.rawValue).svg")
    }

    @Test func anEmptyPlotSaysSo() {
        let plot = Plot("Nothing", time: "time", values: .bytes, "bytes", [])
        #expect(rendered { PlotText(columns: 80).write(plot, to: &$0) }.contains("nothing to plot"))
        #expect(rendered { PlotSVG(isWhole: false).write(plot, to: &$0) }.hasSuffix("</svg>\n"))
    }

    @Test(arguments: [(0.0, 0.0), (5, 5), (-3, 4), (0, 1e18), (1e-9, 2e-9)])
    func axesOfAnyRangeHaveMarks(low: Double, high: Double) {
        let plot = Plot("x", time: "t", values: .bytes, "v", [.init("s", .line, [(low, low), (high, high)])])
        for axis in [plot.x, plot.y] {
            #expect(!axis.ticks.isEmpty)
            for tick in axis.ticks {
                #expect(
                    axis.range.contains(tick.value) || abs(tick.value - axis.range.upperBound) < 1e-6 * abs(tick.value))
            }
        }
    }

    @Test func seriesStayBounded() throws {
        var s = WrittenCapture()
        s.handshake()
        for index in 0..<5000 as Range<UInt32> {
            s.client(30 + Double(index), .ack, seq: 1 + index, ack: 1, payload: [1])
            s.server(30.5 + Double(index), .ack, seq: 1, ack: 2 + index)
        }
        var collector = TraceCollector(stream: 0, listed: 6, limit: 100)
        s.read { collector.take($0, $1, $2) }
        let way = try #require(collector.trace).fromClient
        #expect(way.segmentCount == 5000)
        #expect(way.segments.count == 6)
        for series in [way.sequence, way.acknowledged, way.roundTripSeries, way.window] {
            #expect((16...100).contains(series.points.count))
        }
        #expect(way.rate.counts.count <= 128)
        #expect(way.rate.counts.reduce(0, +) == 5000)
    }

    @Test func textInAPageIsEscaped() {
        #expect(
            rendered { $0.append(html: "<b a=\"1\" b='2'>&\u{202e}\n") }
                == "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;\\xe2\\x80\\xae\\x0a")
    }
}
