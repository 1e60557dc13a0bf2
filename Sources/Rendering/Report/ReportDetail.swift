import Addressing
import Conversations
import Diagnosis
import Packets
import Sockets
import Text
import Timeline

/// One conversation of a report: its story, its ladder, its plots.
struct ReportDetail {
    private let detail: ReportCollector.Detail
    private let calls: [CapturedCall]
    private let file: String

    init(_ detail: ReportCollector.Detail, calls: [CapturedCall], file: String) {
        self.detail = detail
        self.calls = calls
        self.file = file
    }

    func write(isOpen: Bool, to out: inout OutputBuffer) {
        let story = detail.story
        let name = "\(story.name.transport == .tcp ? "tcp" : "udp").stream \(story.name.stream)"
        out.append(
            text:
                """
                <details id="\(ReportTable.identifier(story.name))"\(isOpen ? " open" : "")>\
                <summary>\(name): client \(story.client) → server \(story.server)</summary>\n
                """
        )
        writeStory(story, &out)
        if let trace = detail.trace { writePlots(trace, name, &out) }
        writeLadder(&out)
        out.append("</details>\n")
    }

    private func writeStory(_ story: Story, _ out: inout OutputBuffer) {
        let evidence = EvidenceText(calls: calls.map(\.comment.call), failures: [])
        out.append("<ul class=\"story\">")
        for finding in CallEvidence(calls).added(to: story).findings {
            out.append("<li><b>")
            out.append(markup: EvidenceText.label(finding))
            out.append("</b> ")
            out.append(markup: SentenceText.text(finding.sentence))
            for call in evidence.calls(finding) {
                out.append("<br><code>")
                out.append(markup: evidence.text(call))
                out.append("</code>")
            }
            out.append("</li>")
        }
        out.append("</ul>\n")
    }

    private func writePlots(_ trace: StreamTrace, _ name: String, _ out: inout OutputBuffer) {
        let fromClient = trace.busier.isFromClient
        out.append("<div class=\"plots\">")
        for kind in [TracePlot.sequence, .rtt, .window, .throughput] {
            let plot = kind.plot(trace, fromClient: fromClient, name: name)
            // Two points are no picture.
            guard plot.series.contains(where: { $0.points.count > 2 }) else { continue }
            out.append("<figure><figcaption>")
            out.append(html: plot.title)
            out.append("</figcaption>")
            PlotSVG(isWhole: false).write(plot, to: &out)
            out.append("</figure>")
        }
        out.append("</div>\n")
    }

    private func writeLadder(_ out: inout OutputBuffer) {
        guard let conversation = detail.conversation else { return }
        let shown = conversation.packets.count
        out.append(text: "<h3>Ladder</h3>")
        if shown < detail.packets {
            let stream = (detail.story.name.transport == .tcp ? "" : "udp:") + "\(detail.story.name.stream)"
            out.append(
                text:
                    """
                    <p>The first \(shown) of \(detail.packets) packets; all of them: \
                    <code>netprobe ladder --full --stream \(stream)
                    """
            )
            out.append(html: " \(file.asShellWord)")
            out.append("</code></p>")
        }
        let scene = Scene(conversation, calls: calls.map(\.comment.call))
        out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Ladder\">")
        LadderSVG(scene).write(embedded: true, to: &out)
        out.append("</div>")
    }
}

/// Text that a writer makes, as a string: for what goes into a page.
enum TextCapture {
    private final class Bytes {
        var all: [UInt8] = []
    }

    static func text(_ body: (inout OutputBuffer) -> Void) -> String {
        let bytes = Bytes()
        var out = OutputBuffer { block in
            for offset in 0..<block.byteCount { bytes.all.append(block.uint8(at: offset)) }
            return true
        }
        body(&out)
        out.flush()
        return String(decoding: bytes.all, as: UTF8.self)
    }
}
