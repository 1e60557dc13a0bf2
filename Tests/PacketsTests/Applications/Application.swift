import Addressing
import TestSupport
import Text

@testable import Packets

/// An application's message in a packet, dissected: what the tests of this folder look at.
struct Application {
    let record: [UInt8]
    let dissection: Dissection

    /// - Parameter cut: how many bytes of the record the capture kept; nil for all.
    init(_ payload: [UInt8], over transport: Transport, from source: UInt16, to destination: UInt16, cut: Int? = nil) {
        let ports = (source: Port(source), destination: Port(destination))
        let header =
            transport == .udp
            ? UDPHeader(
                sourcePort: ports.source, destinationPort: ports.destination,
                length: UInt16(truncatingIfNeeded: 8 + payload.count)
            ).encoded()
            : TCPHeader(
                sourcePort: ports.source, destinationPort: ports.destination, sequence: SequenceNumber(1),
                acknowledgment: SequenceNumber(1), flags: [.psh, .ack], window: 256
            ).encoded()
        var bytes = TestPacket.ipv4(
            transport == .udp ? .udp : .tcp, header + payload, from: IPv4Address(10, 0, 0, 1),
            to: IPv4Address(10, 0, 0, 2))
        let wire = bytes.count
        if let cut { bytes = Array(bytes.prefix(cut)) }
        var dissection = Dissection()
        Dissector().dissect(bytes.rawSpan, linkType: .raw, wireLength: wire, into: &dissection)
        record = bytes
        self.dissection = dissection
    }

    var kinds: [LayerKind] { dissection.layers.map(\.kind) }
    var kind: LayerKind? { dissection.layers.last?.kind }

    var summary: String {
        var text = ByteCollector()
        if let layer = dissection.layers.last { ApplicationSummary.write(layer, record: record.rawSpan, to: &text) }
        return text.text
    }

    /// All values of a field, spelled as tshark spells them.
    func values(_ name: String) -> [String] {
        var spelled: [String] = []
        let facts = PacketFacts().held
        for layer in dissection.layers {
            for entry in FieldCatalog.entries(named: name) where entry.kind == layer.kind {
                let context = LayerContext(record: record.rawSpan, layer: layer, facts: facts.span)
                spelled += entry.field.values(in: context).map { spell($0, entry.field.type) }
            }
        }
        return spelled
    }

    /// Reads every field and the summary: nothing may trap, and every range must lie in the record.
    func readEverything() -> Bool {
        var text = ByteCollector()
        let facts = PacketFacts().held
        for layer in dissection.layers {
            guard layer.start >= 0, layer.start <= layer.headerEnd, layer.headerEnd <= layer.end,
                Int(layer.end) <= record.count
            else { return false }
            ApplicationSummary.write(layer, record: record.rawSpan, to: &text)
            for group in FieldCatalog.protocols where group.kind == layer.kind {
                for field in group.fields {
                    let context = LayerContext(record: record.rawSpan, layer: layer, facts: facts.span)
                    for value in field.values(in: context) { _ = spell(value, field.type) }
                }
            }
        }
        return text.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
    }

    /// Whether everything can be read of a message that the capture cut anywhere, and of one in which any byte is
    /// another: lengths, counts and kinds that cannot be.
    static func survivesDamage(
        _ payload: [UInt8], over transport: Transport, from source: UInt16, to destination: UInt16
    ) -> Bool {
        let headers = transport == .udp ? 28 : 40
        for length in headers...headers + payload.count {
            let cut = Application(payload, over: transport, from: source, to: destination, cut: length)
            if !cut.readEverything() { return false }
        }
        for index in payload.indices {
            for byte in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
                var changed = payload
                changed[index] = byte
                let packet = Application(changed, over: transport, from: source, to: destination)
                if !packet.readEverything() { return false }
            }
        }
        return true
    }

    private func spell(_ value: FieldValue, _ type: FieldType) -> String {
        var text = ByteCollector()
        FieldText.write(value, as: type, of: record.rawSpan, dissection, PacketNotes(), escaping: .fields, to: &text)
        return text.text
    }
}

/// Bytes one behind the other; one `+` for each piece costs the compiler much more.
func joined(_ pieces: [UInt8]...) -> [UInt8] { pieces.flatMap { $0 } }

/// As many bytes of one value.
func bytes(_ value: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: value, count: count) }
