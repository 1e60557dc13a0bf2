import Addressing
import Packets
import Rendering
import TestSupport
import Testing
import Text

/// No packet costs more than its budget, in any output: work is counted, not timed.
@Suite struct BoundedWorkTests {
    /// Parts, what their names cost, and what the last name may cost beyond the budget.
    private static let limit = PacketBudget.parts + PacketBudget.names + 4096

    /// `count` records of IPv4 addresses whose names are all the root.
    private func plain(_ count: Int) -> [UInt8] {
        let record: [UInt8] = [0, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]
        return header(answers: count) + Array(repeating: record, count: count).joined()
    }

    /// Records whose names point forward, each into a chain of pointers as long as a name may follow, until 63 KB are
    /// full. The chain stands in the data of a record before them.
    private var pointingForward: [UInt8] {
        // A TXT record's data may be anything.
        let links = 250
        let chainStart = 12 + 1 + 10
        var chain: [UInt8] = []
        for link in 1...links {
            let target = link == links ? chainStart + links * 2 : chainStart + link * 2
            chain += [0xc0 | UInt8(target >> 8), UInt8(target & 0xff)]
        }
        chain += [63] + [UInt8](repeating: 0x1b, count: 63) + [63] + [UInt8](repeating: 0x61, count: 63) + [0]
        var records: [UInt8] =
            [0, 0, 16, 0, 1, 0, 0, 0, 60, UInt8(chain.count >> 8), UInt8(chain.count & 0xff)] + chain
        let each: [UInt8] = [0xc0, UInt8(chainStart), 0, 2, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, UInt8(chainStart)]
        var count = 1
        while records.count + each.count < 63_000 {
            records += each
            count += 1
        }
        return header(answers: count) + records
    }

    private func header(answers count: Int) -> [UInt8] {
        [0, 1, 0x81, 0x80, 0, 0, UInt8(count >> 8), UInt8(count & 0xff), 0, 0, 0, 0]
    }

    private func packet(_ message: [UInt8]) -> RenderedPacket {
        RenderedPacket(
            bytes: TestPacket.udp(Endpoint(.v4(.loopback), 53), Endpoint(.v4(.loopback), 40000), payload: message))
    }

    private func tree(_ packet: RenderedPacket) -> (text: String, work: Int) {
        packet.with { record, dissection, facts in
            var tree = LayerTree()
            let text = rendered { tree.write(record, dissection, facts, .none, to: &$0) }
            return (text, tree.work)
        }
    }

    private func json(_ packet: RenderedPacket, _ shape: PacketJSON.Shape) -> (text: String, work: Int) {
        packet.with { record, dissection, facts in
            var json = PacketJSON(shape)
            let text = rendered { json.write(record, dissection, facts, .none, to: &$0) }
            return (text, json.work)
        }
    }

    /// Twice the records, twice the work, and each is found once.
    @Test func recordsAreFoundOnce() {
        let works = [500, 1000, 2000].map { tree(packet(plain($0))).work }
        #expect(works[1] - works[0] == 500 * 2 && works[2] - works[1] == 1000 * 2, "\(works)")
        let document = [500, 1000, 2000].map { json(packet(plain($0)), .document).work }
        #expect(document == works)
        #expect(json(packet(plain(1000)), .lines).work == works[1])
    }

    @Test func fourThousandPlainRecordsAreAllShown() {
        let shown = tree(packet(plain(4000)))
        #expect(shown.text.split(separator: "\n").count { $0.contains("Answer: <Root> A") } == 4000)
        #expect(!shown.text.contains("is not shown"))
    }

    @Test func namesThatPointForwardStopAtTheBudget() {
        let packet = packet(pointingForward)
        let shown = tree(packet)
        #expect(shown.work <= Self.limit, "\(shown.work)")
        #expect(shown.text.contains("[the rest of the message is not shown: "))
        #expect(shown.text.utf8.count < 16 * PacketBudget.names)
        for shape in [PacketJSON.Shape.document, .lines] {
            let written = json(packet, shape)
            #expect(written.work <= Self.limit, "\(written.work)")
            #expect(written.text.utf8.count < 16 * PacketBudget.names)
            #expect(shape == .lines || written.text.contains("\"netprobe.not_shown\""))
        }
        #expect(packet.line.utf8.count < 1000)
    }

    @Test func moreMessagesThanAreReadAreTold() {
        // Over TCP, each of twelve bytes behind its length.
        let stream = Array(repeating: [0, 12] + header(answers: 0), count: 4500).joined()
        let packet = RenderedPacket(
            bytes: TestPacket.tcp(
                Endpoint(.v4(.loopback), 53), Endpoint(.v4(.loopback), 40000), [.psh, .ack], seq: 1, ack: 1,
                payload: Array(stream)))
        let shown = tree(packet)
        #expect(shown.work <= Self.limit)
        #expect(shown.text.contains("[the rest of the message is not shown: "))
    }

    @Test func headerLinesWithoutEndStopAtTheBudget() {
        let head = "GET / HTTP/1.1\r\n" + String(repeating: "a:\n", count: 20_000)
        let packet = RenderedPacket(
            bytes: TestPacket.tcp(
                Endpoint(.v4(.loopback), 40000), Endpoint(.v4(.loopback), 80), [.psh, .ack], seq: 1, ack: 1,
                payload: Array(head.utf8)))
        let shown = tree(packet)
        #expect(shown.work == PacketBudget.parts)
        #expect(shown.text.contains("[the rest of the message is not shown: "))
    }

    /// A field beside a field is as many comparisons as the product of their values.
    @Test func filtersStopAtTheirBudget() throws {
        var filter = try DisplayFilter("dns.resp.ttl + dns.resp.len == 1")
        let packet = packet(plain(4000))
        let isMatch = packet.with { record, dissection, facts in filter.matches(record, dissection, facts) }
        #expect(!isMatch)
    }
}
