import Addressing
import Capture
import Conversations
import Lab
import Packets
import Rendering
import Sockets

/// What a demo prints.
struct DemoReport {
    private let demo: Demo
    private let recording: DemoRecording
    private let message: [UInt8]
    private let report: ConversationReport

    init(demo: Demo, recording: DemoRecording, message: [UInt8]) {
        self.demo = demo
        self.recording = recording
        self.message = message
        report = ConversationReport(recording.records, calls: recording.calls)
    }

    static func writeCatalogue(to out: inout OutputBuffer) {
        let width = (Demo.catalogue.map(\.name.count).max() ?? 0) + 2
        for demo in Demo.catalogue {
            out.append(text: demo.name)
            out.append(spaces: width - demo.name.count)
            out.append(text: demo.summary + "\n")
        }
    }

    /// Whether every message came back as it was sent.
    var echoedUnchanged: Bool {
        !recording.answers.isEmpty && recording.answers.allSatisfy { step in !step.isEmpty && step.allSatisfy { $0 == message } }
    }

    // MARK: Text

    /// Lines, ladders, cards, account: in this order.
    func writeText(ladder: Bool, columns: Int?, to out: inout OutputBuffer) {
        heading("Packets", &out)
        var lines = RecordPrinter()
        for record in recording.records { lines.write(record.header, record.bytes.rawSpan, to: &out) }
        if ladder {
            heading("Ladder: calls and packets in the order in which they happened", &out)
            report.writeLadders(columns: columns, to: &out)
        }
        for conversation in report.conversations {
            heading(conversation.transport == .tcp ? "TCP handshake and teardown" : "UDP", &out)
            HandshakeCard.write(conversation, to: &out)
            ChecksumNote.write(conversation, to: &out)
        }
        heading("Account", &out)
        writeAccount(&out)
        writeEcho(&out)
    }

    private func writeAccount(_ out: inout OutputBuffer) {
        let accounts = report.conversations.map { (name: $0.transport == .tcp ? "TCP" : "UDP", account: ConversationAccount($0.packets)) }
        if accounts.count == 1, let only = accounts.first {
            AccountText.write(only.account, to: &out)
        } else {
            AccountText.writeComparison(accounts, to: &out)
        }
    }

    private func writeEcho(_ out: inout OutputBuffer) {
        let sent = message.count * recording.answers.count * (recording.answers.first?.count ?? 0)
        if echoedUnchanged {
            out.append(text: "echo                \(sent) bytes came back as they were sent: ")
            let shown = Array(message.prefix(60))
            out.append(escaping: shown.rawSpan)
            out.append(message.count > 60 ? "…\n" : "\n")
        } else {
            out.append("echo                what came back is not what was sent\n")
        }
    }

    private func heading(_ text: String, _ out: inout OutputBuffer) {
        if text != "Packets" { out.append(ascii: 10) }
        out.append(style: .bold)
        out.append(text: text)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    // MARK: NDJSON

    func writeNDJSON(to out: inout OutputBuffer) {
        var json = DemoJSON()
        for (stream, conversation) in report.conversations.enumerated() {
            for packet in conversation.packets { json.write(packet, stream, conversation, to: &out) }
        }
        for call in report.calls { json.write(call, to: &out) }
        for (stream, conversation) in report.conversations.enumerated() {
            json.writeHandshake(conversation, stream, to: &out)
            json.write(ConversationAccount(conversation.packets), stream, to: &out)
        }
    }
}
