import Addressing
import Probe
import Sockets
import Text

/// Newline-delimited JSON of an echo ping: an object an answer, and one with the figures at the end. Times in
/// nanoseconds.
public struct PingJSON: ~Copyable {
    private var json = JSONWriter()

    /// Writes any number of objects, a line each.
    public init() {}

    /// Writes an answer, whatever was wrong with it.
    public mutating func write(_ verdict: PingVerdict, time: Timestamp, to out: inout OutputBuffer) {
        json.beginObject(&out)
        switch verdict.kind {
        case .reply: json.member("type", "reply", &out)
        case .duplicate: json.member("type", "duplicate", &out)
        case .corrupted: json.member("type", "corrupted", &out)
        case .strange: json.member("type", "strange", &out)
        }
        json.member("time", "\(time)", &out)
        json.member("bytes", verdict.count, &out)
        if verdict.kind != .strange {
            json.member("seq", Int(clamping: verdict.sequence), &out)
            json.member("rtt_ns", Int(verdict.roundTrip), &out)
            json.member("reordered", verdict.isReordered, &out)
        }
        if case .corrupted(let offset) = verdict.kind { json.member("offset", offset, &out) }
        end(&out)
    }

    /// Writes that a probe has no answer so far; it may come yet.
    public mutating func writeUnanswered(_ sequence: UInt64, time: Timestamp, to out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("type", "unanswered", &out)
        json.member("time", "\(time)", &out)
        json.member("seq", Int(clamping: sequence), &out)
        end(&out)
    }

    /// Writes that a probe could not be sent or was refused on its way.
    public mutating func write(_ failure: PingFailure, sequence: UInt64, time: Timestamp, to out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("type", "undeliverable", &out)
        json.member("time", "\(time)", &out)
        json.member("seq", Int(clamping: sequence), &out)
        json.member("error", failure.code.codeName, &out)
        json.member("reason", PingText.words(failure), &out)
        json.member("from", failure.error?.reporter.map { "\($0)" }, &out)
        end(&out)
    }

    /// - Parameter type: `statistics`, or `interim` for figures in between.
    public mutating func write(
        _ figures: PingStatistics, type: String, host: String, peer: Endpoint, duration: Int64,
        to out: inout OutputBuffer
    ) {
        json.beginObject(&out)
        json.member("type", type, &out)
        json.member("host", host, &out)
        json.member("peer", "\(peer)", &out)
        json.member("sent", figures.sent, &out)
        json.member("received", figures.received, &out)
        json.member("answered", figures.answered, &out)
        json.member("lost", figures.lost, &out)
        json.member("duplicated", figures.duplicated, &out)
        json.member("reordered", figures.reordered, &out)
        json.member("corrupted", figures.corrupted, &out)
        json.member("undeliverable", figures.undeliverable, &out)
        json.member("strange", figures.strange, &out)
        json.member("duration_ns", Int(duration), &out)
        if figures.received > 0 {
            json.member("rtt_min_ns", Int(figures.minimum), &out)
            json.member("rtt_avg_ns", Int(figures.average), &out)
            json.member("rtt_max_ns", Int(figures.maximum), &out)
            json.member("rtt_mdev_ns", Int(figures.deviation), &out)
            json.member("rtt_p50_ns", figures.percentile(50).map { Int($0) }, &out)
            json.member("rtt_p90_ns", figures.percentile(90).map { Int($0) }, &out)
            json.member("rtt_p99_ns", figures.percentile(99).map { Int($0) }, &out)
            json.member("jitter_ns", Int(figures.jitter), &out)
        }
        end(&out)
    }

    private mutating func end(_ out: inout OutputBuffer) {
        json.endObject(&out)
        json.endLine(&out)
    }
}
