import Addressing
import Conversations
import Packets
import Text

/// What the application layer of a packet says, where netprobe knows the protocol: `DNS query A example.com`.
struct StoryWords: ~Escapable {
    private let record: RawSpan
    private let layer: LayerRange?
    private let payloadRange: Range<Int>

    /// No words, where the packet's bytes are not there any more.
    @_lifetime(immortal)
    init() {
        record = RawSpan()
        layer = nil
        payloadRange = 0..<0
    }

    @_lifetime(copy record)
    init(_ record: RawSpan, _ dissection: borrowing Dissection, behind transport: Int32) {
        self.record = record
        payloadRange = dissection.layers.first { $0.start == transport }?.payload ?? 0..<0
        layer = dissection.layers.first { $0.start > transport && $0.kind != .data }
    }

    /// What the segment or datagram carries, as captured.
    var payload: RawSpan {
        @_lifetime(copy self) get { record.extracting(payloadRange) }
    }

    /// The packet's DHCP message; nil for other packets. A DHCP message says itself who is client and who is server.
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
