import Addressing
import Text

/// A bridge protocol data unit of the Spanning Tree Protocol (IEEE 802.1D-2004 section 9.3), with which switches agree
/// on a tree without loops.
///
///     +-------------------+---------+---------+---------+---------------------+
///     | Protocol, 0 (2)   | Version |  Type   |  Flags  |  Root bridge (8)  … |
///     +-------------------+---------+---------+---------+---------------------+
///     | Root path cost (4)         |  Bridge (8)  …  |  Port (2)              |
///     +----------------------------+-----------------+------------------------+
///     | Message age, maximum age, hello time, forward delay: 2 each, in s/256 |
///     +-----------------------------------------------------------------------+
///
/// A bridge's identifier is four bits of priority, twelve of a VLAN or instance, and a MAC address. A topology change
/// notification, type 128, ends behind its type.
enum BridgeProtocolUnit {
    static let shortLength = 4
    static let length = 35

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(shortLength) else { return cursor.cut(.stp, required: shortLength, &layers) }
        // The access point is used for other protocols of bridges too.
        guard record.uint16(at: cursor.start) == 0 else { return .data }
        if record.uint8(at: cursor.start &+ 3) != 0x80 {
            guard cursor.has(length) else { return cursor.cut(.stp, required: length, &layers) }
        }
        cursor.add(.stp, header: cursor.available, to: &layers)
        return .data
    }
}

extension ProtocolDescription {
    static let stp = ProtocolDescription(
        .stp, "stp", "Spanning Tree Protocol", role: .link,
        attachments: [.servicePoint(0x42)],
        traits: [.claimsRest],
        dissect: BridgeProtocolUnit.dissect,
        fields: STPFields.all,
        line: .statement(needs: BridgeProtocolUnit.shortLength, STPFields.write))
}

enum STPFields {
    static let all: [FieldDefinition] = [
        .at(0, "stp.protocol", .hex(bits: 16), "Protocol"),
        .at(2, "stp.version", .unsigned(bits: 8), "Version", valueName: version),
        .at(3, "stp.type", .hex(bits: 8), "Type", valueName: type),
        flag("stp.flags", .hex(bits: 8), "Flags"),
        flag("stp.flags.tcack", .boolean, "Topology change acknowledgment", mask: 0x80),
        rapid("stp.flags.agreement", .boolean, "Agreement", mask: 0x40),
        rapid("stp.flags.forwarding", .boolean, "Forwarding", mask: 0x20),
        rapid("stp.flags.learning", .boolean, "Learning", mask: 0x10),
        rapid("stp.flags.port_role", .unsigned(bits: 2), "Port role", mask: 0x0c, valueName: role),
        rapid("stp.flags.proposal", .boolean, "Proposal", mask: 0x02),
        flag("stp.flags.tc", .boolean, "Topology change", mask: 0x01),
        .at(5, "stp.root.prio", .unsigned(bits: 16), "Root bridge's priority", mask: 0xf000, scale: 4096),
        .at(5, "stp.root.ext", .unsigned(bits: 16), "Root bridge's system extension", mask: 0x0fff),
        .at(7, "stp.root.hw", .mac, "Root bridge"),
        .at(13, "stp.root.cost", .unsigned(bits: 32), "Root path cost"),
        .at(17, "stp.bridge.prio", .unsigned(bits: 16), "Bridge's priority", mask: 0xf000, scale: 4096),
        .at(17, "stp.bridge.ext", .unsigned(bits: 16), "Bridge's system extension", mask: 0x0fff),
        .at(19, "stp.bridge.hw", .mac, "Bridge"),
        .at(25, "stp.port", .hex(bits: 16), "Port"),
        seconds(27, "stp.msg_age", "Message age"),
        seconds(29, "stp.max_age", "Maximum age"),
        seconds(31, "stp.hello", "Hello time"),
        seconds(33, "stp.forward", "Forward delay"),
    ]

    /// Times count in 1/256 s; all that are set in practice are whole seconds.
    private static func seconds(_ offset: Int, _ name: String, _ meaning: String) -> FieldDefinition {
        .at(offset, name, .unsigned(bits: 8), "\(meaning), whole seconds", needed: offset + 2)
    }

    private static func flag(
        _ name: String, _ type: FieldType, _ meaning: String, mask: UInt64 = .max
    ) -> FieldDefinition {
        .at(4, name, type, meaning, length: 1, mask: mask)
    }

    /// What only rapid and multiple spanning tree have.
    private static func rapid(
        _ name: String, _ type: FieldType, _ meaning: String, mask: UInt64, valueName: ValueName? = nil
    ) -> FieldDefinition {
        .at(4, name, type, meaning, length: 1, mask: mask, valueName: valueName) { $0.uint8(at: 3) == 2 }
    }

    private static let version: ValueName = { number in
        switch number {
        case 0: "Spanning Tree"
        case 2: "Rapid Spanning Tree"
        case 3: "Multiple Spanning Tree"
        case 4: "Shortest Path Tree"
        default: nil
        }
    }

    private static let type: ValueName = { number in
        switch number {
        case 0: "Configuration"
        case 2: "Rapid/Multiple Spanning Tree"
        case 0x80: "Topology Change Notification"
        default: nil
        }
    }

    private static let role: ValueName = { number in
        switch number {
        case 1: "Alternate or Backup"
        case 2: "Root"
        case 3: "Designated"
        default: nil
        }
    }

    /// `STP Configuration, root 32768/1/00:1c:0e:87:78:00 cost 4, bridge 32768/1/00:1c:0e:87:85:00 port 0x8004`.
    static let write: LineForm.Writer = { layer, record, out in
        let unit = record.extracting(layer.range)
        out.append(unit.uint8(at: 2) >= 2 ? "RSTP " : "STP ")
        if let name = type(UInt64(unit.uint8(at: 3))) {
            out.append(text: String(describing: name))
        } else {
            out.append("type ")
            out.append(decimal: UInt64(unit.uint8(at: 3)))
        }
        guard unit.uint8(at: 3) != 0x80, unit.byteCount >= BridgeProtocolUnit.length else { return }
        out.append(", root ")
        writeBridge(unit, at: 5, &out)
        out.append(" cost ")
        out.append(decimal: UInt64(unit.uint32(at: 13)))
        out.append(", bridge ")
        writeBridge(unit, at: 17, &out)
        out.append(" port 0x")
        out.append(hex: UInt64(unit.uint16(at: 25)))
        if unit.uint8(at: 4) & 1 != 0 { out.append(", topology change") }
    }

    private static func writeBridge(_ unit: RawSpan, at offset: Int, _ out: inout OutputBuffer) {
        out.append(decimal: UInt64(unit.uint16(at: offset) & 0xf000))
        out.append(ascii: 47)
        out.append(decimal: UInt64(unit.uint16(at: offset) & 0x0fff))
        out.append(ascii: 47)
        unit.macAddress(at: offset &+ 2).write(to: &out)
    }
}
