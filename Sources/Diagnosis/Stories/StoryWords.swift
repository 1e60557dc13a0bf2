import Addressing
import Conversations
import Packets
import Text

/// What the application layer of a packet says, where netprobe knows the protocol: `DNS query A example.com`.
struct StoryWords: ~Escapable {
    private let record: RawSpan
    private let layer: LayerRange?
    /// The same protocol's further messages: pipelined requests.
    private var further: [LayerRange] = []
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
        guard let index = dissection.layers.firstIndex(where: { $0.start > transport && $0.kind != .data }) else {
            layer = nil
            return
        }
        layer = dissection.layers[index]
        for other in index + 1..<max(index + 1, dissection.layers.count) {
            guard dissection.layers[other].kind == dissection.layers[index].kind else { break }
            further.append(dissection.layers[other])
        }
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

    /// So many messages of a segment are told.
    private static let most = 4

    var text: String {
        let first = layer.map { text(of: $0) } ?? ""
        if further.isEmpty || first.isEmpty { return first }
        let told = [first] + further.prefix(Self.most - 1).map { text(of: $0) }
        let more = further.count - (Self.most - 1)
        return told.joined(separator: "; ") + (more > 0 ? " and \(more) more" : "")
    }

    private func text(of layer: LayerRange) -> String {
        var collector = ByteCollector()
        ApplicationSummary.write(layer, record: record, to: &collector)
        // A message that goes on from an earlier segment says nothing of its own.
        return collector.text.hasSuffix("continuation") ? "" : collector.text
    }
}
