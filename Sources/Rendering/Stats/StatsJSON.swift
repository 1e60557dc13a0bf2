import Addressing
import Conversations
import Text

/// The statistics of a capture as one JSON object. Times are nanoseconds, moments seconds since 1970.
public struct StatsJSON: ~Copyable {
    private var json = JSONWriter()

    /// Writes one object.
    public init() {}

    /// - Parameters:
    ///   - trace: of one stream, where it was asked for.
    ///   - stream: that stream's number.
    public mutating func write(
        _ statistics: CaptureStatistics, trace: StreamTrace?, stream: UInt32?, to out: inout OutputBuffer
    ) {
        json.beginObject(&out)
        json.member("packets", statistics.sizes.packets + statistics.copied.packets, &out)
        json.member("bytes", Int(clamping: statistics.sizes.bytes &+ statistics.copied.bytes), &out)
        json.member("first", statistics.firstTime.map { "\($0)" }, &out)
        json.member("duration_ns", statistics.duration.map { Int($0) }, &out)
        json.member("tcp_retransmissions", statistics.retransmissions, &out)
        writeSizes(statistics.sizes, &out)
        writeHierarchy(statistics.hierarchy, &out)
        writeRequests(statistics.requests, &out)
        json.key("stream", &out)
        if let trace, let stream { write(trace, stream, &out) } else { json.null(&out) }
        json.endObject(&out)
        json.endLine(&out)
    }

    private mutating func writeSizes(_ sizes: PacketSizes, _ out: inout OutputBuffer) {
        json.key("sizes", &out)
        json.beginArray(&out)
        for (index, count) in sizes.counts.enumerated() {
            json.beginObject(&out)
            json.member("from", PacketSizes.bounds[index], &out)
            json.member("below", index + 1 < PacketSizes.bounds.count ? PacketSizes.bounds[index + 1] : nil, &out)
            json.member("packets", count, &out)
            json.endObject(&out)
        }
        json.endArray(&out)
    }

    private mutating func writeHierarchy(_ hierarchy: ProtocolHierarchy, _ out: inout OutputBuffer) {
        json.key("protocols", &out)
        json.beginArray(&out)
        for node in hierarchy.inOrder {
            json.beginObject(&out)
            json.member("name", node.name, &out)
            json.member("depth", node.depth, &out)
            json.member("packets", node.packets, &out)
            json.member("bytes", Int(clamping: node.bytes), &out)
            json.endObject(&out)
        }
        json.endArray(&out)
    }

    private mutating func writeRequests(_ rate: RequestRate, _ out: inout OutputBuffer) {
        json.key("requests", &out)
        json.beginObject(&out)
        json.member("count", rate.requests, &out)
        json.member("answered", rate.answered, &out)
        json.member("per_second_milli", rate.perSecond.map { Int(clamping: Int64(min($0 * 1000, 1e15))) }, &out)
        json.member("most_in_a_second", rate.peak, &out)
        json.member("median_response_ns", rate.medianResponse.map { Int($0) }, &out)
        json.endObject(&out)
    }

    private mutating func write(_ trace: StreamTrace, _ stream: UInt32, _ out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("tcp_stream", Int(stream), &out)
        json.member("client", "\(trace.client)", &out)
        json.member("server", "\(trace.server)", &out)
        for (name, way) in [("from_client" as StaticString, trace.fromClient), ("from_server", trace.fromServer)] {
            json.key(name, &out)
            write(way, &out)
        }
        json.endObject(&out)
    }

    private mutating func write(_ way: StreamTrace.Direction, _ out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("bytes", Int(clamping: way.bytes), &out)
        json.member("segments", way.segmentCount, &out)
        json.member("sent_again", way.repeated, &out)
        json.member("bytes_per_second", way.throughput.map { Int(min($0, 1e15)) }, &out)
        json.member("smallest_window", way.smallestWindow.map { Int($0) }, &out)
        json.member("round_trips", way.roundTrips, &out)
        json.member("smallest_rtt_ns", way.smallestRoundTrip.map { Int($0) }, &out)
        json.member("largest_rtt_ns", way.largestRoundTrip.map { Int($0) }, &out)
        json.member("estimated_rtt_ns", way.estimated.map { Int($0) }, &out)
        json.key("first_segments", &out)
        json.beginArray(&out)
        for segment in way.segments {
            json.beginObject(&out)
            json.member("packet", segment.packet, &out)
            json.member("seq", Int(segment.sequence), &out)
            json.member("bytes", Int(segment.length), &out)
            json.member("sent", "\(segment.sent)", &out)
            json.member("sent_again", segment.isRepeated, &out)
            json.member("ack_packet", segment.acknowledgment.map(\.packet), &out)
            json.member("acked", segment.acknowledgment.map { "\($0.time)" }, &out)
            json.member("rtt_ns", segment.roundTrip.map { Int($0) }, &out)
            json.member("estimated_rtt_ns", segment.estimated.map { Int($0) }, &out)
            json.endObject(&out)
        }
        json.endArray(&out)
        json.endObject(&out)
    }
}
