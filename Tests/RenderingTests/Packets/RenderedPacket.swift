import Addressing
import Conversations
import Packets
import Rendering
import TestSupport

/// Literal packets for what shows packets, with their dissection and facts.
struct RenderedPacket {
    var bytes: [UInt8]
    var linkType = LinkType.ethernet
    var wireLength: Int?
    var notes = PacketNotes.none

    static func hex(_ text: String) -> [UInt8] { TestPacket.hex(text) }

    /// A SYN with the options that Linux sends.
    static let syn = RenderedPacket(
        bytes: TestPacket.tcp(
            EchoExchange.client, EchoExchange.server, .syn, seq: EchoExchange.clientISN, options: EchoExchange.offer,
            checksum: .partial))
    static let data = RenderedPacket(
        bytes: TestPacket.tcp(
            EchoExchange.client, EchoExchange.server, [.psh, .ack], seq: 2, ack: 1001,
            payload: Array("Hello, world\u{1B}[31m\n".utf8)))
    static let udp6 = RenderedPacket(
        bytes: TestPacket.udp(
            Endpoint(.v6(.loopback), 50000), Endpoint(.v6(.loopback), 65432), payload: Array("Hello".utf8)))
    /// Port unreachable, quoting the datagram that found nobody.
    static let unreachable = RenderedPacket(
        bytes: hex(
            """
            020000000001 020000000002 0800 4500 0038 0001 0000 40 01 0000 0a000001 0a000002 0303 0000 00000000
            4500 001c 0002 0000 3f 11 0000 0a000002 0b000001 1234 0035 0008 0000
            """))
    static let echo6 = RenderedPacket(
        bytes: hex(
            """
            333300000001 020000000001 86dd 60012345 0010 3a 40 20010db8000000000000000000000001 \
            20010db8000000000000000000000002
            8000 1234 0007 0001 6162636465666768
            """))
    static let arp = RenderedPacket(
        bytes: hex(
            """
            ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002
            """))

    func with<Result>(_ body: (RawSpan, borrowing Dissection, PacketFacts) -> Result) -> Result {
        var dissection = Dissection()
        Dissector().dissect(bytes.rawSpan, linkType: linkType, wireLength: wireLength ?? bytes.count, into: &dissection)
        var facts = PacketFacts()
        facts.number = 4
        facts.timestamp = Timestamp(seconds: 1_763_708_400, nanoseconds: 303_981_000)
        facts.capturedLength = bytes.count
        facts.wireLength = wireLength ?? bytes.count
        facts.linkType = linkType
        facts.commentCount = notes.comments.count
        var numbers = RelativeNumbers(seed: 1)
        facts.stream = numbers.facts(of: bytes.rawSpan, dissection)
        var analyzer = TransportAnalyzer(seed: 1)
        facts.transport = analyzer.facts(of: bytes.rawSpan, dissection, number: facts.number, time: facts.timestamp)
        analyzer.noteApplications(
            bytes.rawSpan, dissection, &facts.transport, number: facts.number, time: facts.timestamp)
        return body(bytes.rawSpan, dissection, facts)
    }

    var line: String { line(.init()) }

    func line(_ options: PacketLine.Options, colours: Bool = false, names: PacketLine.Names? = nil) -> String {
        with { record, dissection, facts in
            rendered(colours: colours) { out in
                var line = PacketLine(options: options, time: TimeColumn(.none), names: names)
                line.write(record, dissection, facts, to: &out)
            }
        }
    }

    var tree: String {
        with { record, dissection, facts in
            rendered { out in
                var tree = LayerTree()
                tree.write(record, dissection, facts, notes, to: &out)
            }
        }
    }

    var boxes: String {
        with { record, dissection, facts in rendered { HeaderBox().write(record, dissection, facts, to: &$0) } }
    }

    func table(_ names: [String], _ options: FieldTable.Options = .init()) -> String {
        with { record, dissection, facts in
            rendered { out in
                var table = FieldTable(names.compactMap { NamedField($0) }, options)
                table.writeHeader(to: &out)
                table.write(record, dissection, facts, notes, to: &out)
            }
        }
    }

    func json(_ shape: PacketJSON.Shape, _ names: [String] = []) -> String {
        with { record, dissection, facts in
            rendered { out in
                var json = PacketJSON(shape, fields: names.compactMap { NamedField($0) })
                json.write(record, dissection, facts, notes, to: &out)
                json.finish(to: &out)
            }
        }
    }
}
