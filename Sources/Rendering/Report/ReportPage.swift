import Addressing
import Conversations
import Diagnosis
import Packets
import Sockets
import Text
import Timeline

/// A capture as one HTML page (https://html.spec.whatwg.org): no network, nothing from elsewhere, readable without its
/// script, on paper, in light and dark. Everything from the capture goes through `append(html:)`, and the page's own
/// policy (Content Security Policy) forbids every script but the one whose hash it names.
public struct ReportPage {
    /// So many rows has the table of conversations at most.
    public static let rows = 2000

    private let name: String
    private let calls: [CapturedCall]

    /// - Parameters:
    ///   - name: the capture's name, as the user gave it.
    ///   - calls: the socket calls that it keeps.
    public init(name: String, calls: [CapturedCall]) {
        self.name = name
        self.calls = calls
    }

    /// - Parameter notices: what a reader has to know before anything else: a damaged file, packets that count twice.
    public func write(
        _ report: ReportCollector, flows tracker: borrowing FlowTracker, notices: [String] = [],
        to out: inout OutputBuffer
    ) {
        writeHead(&out)
        writeSummary(report.statistics, tracker, notices, &out)
        writeProtocols(report.statistics, &out)
        let details = report.details
        let table = ReportTable(
            tracker, limit: Self.rows, detailed: Set(details.map { ReportTable.identifier($0.story.name) }))
        table.write(tracker, to: &out)
        out.append(text: "<section aria-labelledby=\"h-details\"><h2 id=\"h-details\">In detail</h2>")
        out.append(
            text: details.count == 1
                ? "<p>The conversation with the most data.</p>\n"
                : "<p>\(details.count) conversations with the most data, in the order in which they began.</p>\n")
        for (index, detail) in details.enumerated() {
            ReportDetail(detail, calls: calls, file: name).write(isOpen: index == 0, to: &out)
        }
        out.append(text: "</section></main><script>\(ReportScript.text)</script></body></html>\n")
    }

    private func writeHead(_ out: inout OutputBuffer) {
        out.append(
            text:
                """
                <!doctype html><html lang="en"><head><meta charset="utf-8">\
                <meta name="viewport" content="width=device-width,initial-scale=1">
                """
        )
        out.append(
            text:
                """
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
                script-src '\(ReportScript.hash)'">
                """
        )
        out.append(text: "<meta name=\"color-scheme\" content=\"light dark\"><title>")
        out.append(html: name)
        out.append(
            text:
                """
                 – netprobe report</title><style>\(ReportStyle.text)\(PlotSVG.styles)\(LadderSVG.style)</style></head>\
                <body>
                """
        )
        out.append(text: "<a class=\"skip\" href=\"#h-flows\">To the conversations</a><header><h1>")
        out.append(html: name)
        out.append(
            text:
                """
                </h1><nav aria-label="Sections"><a href="#h-protocols">Protocols</a> \
                <a href="#h-flows">Conversations</a> <a href="#h-details">In detail</a></nav></header><main>\n
                """
        )
    }

    private func writeSummary(
        _ statistics: CaptureStatistics, _ tracker: borrowing FlowTracker, _ notices: [String],
        _ out: inout OutputBuffer
    ) {
        for notice in notices {
            out.append("<p class=\"bad\" role=\"alert\">")
            out.append(html: notice)
            out.append("</p>")
        }
        var flows = 0
        for number in 0..<tracker.count where tracker[number].record.packets > 0 { flows += 1 }
        var facts = [
            ("packets", "\(statistics.sizes.packets)"), ("bytes on the wire", "\(statistics.sizes.bytes)"),
            ("time", statistics.duration.map { DurationText.text(nanoseconds: $0) } ?? "–"),
            ("conversations", "\(flows)"),
            ("TCP segments sent again", "\(statistics.retransmissions)"),
            ("requests", "\(statistics.requests.requests)"),
            ("answered", "\(statistics.requests.answered)"),
        ]
        if let first = statistics.firstTime {
            facts.insert(
                ("begins (UTC)", TextCapture.text { FlowData.writeTime(first.nanoseconds(since: .epoch), &$0) }), at: 0)
        }
        if let rate = statistics.requests.perSecond { facts.append(("requests a second", PlotAxis.decimal(rate, 1))) }
        if let median = statistics.requests.medianResponse {
            facts.append(("median time to answer", DurationText.text(nanoseconds: median)))
        }
        out.append("<dl class=\"facts\">")
        for (name, value) in facts { out.append(text: "<div><dt>\(name)</dt><dd>\(value)</dd></div>") }
        out.append("</dl>\n")
    }

    private func writeProtocols(_ statistics: CaptureStatistics, _ out: inout OutputBuffer) {
        out.append(
            """
            <section aria-labelledby="h-protocols"><h2 id="h-protocols">Protocols and packet sizes</h2>\
            <div class="pair"><div class="scroll" tabindex="0" role="region" aria-label="Protocol hierarchy"><table>\
            <caption>Protocol hierarchy</caption><thead><tr><th scope="col">protocol</th>\
            <th scope="col" class="n">packets</th><th scope="col" class="n">bytes</th>\
            <th scope="col">share of bytes</th></tr></thead><tbody>
            """
        )
        let all = max(1, Double(statistics.sizes.bytes))
        for node in statistics.hierarchy.inOrder {
            out.append(text: "<tr><th scope=\"row\" style=\"padding-left:\(Double(node.depth) + 0.4)rem\">")
            out.append(html: node.name)
            out.append(
                text:
                    """
                    </th><td class="n">\(node.packets)</td><td class="n">\(node.bytes)</td>\
                    <td>\(bar(Double(node.bytes) / all))</td></tr>
                    """
            )
        }
        out.append(
            """
            </tbody></table></div><div class="scroll" tabindex="0" role="region" aria-label="Packet sizes"><table>\
            <caption>Packet sizes</caption><thead><tr><th scope="col">bytes</th><th scope="col" class="n">packets</th>\
            <th scope="col">share of packets</th></tr></thead><tbody>
            """
        )
        for (index, count) in statistics.sizes.counts.enumerated() where count > 0 {
            let low = PacketSizes.bounds[index]
            let name =
                index + 1 < PacketSizes.bounds.count ? "\(low)–\(PacketSizes.bounds[index + 1] - 1)" : "\(low) and more"
            out.append(
                text:
                    """
                    <tr><th scope="row">\(name)</th><td class="n">\(count)</td>\
                    <td>\(bar(Double(count) / Double(max(1, statistics.sizes.packets))))</td></tr>
                    """
            )
        }
        out.append("</tbody></table></div></div></section>\n")
    }

    private func bar(_ share: Double) -> String {
        let percent = PlotAxis.decimal(share * 100, 1)
        return "<span class=\"share\"><span style=\"width:\(percent)%\"></span></span> \(percent) %"
    }
}
