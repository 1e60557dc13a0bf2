import Addressing
import Rendering
import TestSupport
import Testing
import Text

@testable import Packets

/// Layers that lie in other bytes than the frame's: every output reads them there.
@Suite struct DataSourceTests {
    /// A datagram whose UDP header and payload lie in a source of their own, and nothing of it in the frame.
    private func with<Result>(_ body: (RawSpan, borrowing Dissection, PacketFacts) -> Result) -> Result {
        let whole = TestPacket.udp(
            Endpoint(.v4(.loopback), 40000), Endpoint(.v4(.loopback), 9), payload: Array("Hello".utf8))
        let frame = Array(whole.prefix(34))
        var dissection = Dissection()
        Dissector().dissect(frame.rawSpan, linkType: .ethernet, wireLength: frame.count, into: &dissection)
        var packet = PacketBytes()
        packet.begin(with: frame.rawSpan)
        let source = packet.append(Array(whole.dropFirst(34)), parts: [])
        Dissector().dissect(packet.all.rawSpan, completing: source, as: .udp, into: &dissection)
        var facts = PacketFacts()
        facts.wireLength = frame.count
        facts.capturedLength = frame.count
        return body(packet.all.rawSpan, dissection, facts)
    }

    @Test func treeSaysWhereItIs() {
        let text = with { record, dissection, facts in
            rendered { out in
                var tree = LayerTree()
                tree.write(record, dissection, facts, .none, to: &out)
            }
        }
        #expect(text.contains("Dst Port: 9  [bytes 0-7 of the reassembled datagram]\n"), "\(text)")
        #expect(text.contains("      0-1  Source port: 40000  udp.srcport\n"))
        #expect(text.contains("Payload: 48656c6c6f  udp.payload\n"))
        #expect(text.contains("Data  [bytes 8-12 of the reassembled datagram]\n           48656c6c6f\n"))
    }

    @Test func fieldsReadFromThere() {
        let (table, json) = with { record, dissection, facts in
            let names = ["ip.proto", "udp.dstport", "udp.payload", "data.data", "eth.type"]
            var table = FieldTable(names.compactMap { NamedField($0) })
            var json = PacketJSON(.document)
            return (
                rendered { table.write(record, dissection, facts, .none, to: &$0) },
                rendered { json.write(record, dissection, facts, .none, to: &$0) }
            )
        }
        #expect(table == "17\t9\t48656c6c6f\t48656c6c6f\t0x0800\n")
        #expect(json.contains("\"udp.payload\": \"48:65:6c:6c:6f\""))
    }

    @Test(arguments: [
        "udp.payload contains \"Hell\"", "len(frame) == 34",
        "udp.payload[1:2] == 65:6c", "udp.dstport == 9", "len(udp.payload) == 5",
        "udp.payload matches \"l+o\"",
    ])
    func filtersReadFromThere(text: String) throws {
        var filter = try DisplayFilter(text)
        let isMatch = with { record, dissection, facts in filter.matches(record, dissection, facts) }
        #expect(isMatch)
    }
}
