import Addressing
import Conversations
import Diagnosis
import Packets
import Sockets
import Text
import Timeline

/// Stories as text: a heading a conversation, then a paragraph an event, with the packets that it rests on in front and
/// the socket calls behind it below.
public struct StoryText {
    private let columns: Int
    private let calls: [StoryCall]
    private let failures: [Int: CallFailure]

    /// - Parameters:
    ///   - columns: where lines are broken; nil for 100.
    ///   - calls: the socket calls that the capture keeps.
    ///   - failures: those of them that failed, and why.
    public init(columns: Int?, calls: [StoryCall], failures: [CallFailure] = []) {
        self.columns = max(40, columns ?? 100)
        self.calls = calls
        self.failures = Dictionary(failures.map { ($0.call.id, $0) }) { first, _ in first }
    }

    public func write(_ story: StoryBook.Story, to out: inout OutputBuffer) {
        let transport = story.name.transport == .tcp ? "tcp" : "udp"
        out.append(style: .bold)
        out.append(text: "\(transport).stream \(story.name.stream): client \(story.client) → server \(story.server)\n")
        out.append(style: .plain)
        let behind = StoryCalls(story, calls)
        for (event, calls) in zip(story.events, behind.behind) {
            write(Self.label(event) + ": ", StorySentence(story: story).text(event), Self.style(event.kind), &out)
            for call in calls { write(call, &out) }
        }
        guard !behind.failed.isEmpty else { return }
        write("calls: ", "Failed, and no packet above is theirs:", .yellow, &out)
        for call in behind.failed { write(call, &out) }
    }

    static func label(_ event: StoryEvent) -> String {
        if case .total = event.kind, event.packets.last > event.packets.first[0] + 1 {
            return "packets \(event.packets.first[0]) to \(event.packets.last)"
        }
        return label(event.packets)
    }

    /// `packets 1–3, 7`; of many the first ones, the last one and how many.
    static func label(_ packets: PacketNumbers) -> String {
        guard packets.count > 0 else { return "no packet" }
        if packets.count == 1 { return "packet \(packets.last)" }
        var runs: [ClosedRange<Int>] = []
        for number in packets.first {
            if let run = runs.last, number == run.upperBound + 1 {
                runs[runs.count - 1] = run.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        let texts = runs.map { run in
            run.count == 1
                ? "\(run.lowerBound)"
                : run.count == 2 ? "\(run.lowerBound), \(run.upperBound)" : "\(run.lowerBound)–\(run.upperBound)"
        }
        let list = texts.joined(separator: ", ")
        return packets.count > packets.first.count
            ? "packets \(list) … \(packets.last) (\(packets.count) packets)" : "packets \(list)"
    }

    private static func style(_ kind: StoryEvent.Kind) -> OutputBuffer.Style {
        switch kind {
        case .refused, .reset, .icmp, .unanswered: .red
        case .retransmission, .fastRetransmission, .spuriousRetransmission, .outOfOrder, .duplicateACKs, .gap,
            .acknowledgedUnseen, .closedWindow,
            .windowFull, .repeatedSYN, .neverConfirmed, .more:
            .yellow
        case .opened, .openedUnseen, .openedAtOnce, .closed: .green
        default: .plain
        }
    }

    private func write(_ label: String, _ sentence: String, _ style: OutputBuffer.Style, _ out: inout OutputBuffer) {
        out.append(text: "  ")
        out.append(style: .dim)
        out.append(text: label)
        out.append(style: .plain)
        out.append(style: style)
        wrap(sentence, from: 2 + label.count, indent: 4, &out)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    private func write(_ call: SocketCall, _ out: inout OutputBuffer) {
        out.append(style: .cyan)
        out.append(text: "      ")
        let why = failures[call.id].map { ": \(CallFailureText.because($0))" } ?? ""
        wrap(
            "\(call.end.rawValue.escapedForDisplay): \(CallText.whole(call))\(CallText.after(call))\(why)", from: 6,
            indent: 8, &out)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    private func wrap(_ text: String, from start: Int, indent: Int, _ out: inout OutputBuffer) {
        var column = start
        var isFirst = true
        for word in text.split(separator: " ") {
            if !isFirst, column + 1 + word.count > columns {
                out.append(ascii: 10)
                out.append(spaces: indent)
                column = indent
            } else if !isFirst {
                out.append(ascii: 32)
                column += 1
            }
            out.append(text: String(word))
            column += word.count
            isFirst = false
        }
    }
}
