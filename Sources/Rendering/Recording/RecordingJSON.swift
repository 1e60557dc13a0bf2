import Addressing
import Conversations
import Diagnosis
import Packets
import Sockets
import Text
import Timeline

/// One JSON object a line for what a demo or a run recorded. Every object has a `type`.
public struct RecordingJSON: ~Copyable {
    private var json = JSONWriter()

    /// A writer at the beginning of a line.
    public init() {}

    /// `{"type":"packet", …}`: relative and absolute numbers, lengths, checksum.
    public mutating func write(
        _ packet: ObservedPacket, _ stream: Int, _ conversation: Conversation, to out: inout OutputBuffer
    ) {
        json.beginObject(&out)
        json.member("type", "packet", &out)
        json.member("number", packet.number, &out)
        json.member("stream", stream, &out)
        json.member("time", "\(packet.time)", &out)
        json.member("transport", packet.transport == .tcp ? "tcp" : "udp", &out)
        json.member("source", "\(packet.source)", &out)
        json.member("destination", "\(packet.destination)", &out)
        if let tcp = packet.tcp {
            json.member("flags", tcp.flags.description, &out)
            json.member("seq", conversation.connection?.relativeSequence(packet).map(Int.init), &out)
            json.member("ack", conversation.connection?.relativeAcknowledgment(packet).map(Int.init), &out)
            json.member("seq_raw", Int(tcp.sequence.rawValue), &out)
            json.member("ack_raw", tcp.flags.contains(.ack) ? Int(tcp.acknowledgment.rawValue) : nil, &out)
            json.member("window", Int(tcp.window), &out)
            json.member("offloaded", conversation.isOffloaded(packet), &out)
        }
        json.member("payload", packet.payloadLength, &out)
        json.member("wire", packet.wireLength, &out)
        json.member("checksum", "\(packet.checksum)", &out)
        end(&out)
    }

    /// `{"type":"call", …}`
    public mutating func write(_ call: SocketCall, to out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("type", "call", &out)
        json.member("id", call.id, &out)
        json.member("end", call.end.rawValue, &out)
        json.member("name", call.name.rawValue, &out)
        json.member("descriptor", call.descriptor.map(Int.init), &out)
        json.key("arguments", &out)
        json.beginArray(&out)
        for argument in call.arguments { json.value(argument.description, &out) }
        json.endArray(&out)
        json.member("start", "\(call.start)", &out)
        json.member("return", call.finish.map { "\($0)" }, &out)
        if let running = call.runningUntil { json.member("running_until", "\(running)", &out) }
        json.member("result", "\(call.result)", &out)
        json.member("local", call.local.map { "\($0)" }, &out)
        json.member("peer", call.peer.map { "\($0)" }, &out)
        json.member("transport", call.transport.rawValue, &out)
        end(&out)
    }

    /// `{"type":"handshake", …}`; for UDP `"present":false`.
    public mutating func writeHandshake(_ conversation: Conversation, _ stream: Int, to out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("type", "handshake", &out)
        json.member("stream", stream, &out)
        json.member("present", conversation.connection?.handshake.syn != nil, &out)
        if let connection = conversation.connection {
            HandshakeJSON.writeMembers(of: connection, &json, to: &out)
        }
        end(&out)
    }

    /// `{"type":"account", …}`
    public mutating func write(_ account: ConversationAccount, _ stream: Int, to out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("type", "account", &out)
        json.member("stream", stream, &out)
        json.member("packets", account.packets, &out)
        json.member("packets_from_client", account.fromClient.packets, &out)
        json.member("packets_from_server", account.fromServer.packets, &out)
        json.member("wire_bytes", account.wireBytes, &out)
        json.member("payload_bytes", account.payloadBytes, &out)
        json.member("overhead_bytes", account.overheadBytes, &out)
        json.member("duration_ns", account.duration.map { Int($0) }, &out)
        end(&out)
    }

    /// `{"type":"verdict", …}`: what came of it, in a word for programs and a sentence for people.
    public mutating func writeVerdict(_ word: String, _ text: String, to out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("type", "verdict", &out)
        json.member("result", word, &out)
        json.member("text", text, &out)
        end(&out)
    }

    /// The same of a run: `failure`, `warning`, `success`, and what the finding rests on.
    public mutating func writeVerdict(_ finding: Finding, to out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("type", "verdict", &out)
        json.member("result", "\(finding.severity)", &out)
        json.member("kind", finding.kind.rawValue, &out)
        json.key("packets", &out)
        json.beginArray(&out)
        for number in finding.evidence.packets.first { json.value(Int64(number), &out) }
        json.endArray(&out)
        json.key("calls", &out)
        json.beginArray(&out)
        for number in finding.evidence.calls { json.value(Int64(number), &out) }
        json.endArray(&out)
        json.member("text", SentenceText.text(finding.sentence), &out)
        end(&out)
    }

    /// `{"type":"failure", …}`: a call that failed, by its id, and why; `"type":"waiting"` for one that had not
    /// returned when its program was ended.
    public mutating func write(_ failure: CallFailure, to out: inout OutputBuffer) {
        let finding = failure.finding
        json.beginObject(&out)
        json.member("type", finding.kind.rawValue, &out)
        json.member("call", failure.call.id, &out)
        if !failure.isStillWaiting { json.member("errno", failure.errno, &out) }
        json.member("text", SentenceText.text(finding.sentence), &out)
        end(&out)
    }

    /// `{"type":"program", …}`: how a program of a run ended.
    public mutating func writeProgram(_ name: String, _ ending: String, to out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("type", "program", &out)
        json.member("end", name, &out)
        json.member("ending", ending, &out)
        end(&out)
    }

    private mutating func end(_ out: inout OutputBuffer) {
        json.endObject(&out)
        json.endLine(&out)
    }
}
