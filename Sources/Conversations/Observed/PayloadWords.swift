import Packets
import Text

/// What a segment or a datagram carries, as far as a few words can say it.
public enum PayloadWords: Hashable, Sendable {
    /// What its protocol's line says, `HTTP GET /index.html`: safe to print.
    case message(String)
    /// The beginning of a text that no protocol here claims, as it was sent.
    case text(PayloadText)

    /// nil where the layer carries nothing, or neither a message that is known nor text.
    /// - Parameter transport: the TCP or UDP layer.
    public init?(_ record: RawSpan, _ dissection: borrowing Dissection, of transport: LayerRange) {
        guard transport.end > transport.headerEnd, Int(transport.end) <= record.byteCount else { return nil }
        guard
            let place = dissection.layers.firstIndex(where: { $0.start == transport.start && $0.kind == transport.kind }
            )
        else { return nil }
        for layer in dissection.layers[(place + 1)...] {
            // A tunnel: what it carries is another conversation's.
            if layer.kind == .ipv4 || layer.kind == .ipv6 { return nil }
            guard layer.kind.lineWords != nil else { continue }
            var words = ByteCollector()
            ApplicationSummary.write(layer, record: record, to: &words)
            if !words.bytes.isEmpty {
                self = .message(words.text)
                return
            }
        }
        let text = PayloadText(record.extracting(transport.payload))
        if text.isEmpty { return nil }
        self = .text(text)
    }
}
