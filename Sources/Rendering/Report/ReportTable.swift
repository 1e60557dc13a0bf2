import Addressing
import Conversations
import Diagnosis
import Packets
import Text

/// The conversations of a report as a table, largest first, with links to those that are told in detail.
struct ReportTable {
    private let flows: [Int]
    private let all: Int
    private let detailed: Set<String>
    private var origin = Int64.max

    /// The name of a conversation in links.
    static func identifier(_ name: ConversationName) -> String {
        "\(name.transport == .tcp ? "tcp" : "udp")-\(name.stream)"
    }

    init(_ tracker: borrowing FlowTracker, limit: Int, detailed: Set<String>) {
        var numbers: [Int] = []
        var sizes: [UInt64] = []
        for number in 0..<tracker.count where tracker[number].record.packets > 0 {
            numbers.append(number)
            sizes.append(tracker[number].record.bytes)
            origin = min(origin, tracker[number].record.firstTime ?? .max)
        }
        all = numbers.count
        let order = numbers.indices.sorted { sizes[$0] != sizes[$1] ? sizes[$0] > sizes[$1] : $0 < $1 }
        flows = order.prefix(limit).map { numbers[$0] }
        self.detailed = detailed
    }

    func write(_ tracker: borrowing FlowTracker, to out: inout OutputBuffer) {
        out.append(
            """
            <section aria-labelledby="h-flows"><h2 id="h-flows">Conversations</h2><p class="search"><label>Search \
            <input id="search" type="search" placeholder="address, port, state …" autocomplete="off"></label> \
            <span id="found" role="status"></span> <kbd>/</kbd> goes to the search.</p>
            """
        )
        if flows.count < all {
            out.append(text: "<p>The \(flows.count) largest of \(all); all of them: <code>netprobe flows</code>.</p>")
        }
        out.append(
            """
            <div class="scroll" tabindex="0" role="region" aria-labelledby="h-flows"><table id="flows">\
            <caption>Largest first; a heading sorts by its column, numbers from the largest</caption><thead><tr>
            """
        )
        let columns: [(String, Bool)] = [
            ("stream", false), ("state", false), ("who opened", false), ("to whom", false), ("start", true),
            ("duration", true), ("packets →", true), ("packets ←", true),
            ("bytes →", true), ("bytes ←", true), ("handshake", true), ("service", false),
        ]
        for (name, isNumber) in columns {
            out.append(text: "<th scope=\"col\"\(isNumber ? " class=\"n\"" : "")>\(name)</th>")
        }
        out.append("</tr></thead><tbody>\n")
        for number in flows where out.isOpen { writeRow(tracker[number].key, tracker[number].record, &out) }
        out.append("</tbody></table></div></section>\n")
    }

    private func writeRow(_ key: FlowKey, _ record: FlowRecord, _ out: inout OutputBuffer) {
        let view = FlowView(key, record)
        let name = "\(view.flowProtocol.name):\(record.stream)"
        let identifier = "\(view.flowProtocol.name)-\(record.stream)"
        out.append("<tr><td>")
        out.append(text: detailed.contains(identifier) ? "<a href=\"#\(identifier)\">\(name)</a>" : name)
        let isBad: Bool =
            switch view.state {
            case .rej, .rsto, .rstr, .rstos0, .rstrh, .s0: true
            default: false
            }
        out.append(text: "</td><td\(isBad ? " class=\"bad\"" : "")>\(view.outcome)</td><td>")
        view.writeOriginator(to: &out)
        out.append("</td><td>")
        view.writeResponder(to: &out)
        out.append("</td>")
        let start = record.firstTime.map { $0 &- origin }
        number(start ?? -1, start.map { PlotAxis.decimal(Double($0) * 1e-9, 6) + " s" } ?? "–", &out)
        number(record.duration ?? -1, record.duration.map { DurationText.text(nanoseconds: $0) } ?? "–", &out)
        for value in [
            UInt64(record.originator.packets), UInt64(record.responder.packets), record.originator.bytes,
            record.responder.bytes,
        ] {
            number(Int64(clamping: value), "\(value)", &out)
        }
        number(record.handshake ?? -1, record.handshake.map { DurationText.text(nanoseconds: $0) } ?? "–", &out)
        out.append(text: "<td>\(view.service ?? "")</td></tr>\n")
    }

    /// A number as people read it, with its value for sorting.
    private func number(_ value: Int64, _ text: String, _ out: inout OutputBuffer) {
        out.append(
            text: text == "\(value)"
                ? "<td class=\"n\">\(text)</td>" : "<td class=\"n\" data-v=\"\(value)\">\(text)</td>")
    }
}
