import Addressing
import Synchronization
import TestSupport
import Testing
import Text

@testable import Packets

/// What every view has to keep: a short prefix gives the exact error, and from the required length on it opens.
func expectExactPrefixErrors<View: HeaderView & ~Escapable>(
    _ view: View.Type, _ bytes: [UInt8], required: Int, layer: LayerKind,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    for length in 0..<required {
        let prefix = Array(bytes.prefix(length))
        var error: LengthError?
        do { _ = try View(prefix.rawSpan) } catch let caught { error = caught }
        #expect(
            error == LengthError(required: required, available: length, layer: layer), sourceLocation: sourceLocation)
    }
    for length in required...max(required, bytes.count) {
        let prefix = Array(bytes.prefix(length))
        var opened = true
        do { _ = try View(prefix.rawSpan) } catch { opened = false }
        #expect(opened, "\(View.self) with \(length) bytes", sourceLocation: sourceLocation)
    }
}

/// A record dissected: what the tests of this target look at.
struct Dissected {
    let record: [UInt8]
    let wire: Int
    let dissection: Dissection

    /// - Parameter cut: how many bytes the capture kept; nil for all.
    init(_ bytes: [UInt8], _ linkType: LinkType = .ethernet, cut: Int? = nil) {
        let kept = Array(bytes.prefix(cut ?? bytes.count))
        var dissection = Dissection()
        Dissector().dissect(kept.rawSpan, linkType: linkType, wireLength: bytes.count, into: &dissection)
        record = kept
        wire = bytes.count
        self.dissection = dissection
    }

    var kinds: [LayerKind] { dissection.layers.map(\.kind) }
    var stop: DissectionStop { dissection.stop }

    /// All values of a field, outermost layer first.
    func values(_ name: String) -> [FieldValue] {
        var values: [FieldValue] = []
        let facts = PacketFacts().held
        for layer in dissection.layers {
            for entry in FieldCatalog.entries(named: name) where entry.kind == layer.kind {
                values += entry.field.values(
                    in: LayerContext(record: record.rawSpan, layer: layer, facts: facts.span))
            }
        }
        return values
    }

    /// What the packet's line says of the innermost layer, where that is no application's.
    var line: String {
        let written = Mutex<[UInt8]>([])
        var out = OutputBuffer(capacity: 1024) { bytes in
            let copy = bytes.copied
            written.withLock { $0 += copy }
            return true
        }
        if let layer = dissection.layers.last {
            switch layer.kind.line {
            case .message(let needs, _, let write), .statement(let needs, let write), .frame(let needs, let write):
                if layer.range.count >= needs { write(layer, record.rawSpan, &out) }
            default: break
            }
        }
        out.flush()
        return String(decoding: written.withLock { $0 }, as: UTF8.self)
    }

    /// Reads every field of every layer, and the line: nothing may trap, and every layer must lie in the record.
    func readEverything() -> Bool {
        for layer in dissection.layers {
            guard layer.start >= 0, layer.start <= layer.headerEnd, layer.headerEnd <= layer.end,
                Int(layer.end) <= record.count
            else { return false }
            for group in FieldCatalog.protocols where group.kind == layer.kind {
                for field in group.fields { _ = values(field.name) }
            }
        }
        return !line.contains("\0")
    }

    /// Whether everything can be read of a record that the capture cut anywhere behind its first `headers` bytes, and
    /// of one in which any byte there is another: lengths, counts and kinds that cannot be.
    static func survivesDamage(_ record: [UInt8], _ linkType: LinkType = .ethernet, after headers: Int) -> Bool {
        for length in headers...record.count where !Dissected(record, linkType, cut: length).readEverything() {
            return false
        }
        for index in headers..<record.count {
            for byte in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
                var changed = record
                changed[index] = byte
                if !Dissected(changed, linkType).readEverything() { return false }
            }
        }
        return true
    }

    func number(_ name: String) -> UInt64? {
        if case .unsigned(let number)? = values(name).first { return number }
        return nil
    }

    func status(_ kind: LayerKind) -> ChecksumStatus? {
        dissection.first(kind).map { LayerChecksum.status(of: $0, in: record.rawSpan) }
    }
}

/// The ends that the tests of this target speak of, and headers between them.
enum Sample {
    static let from = IPv4Address(10, 0, 0, 1)
    static let to = IPv4Address(10, 0, 0, 2)
    static let from6 = IPv6Address("2001:db8::1") ?? .loopback
    static let to6 = IPv6Address("2001:db8::2") ?? .loopback
    static let mac = MACAddress(rawValue: 0x0202_0304_0506)
    static let otherMAC = MACAddress(rawValue: 0x0212_1314_1516)

    static func ethernet(_ type: EtherType) -> [UInt8] {
        TestPacket.ethernet(type, from: mac, to: otherMAC)
    }

    static func ipv4(_ number: IPProtocol, _ payload: [UInt8]) -> [UInt8] {
        TestPacket.ipv4(number, payload, from: from, to: to)
    }

    static func ipv6(_ number: IPProtocol, _ payload: [UInt8]) -> [UInt8] {
        TestPacket.ipv6(number, payload, from: from6, to: to6)
    }

    static func udp(_ payload: [UInt8], from source: Port = 40_000, to destination: Port = 9) -> [UInt8] {
        UDPHeader(sourcePort: source, destinationPort: destination, length: UInt16(8 + payload.count)).encoded()
            + payload
    }

    static let tcp =
        TCPHeader(
            sourcePort: 40_000, destinationPort: 7, sequence: SequenceNumber(1), acknowledgment: SequenceNumber(2),
            flags: [.psh, .ack], window: 500,
            options: [.maximumSegmentSize(1460), .windowScale(7), .timestamps(value: 5, echo: 6)]
        ).encoded() + Array("hello".utf8)

    static let ipPacket = ipv4(.tcp, tcp)
    static let frame = ethernet(.ipv4) + ipPacket
}
