import Addressing
import Conversations
import Text

/// The statistics of a capture as text.
public struct StatsText {
    private let columns: Int

    /// - Parameter columns: of the terminal, kept between 60 and 160; nil is 80.
    public init(columns: Int?) { self.columns = min(160, max(60, columns ?? 80)) }

    /// Writes all sections that have something to say.
    public func write(_ statistics: CaptureStatistics, to out: inout OutputBuffer) {
        heading("Capture", &out)
        let (packets, bytes, time) = (statistics.sizes.packets, statistics.sizes.bytes, statistics.duration ?? 0)
        let all = packets + statistics.copied.packets
        var text = "  \(all) packet\(all == 1 ? "" : "s"), \(bytes &+ statistics.copied.bytes) bytes on the wire"
        if time != 0 { text += " in \(DurationText.text(nanoseconds: time))" }
        out.append(text: "\(text)\(CopiesText.text(statistics.copied))\n")
        if time > 0 {
            let seconds = Double(time) * 1e-9
            out.append(
                text:
                    """
                      \(PlotAxis.decimal(Double(packets) / seconds, 1)) packets a second, \
                    \(RateText.text(Double(bytes) / seconds))\n
                    """
            )
        }
        out.append(text: "  TCP segments sent again: \(statistics.retransmissions)\n")
        writeSizes(statistics.sizes, &out)
        writeHierarchy(statistics.hierarchy, &out)
        writeRequests(statistics.requests, &out)
    }

    private func writeSizes(_ sizes: PacketSizes, _ out: inout OutputBuffer) {
        guard sizes.packets > 0, let smallest = sizes.smallest, let largest = sizes.largest else { return }
        heading("Packet sizes", &out)
        out.append(
            text:
                """
                  smallest \(smallest), average \
                \(PlotAxis.decimal(Double(sizes.bytes) / Double(sizes.packets), 1)), largest \(largest) bytes\n
                """
        )
        let most = sizes.counts.max() ?? 1
        for (index, count) in sizes.counts.enumerated() where count > 0 {
            let low = PacketSizes.bounds[index]
            let name =
                index + 1 < PacketSizes.bounds.count ? "\(low)–\(PacketSizes.bounds[index + 1] - 1)" : "\(low) and more"
            let share = PlotAxis.decimal(Double(count) * 100 / Double(sizes.packets), 1)
            let bar = String(repeating: "█", count: max(1, count * (columns - 44) / max(1, most)))
            out.append(text: "  \(left(name, 14))\(right("\(count)", 12))\(right(share, 8)) %  \(bar)\n")
        }
    }

    private func writeHierarchy(_ hierarchy: ProtocolHierarchy, _ out: inout OutputBuffer) {
        heading("Protocols", &out)
        let nodes = hierarchy.inOrder
        let width = max(24, nodes.map { $0.name.count + 2 * $0.depth }.max() ?? 0) + 2
        out.append(text: "  \(left("", width))\(right("packets", 12))\(right("bytes", 16))\n")
        for node in nodes {
            out.append(
                text:
                    """
                      \(left(String(repeating: "  ", count: node.depth) + node.name, width))\
                    \(right("\(node.packets)", 12))\(right("\(node.bytes)", 16))\n
                    """
            )
        }
    }

    private func writeRequests(_ rate: RequestRate, _ out: inout OutputBuffer) {
        guard rate.requests > 0 else { return }
        heading("Requests (a client's data until the server's; each datagram)", &out)
        var text = "  \(rate.requests) request\(rate.requests == 1 ? "" : "s"), \(rate.answered) answered"
        if let perSecond = rate.perSecond {
            text += "; \(PlotAxis.decimal(perSecond, 1)) a second, at most \(rate.peak) in one second"
        }
        out.append(text: text + "\n")
        if let median = rate.medianResponse {
            out.append(text: "  time to the answer's first packet: median \(DurationText.text(nanoseconds: median))\n")
        }
    }

    /// One way of a connection: the first segments as a table.
    public func write(_ trace: StreamTrace, stream: UInt32, fromClient: Bool, to out: inout OutputBuffer) {
        let way = fromClient ? trace.fromClient : trace.fromServer
        heading(
            "tcp.stream \(stream): data of the \(fromClient ? "client \(trace.client)" : "server \(trace.server)")",
            &out)
        var text =
            """
              \(way.bytes) bytes in \(way.segmentCount) \
            segment\(way.segmentCount == 1 ? "" : "s"), \(way.repeated) sent again
            """
        if let throughput = way.throughput { text += "; \(RateText.text(throughput))" }
        out.append(text: text + "\n")
        if let window = way.smallestWindow { out.append(text: "  smallest window of the receiver: \(window) bytes\n") }
        if let smallest = way.smallestRoundTrip, let largest = way.largestRoundTrip, let smoothed = way.estimated {
            out.append(
                text:
                    """
                      round trips: \(way.roundTrips), \(DurationText.text(nanoseconds: smallest)) to \
                    \(DurationText.text(nanoseconds: largest)); smoothed \
                    \(DurationText.text(nanoseconds: smoothed)) at the end\n
                    """
            )
        }
        guard !way.segments.isEmpty else { return }
        out.append(
            text:
                """
                  \(right("packet", 7))\(right("seq", 11))\(right("bytes", 7))\(right("sent at", 12))\
                \(right("ACK in", 8))\(right("ACK at", 12))\(right("RTT", 10))\(right("EstRTT", 10))\n
                """
        )
        for segment in way.segments {
            let acknowledgment = segment.acknowledgment
            var line =
                "  \(right("\(segment.packet)", 7))\(right("\(segment.sequence)", 11))\(right("\(segment.length)", 7))"
            line += right(Self.seconds(segment.sent.elapsed(since: trace.start)), 12)
            line += right(acknowledgment.map { "\($0.packet)" } ?? "-", 8)
            line += right(Self.seconds(acknowledgment?.time.elapsed(since: trace.start)), 12)
            // What is sent a second time gives no round trip.
            line += right(
                segment.isRepeated ? "again" : segment.roundTrip.map { DurationText.text(nanoseconds: $0) } ?? "-", 10)
            line += right(segment.estimated.map { DurationText.text(nanoseconds: $0) } ?? "-", 10)
            out.append(text: line + "\n")
        }
    }

    private func heading(_ text: String, _ out: inout OutputBuffer) {
        out.append(style: .bold)
        out.append(text: text + "\n")
        out.append(style: .plain)
    }

    private func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
    private func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }

    private static func seconds(_ nanoseconds: Int64?) -> String {
        nanoseconds.map { PlotAxis.decimal(Double($0) * 1e-9, 6) + " s" } ?? "-"
    }
}

/// Spells a rate: bytes a second as bits a second, in the units that networks are sold in.
enum RateText {
    static func text(_ bytesPerSecond: Double) -> String {
        let bits = bytesPerSecond * 8
        let (factor, unit) =
            bits < 1e3 ? (1, "bit/s") : bits < 1e6 ? (1e-3, "kbit/s") : bits < 1e9 ? (1e-6, "Mbit/s") : (1e-9, "Gbit/s")
        return "\(PlotAxis.decimal(bits * factor, factor == 1 ? 0 : 2)) \(unit)"
    }
}
