import Addressing
import Text

enum OSPFFields {
    private static let neighbour: UInt32 = 1
    private static let advertisement: UInt32 = 2
    /// Bytes of a link state advertisement's header, in both versions (RFC 2328 appendix A.4.1).
    private static let advertisementLength = 20

    static let all: [FieldDefinition] = [
        .at(0, "ospf.version", .unsigned(bits: 8), "Version"),
        .at(1, "ospf.msg", .unsigned(bits: 8), "Message type", valueName: typeName),
        .at(2, "ospf.packet_length", .unsigned(bits: 16), "Packet length"),
        .at(4, "ospf.srcrouter", .ipv4, "Source router"),
        .at(8, "ospf.area_id", .ipv4, "Area ID"),
        .at(12, "ospf.checksum", .hex(bits: 16), "Checksum"),
        .at(14, "ospf.auth.type", .unsigned(bits: 16), "Authentication type", valueName: authentication) {
            $0.uint8(at: 0) == 2
        },
        hello(2, 24, "ospf.hello.network_mask", .ipv4, "Network mask"),
        hello(3, 16, "ospf.hello.interface_id", .unsigned(bits: 32), "Interface ID"),
        hello(2, 28, "ospf.hello.hello_interval", .unsigned(bits: 16), "Hello interval in seconds"),
        hello(3, 24, "ospf.hello.hello_interval", .unsigned(bits: 16), "Hello interval in seconds"),
        hello(2, 31, "ospf.hello.router_priority", .unsigned(bits: 8), "Router priority"),
        hello(3, 20, "ospf.hello.router_priority", .unsigned(bits: 8), "Router priority"),
        hello(2, 32, "ospf.hello.router_dead_interval", .unsigned(bits: 32), "Router dead interval in seconds"),
        hello(3, 26, "ospf.hello.router_dead_interval", .unsigned(bits: 16), "Router dead interval in seconds"),
        hello(2, 36, "ospf.hello.designated_router", .ipv4, "Designated router"),
        hello(3, 28, "ospf.hello.designated_router", .ipv4, "Designated router"),
        hello(2, 40, "ospf.hello.backup_designated_router", .ipv4, "Backup designated router"),
        hello(3, 32, "ospf.hello.backup_designated_router", .ipv4, "Backup designated router"),
        .inParts(
            PartKinds(neighbour), foundBy: find, "ospf.hello.active_neighbor", .ipv4, "Active neighbour"
        ) { context, part, values in
            values.append(.ipv4(context.record.ipv4Address(at: part.start)))
        },
        description(24, "ospf.db.interface_mtu", "Interface MTU", bits: 16),
        description(28, "ospf.db.dd_sequence", "Sequence of the description", bits: 32),
        header("ospf.lsa.age", .unsigned(bits: 16), "Age in seconds") { record, start in
            .unsigned(UInt64(record.uint16(at: start) & 0x7fff))
        },
        header("ospf.lsa", .unsigned(bits: 8), "Link state advertisement's type", valueName: advertisementName) {
            .unsigned(UInt64($0.uint8(at: $1 &+ 3)))
        },
        header("ospf.lsa.id", .ipv4, "Link state ID") { .ipv4($0.ipv4Address(at: $1 &+ 4)) },
        header("ospf.advrouter", .ipv4, "Advertising router") { .ipv4($0.ipv4Address(at: $1 &+ 8)) },
        header("ospf.lsa.seqnum", .hex(bits: 32), "Sequence number") { .unsigned(UInt64($0.uint32(at: $1 &+ 12))) },
        header("ospf.lsa.chksum", .hex(bits: 16), "Checksum") { .unsigned(UInt64($0.uint16(at: $1 &+ 16))) },
        header("ospf.lsa.length", .unsigned(bits: 16), "Length") { .unsigned(UInt64($0.uint16(at: $1 &+ 18))) },
    ]

    private static func hello(
        _ version: UInt8, _ offset: Int, _ name: String, _ type: FieldType, _ meaning: String
    ) -> FieldDefinition {
        .at(offset, name, type, meaning) { $0.uint8(at: 0) == version && $0.uint8(at: 1) == 1 }
    }

    private static func description(
        _ offset: Int, _ name: String, _ meaning: String, bits: Int
    ) -> FieldDefinition {
        .at(offset, name, .unsigned(bits: bits), meaning) { $0.uint16(at: 0) == 0x0202 }
    }

    /// From each advertisement's header; only version 2 has the type at this place.
    private static func header(
        _ name: String, _ type: FieldType, _ meaning: String, valueName: ValueName? = nil,
        _ read: @escaping @Sendable (RawSpan, Int) -> FieldValue
    ) -> FieldDefinition {
        .inParts(
            PartKinds(advertisement), foundBy: find, name, type, meaning, valueName: valueName
        ) { context, part, values in
            values.append(read(context.record, part.start))
        }
    }

    private static let find: PartFinder = { context, parts in
        let packet = context.bytes
        guard let list = OSPFPacket.list(packet) else { return }
        let base = Int(context.layer.start)
        let type = packet.uint8(at: 1)
        guard type == 1 || packet.uint8(at: 0) == 2 else { return }
        var start = list.start
        let step = type == 1 ? 4 : advertisementLength
        while start &+ step <= list.end {
            let kind = type == 1 ? neighbour : advertisement
            guard parts.append(LayerPart(kind, base &+ start..<base &+ start &+ step)) else { return }
            // An update has whole advertisements; the others name them by their headers.
            let length = type == 4 ? Int(packet.uint16(at: start &+ 18)) : step
            guard length >= step else { return parts.note(.cutShort) }
            start &+= length
        }
    }

    /// RFC 2328 appendix A.3.1.
    private static let typeName: ValueName = { number in
        switch number {
        case 1: "Hello Packet"
        case 2: "DB Description"
        case 3: "LS Request"
        case 4: "LS Update"
        case 5: "LS Acknowledge"
        default: nil
        }
    }

    /// RFC 2328 appendix D.
    private static let authentication: ValueName = { number in
        switch number {
        case 0: "Null"
        case 1: "Simple password"
        case 2: "Cryptographic"
        default: nil
        }
    }

    /// RFC 2328 appendix A.4.1, RFC 3101, RFC 5250.
    private static let advertisementName: ValueName = { number in
        switch number {
        case 1: "Router-LSA"
        case 2: "Network-LSA"
        case 3: "Summary-LSA (IP network)"
        case 4: "Summary-LSA (ASBR)"
        case 5: "AS-External-LSA (ASBR)"
        case 7: "NSSA AS-External-LSA"
        case 9: "Opaque LSA, Link-local scope"
        case 10: "Opaque LSA, Area-local scope"
        case 11: "Opaque LSA, AS-wide scope"
        default: nil
        }
    }

    /// ` OSPF Hello Packet, router 1.1.1.1 in area 0.0.0.0, designated 10.0.0.1`.
    static let write: LineForm.Writer = { layer, record, out in
        let packet = record.extracting(layer.range)
        out.append(" OSPF ")
        if let name = typeName(UInt64(packet.uint8(at: 1))) {
            out.append(text: String(describing: name))
        } else {
            out.append("type ")
            out.append(decimal: UInt64(packet.uint8(at: 1)))
        }
        out.append(", router ")
        packet.ipv4Address(at: 4).write(to: &out)
        out.append(" in area ")
        packet.ipv4Address(at: 8).write(to: &out)
        let place = packet.uint8(at: 0) == 2 ? 36 : 28
        guard packet.uint8(at: 1) == 1, packet.byteCount >= place &+ 4 else { return }
        out.append(", designated ")
        packet.ipv4Address(at: place).write(to: &out)
    }
}
