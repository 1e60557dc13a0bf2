import Addressing
import Conversations
import Packets
import Text

/// What the application layer of a packet says, where netprobe knows the protocol: `DNS query A example.com`.
struct StoryWords: ~Escapable {
    private let record: RawSpan
    private let layer: LayerRange?

    @_lifetime(copy record)
    init(_ record: RawSpan, _ dissection: borrowing Dissection, behind transport: Int32) {
        self.record = record
        layer = dissection.layers.first { $0.start > transport && $0.kind != .data }
    }

    /// Of DHCP: its exchanges are told as such, and who is client and who is server it says itself.
    var dhcp: DHCPOutline? {
        guard let layer, layer.kind == .dhcp else { return nil }
        return DHCPOutline(layer, record)
    }

    var text: String {
        guard let layer else { return "" }
        var collector = ByteCollector()
        ApplicationSummary.write(layer, record: record, to: &collector)
        // A message that goes on from an earlier segment says nothing of its own.
        return collector.text.hasSuffix("continuation") ? "" : collector.text
    }
}
