import Addressing
import Conversations
import Packets
import Text

/// Flows for programs: CSV with a header line and columns of one type each, or JSON, a line a flow. Both have the same
/// names.
///
/// Times are UTC with microseconds, or where the capture has them nanoseconds in every row; durations are seconds, a
/// missing value is empty (CSV) or null (JSON). DuckDB and pandas read both without being told anything.
public enum FlowData {
    static let columns: [StaticString] = [
        "protocol", "stream", "start", "duration", "originator", "originator_port", "responder", "responder_port",
        "originator_packets",
        "responder_packets", "originator_bytes", "responder_bytes", "originator_payload", "responder_payload",
        "originator_repeated",
        "responder_repeated", "handshake_rtt", "syn_retries", "state", "conn_state", "history", "icmp_error", "service",
        "community_id", "first_packet",
    ]

    /// The first line of the CSV: the columns' names, which are the members' names in JSON, too.
    public static func writeCSVHeading(to out: inout OutputBuffer) {
        for (index, name) in columns.enumerated() {
            if index > 0 { out.append(ascii: 44) }
            out.append(name)
        }
        out.append(ascii: 10)
    }

    /// - Parameter hasNanoseconds: whether the start is written with nine decimals.
    public static func writeCSV(
        _ key: FlowKey, _ record: FlowRecord, hasNanoseconds: Bool = false, to out: inout OutputBuffer
    ) {
        let view = FlowView(key, record)
        out.append(view.flowProtocol.name)
        number(UInt64(record.stream), &out)
        out.append(ascii: 44)
        if let start = record.firstTime { writeTime(start, hasNanoseconds: hasNanoseconds, &out) }
        out.append(ascii: 44)
        if let duration = record.duration { seconds(duration, &out) }
        for end in [view.originator, view.responder] {
            out.append(ascii: 44)
            FlowView.write(end.address, to: &out)
            if view.hasPorts { number(UInt64(end.port.rawValue), &out) } else { out.append(ascii: 44) }
        }
        number(UInt64(record.originator.packets), &out)
        number(UInt64(record.responder.packets), &out)
        number(record.originator.bytes, &out)
        number(record.responder.bytes, &out)
        number(record.originator.payload, &out)
        number(record.responder.payload, &out)
        number(UInt64(record.originator.repeated), &out)
        number(UInt64(record.responder.repeated), &out)
        out.append(ascii: 44)
        if let handshake = record.handshake { seconds(handshake, &out) }
        number(UInt64(record.repeatedSYNs), &out)
        out.append(ascii: 44)
        out.append(ascii: 34)
        out.append(view.outcome)
        out.append(ascii: 34)
        out.append(ascii: 44)
        out.append(view.state.name)
        out.append(ascii: 44)
        for letter in record.history.letters { out.append(ascii: letter) }
        out.append(ascii: 44)
        if let error = record.icmpError { out.append(text: "\(error.type)/\(error.code)") }
        out.append(ascii: 44)
        if let service = view.service { out.append(text: service) }
        out.append(ascii: 44)
        out.append(text: view.communityID)
        number(UInt64(record.firstPacket), &out)
        out.append(ascii: 10)
    }

    /// Every value is a number or text of our own making: nothing needs escaping.
    public static func writeJSON(
        _ key: FlowKey, _ record: FlowRecord, hasNanoseconds: Bool = false, to out: inout OutputBuffer
    ) {
        let view = FlowView(key, record)
        out.append("{\"protocol\":\"")
        out.append(view.flowProtocol.name)
        out.append("\",\"stream\":")
        out.append(decimal: UInt64(record.stream))
        name("start", &out)
        if let start = record.firstTime {
            out.append(ascii: 34)
            writeTime(start, hasNanoseconds: hasNanoseconds, &out)
            out.append(ascii: 34)
        } else {
            out.append("null")
        }
        name("duration", &out)
        if let duration = record.duration { seconds(duration, &out) } else { out.append("null") }
        end("originator", view.originator, view.hasPorts, &out)
        end("responder", view.responder, view.hasPorts, &out)
        member("originator_packets", UInt64(record.originator.packets), &out)
        member("responder_packets", UInt64(record.responder.packets), &out)
        member("originator_bytes", record.originator.bytes, &out)
        member("responder_bytes", record.responder.bytes, &out)
        member("originator_payload", record.originator.payload, &out)
        member("responder_payload", record.responder.payload, &out)
        member("originator_repeated", UInt64(record.originator.repeated), &out)
        member("responder_repeated", UInt64(record.responder.repeated), &out)
        name("handshake_rtt", &out)
        if let handshake = record.handshake { seconds(handshake, &out) } else { out.append("null") }
        member("syn_retries", UInt64(record.repeatedSYNs), &out)
        member("state", "\(view.outcome)", &out)
        member("conn_state", "\(view.state.name)", &out)
        member("history", record.history.description, &out)
        member("icmp_error", record.icmpError.map { "\($0.type)/\($0.code)" }, &out)
        member("service", view.service, &out)
        member("community_id", view.communityID, &out)
        member("first_packet", UInt64(record.firstPacket), &out)
        out.append("}\n")
    }

    private static func name(_ name: StaticString, _ out: inout OutputBuffer) {
        out.append(",\"")
        out.append(name)
        out.append("\":")
    }

    private static func member(_ label: StaticString, _ value: UInt64, _ out: inout OutputBuffer) {
        name(label, &out)
        out.append(decimal: value)
    }

    private static func member(_ label: StaticString, _ value: String?, _ out: inout OutputBuffer) {
        name(label, &out)
        guard let value else { return out.append("null") }
        out.append(ascii: 34)
        out.append(text: value)
        out.append(ascii: 34)
    }

    private static func end(_ label: StaticString, _ end: Endpoint, _ hasPorts: Bool, _ out: inout OutputBuffer) {
        name(label, &out)
        out.append(ascii: 34)
        FlowView.write(end.address, to: &out)
        out.append("\",\"")
        out.append(label)
        out.append("_port\":")
        if hasPorts { out.append(decimal: UInt64(end.port.rawValue)) } else { out.append("null") }
    }

    private static func number(_ value: UInt64, _ out: inout OutputBuffer) {
        out.append(ascii: 44)
        out.append(decimal: value)
    }

    private static func seconds(_ nanoseconds: Int64, _ out: inout OutputBuffer) {
        if nanoseconds < 0 { out.append(ascii: 45) }
        out.append(decimal: nanoseconds.magnitude / 1_000_000_000)
        out.append(ascii: 46)
        out.append(decimal: nanoseconds.magnitude % 1_000_000_000, width: 9)
    }

    /// `2025-11-21 06:20:00.000130`, UTC; with nine decimals where there are nanoseconds.
    static func writeTime(_ nanoseconds: Int64, hasNanoseconds: Bool = false, _ out: inout OutputBuffer) {
        let time = Timestamp.epoch.advanced(byNanoseconds: nanoseconds)
        CivilDate(seconds: time.seconds).write(to: &out)
        let ofDay = UInt64(((time.seconds % 86_400) + 86_400) % 86_400)
        out.append(ascii: 32)
        out.append(decimal: ofDay / 3600, width: 2)
        out.append(ascii: 58)
        out.append(decimal: ofDay / 60 % 60, width: 2)
        out.append(ascii: 58)
        out.append(decimal: ofDay % 60, width: 2)
        out.append(ascii: 46)
        if hasNanoseconds {
            out.append(decimal: UInt64(time.nanoseconds), width: 9)
        } else {
            out.append(decimal: UInt64(time.nanoseconds) / 1000, width: 6)
        }
    }
}
