import Addressing
import Conversations
import Diagnosis
import Packets
import Sockets
import Text

/// Stories for programs: one JSON object an event, each on a line of its own, with the same sentence as the text.
public struct StoryJSON: ~Copyable {
    private var json = JSONWriter()
    private let calls: [StoryCall]

    public init(calls: [StoryCall]) { self.calls = calls }

    public mutating func write(_ story: StoryBook.Story, to out: inout OutputBuffer) {
        let behind = StoryCalls(story, calls)
        for (event, calls) in zip(story.events, behind.behind) {
            json.beginObject(&out)
            json.member("transport", story.name.transport == .tcp ? "tcp" : "udp", &out)
            json.member("stream", Int(story.name.stream), &out)
            json.member("client", "\(story.client)", &out)
            json.member("server", "\(story.server)", &out)
            json.member("event", Self.name(event.kind), &out)
            json.member("by", event.side.map { $0 == .client ? "client" : "server" }, &out)
            json.member("time", "\(event.time)", &out)
            json.member("duration_ns", Int(event.duration), &out)
            json.key("packets", &out)
            json.beginArray(&out)
            for number in event.packets.first { json.value(Int64(number), &out) }
            json.endArray(&out)
            json.member("last_packet", event.packets.last, &out)
            json.member("packet_count", event.packets.count, &out)
            json.member("text", StorySentence(story: story).text(event), &out)
            json.key("calls", &out)
            json.beginArray(&out)
            for call in calls { json.value(call.text, &out) }
            json.endArray(&out)
            json.endObject(&out)
            json.endLine(&out)
        }
    }

    static func name(_ kind: StoryEvent.Kind) -> String {
        switch kind {
        case .opened: "opened"
        case .openedUnseen: "opened_unseen"
        case .openedAtOnce: "opened_at_once"
        case .agreed: "agreed"
        case .neverConfirmed: "never_confirmed"
        case .repeatedSYN: "repeated_syn"
        case .refused: "refused"
        case .unanswered: "unanswered"
        case .joined: "joined"
        case .reusedPorts: "reused_ports"
        case .turn: "data"
        case .moreTurns: "more_data"
        case .retransmission: "retransmission"
        case .fastRetransmission: "fast_retransmission"
        case .spuriousRetransmission: "spurious_retransmission"
        case .outOfOrder: "out_of_order"
        case .duplicateACKs: "duplicate_acks"
        case .gap: "gap"
        case .acknowledgedUnseen: "acknowledged_unseen"
        case .closedWindow: "closed_window"
        case .windowFull: "window_full"
        case .keepAlives: "keep_alive"
        case .icmp: "icmp_error"
        case .more(let kind, _, _): "more_\(kind)"
        case .closed: "closed"
        case .halfClosed: "half_closed"
        case .reset: "reset"
        case .stillOpen: "still_open"
        case .total: "total"
        }
    }
}
