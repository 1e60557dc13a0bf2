import Addressing
import Text

extension ProtocolDescription {
    /// The Link Layer Discovery Protocol (IEEE 802.1AB-2016): a device tells its neighbours who it is.
    static let lldp = ProtocolDescription(
        .lldp, "lldp", "Link Layer Discovery Protocol", role: .link,
        attachments: [.etherType(.lldp)],
        traits: [.claimsRest],
        dissect: LLDPUnit.dissect,
        fields: LLDPFields.all,
        line: .statement(needs: LLDPUnit.headerLength, LLDPFields.write))
}

extension EtherType {
    /// Link layer discovery.
    public static let lldp = EtherType(rawValue: 0x88cc)
}

/// A unit of link layer discovery: values with their type and length before them, one behind the other (IEEE 802.1AB
/// section 8.4).
///
///     +--------------+----------------+--------------------------------+
///     | Type, 7 bits | Length, 9 bits |  Value …                       |
///     +--------------+----------------+--------------------------------+
///
/// The first three are who sends, at which port, and how long that holds; type 0 ends the unit.
enum LLDPUnit {
    static let headerLength = 2

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.lldp, required: headerLength, &layers) }
        cursor.add(.lldp, header: cursor.available, to: &layers)
        return .data
    }

    /// The values of a unit; one that is cut is taken as far as it goes.
    struct Values {
        private var position: Int
        private let end: Int

        init(_ range: Range<Int>, of record: RawSpan) {
            end = max(0, min(range.upperBound, record.byteCount))
            position = max(0, min(range.lowerBound, end))
        }

        mutating func next(_ record: RawSpan) -> (type: UInt32, whole: Range<Int>, value: Range<Int>)? {
            guard end &- position >= headerLength else { return nil }
            let start = position
            let head = record.uint16(at: start)
            position = min(end, start &+ headerLength &+ Int(head & 0x1ff))
            let type = UInt32(head >> 9)
            let found = (type, start..<position, start &+ headerLength..<position)
            if type == 0 { position = end }
            return found
        }
    }
}

enum LLDPFields {
    private static let chassis: UInt32 = 1
    private static let port: UInt32 = 2

    static let all: [FieldDefinition] = [
        .inParts(.all, foundBy: find, "lldp.tlv.type", .unsigned(bits: 7), "Type", valueName: typeName) {
            $2.append(.unsigned(UInt64($0.record.uint16(at: $1.start) >> 9)))
        },
        .inParts(.all, foundBy: find, "lldp.tlv.len", .unsigned(bits: 9), "Length") {
            $2.append(.unsigned(UInt64($0.record.uint16(at: $1.start) & 0x1ff)))
        },
        value(chassis, "lldp.chassis.subtype", .unsigned(bits: 8), "Chassis identifier's subtype", chassisName) {
            $1.isEmpty ? nil : .unsigned(UInt64($0.uint8(at: $1.lowerBound)))
        },
        value(chassis, "lldp.chassis.id.mac", .mac, "Chassis") { address($0, $1, subtype: 4) },
        value(chassis, "lldp.chassis.id", .bytes, "Chassis") {
            // A network address, subtype 5, has a field of its own in Wireshark.
            text($0, $1, unless: 4, 5).map { .bytes($0) }
        },
        value(port, "lldp.port.subtype", .unsigned(bits: 8), "Port identifier's subtype", portName) {
            $1.isEmpty ? nil : .unsigned(UInt64($0.uint8(at: $1.lowerBound)))
        },
        value(port, "lldp.port.id.mac", .mac, "Port") { address($0, $1, subtype: 3) },
        value(port, "lldp.port.id", .text, "Port") { text($0, $1, unless: 3, 4).map { .text($0) } },
        value(3, "lldp.time_to_live", .unsigned(bits: 16), "Holds so many seconds") {
            $1.count >= 2 ? .unsigned(UInt64($0.uint16(at: $1.lowerBound))) : nil
        },
        value(4, "lldp.port.desc", .text, "Port description") { .text($1) },
        value(5, "lldp.tlv.system.name", .text, "System name") { .text($1) },
        value(6, "lldp.tlv.system.desc", .text, "System description") { .text($1) },
        value(7, "lldp.tlv.system_cap", .hex(bits: 16), "What the system can be") {
            $1.count >= 4 ? .unsigned(UInt64($0.uint16(at: $1.lowerBound))) : nil
        },
        value(7, "lldp.tlv.enable_system_cap", .hex(bits: 16), "What the system is") {
            $1.count >= 4 ? .unsigned(UInt64($0.uint16(at: $1.lowerBound &+ 2))) : nil
        },
        value(8, "lldp.mgn.addr.ip4", .ipv4, "Management address") {
            // Length and address family, then the address.
            guard $1.count >= 6, $0.uint16(at: $1.lowerBound) == 0x0501 else { return nil }
            return .ipv4($0.ipv4Address(at: $1.lowerBound &+ 2))
        },
    ]

    private static func value(
        _ kind: UInt32, _ name: String, _ type: FieldType, _ meaning: String, _ valueName: ValueName? = nil,
        _ read: @escaping @Sendable (RawSpan, Range<Int>) -> FieldValue?
    ) -> FieldDefinition {
        .inParts(PartKinds(kind), foundBy: find, name, type, meaning, valueName: valueName) { context, part, values in
            if let value = read(context.record, part.content) { values.append(value) }
        }
    }

    /// An identifier that is a MAC address, as its first byte says.
    private static func address(_ record: RawSpan, _ value: Range<Int>, subtype: UInt8) -> FieldValue? {
        guard value.count == 7, record.uint8(at: value.lowerBound) == subtype else { return nil }
        return .mac(record.macAddress(at: value.lowerBound &+ 1))
    }

    /// An identifier that is none.
    private static func text(_ record: RawSpan, _ value: Range<Int>, unless subtypes: UInt8...) -> Range<Int>? {
        guard value.count > 1, !subtypes.contains(record.uint8(at: value.lowerBound)) else { return nil }
        return value.lowerBound &+ 1..<value.upperBound
    }

    private static let find: PartFinder = { context, parts in
        var units = LLDPUnit.Values(context.layer.range, of: context.record)
        while let unit = units.next(context.record) {
            guard parts.append(LayerPart(unit.type, unit.whole, content: unit.value)) else { return }
        }
    }

    /// `LLDP neighbour "switch1", port "Gi0/1", holds 120 s`.
    static let write: LineForm.Writer = { layer, record, out in
        var text = SummaryText()
        text.append("LLDP neighbour")
        var units = LLDPUnit.Values(layer.range, of: record)
        var name: Range<Int>?
        var port: Range<Int>?
        var seconds: UInt16?
        var steps = 0
        while steps < 64, let unit = units.next(record) {
            steps &+= 1
            switch unit.type {
            case Self.port: port = Self.text(record, unit.value, unless: 3)
            case 3 where unit.value.count >= 2: seconds = record.uint16(at: unit.value.lowerBound)
            case 5: name = unit.value
            default: break
            }
        }
        for (label, range) in [(" ", name), (", port ", port)] {
            guard let range else { continue }
            text.append(label)
            text.append(ascii: 34)
            text.append(escaping: range, of: record, limit: 60)
            text.append(ascii: 34)
        }
        if let seconds {
            text.append(", holds ")
            text.append(decimal: UInt64(seconds))
            text.append(" s")
        }
        text.write(to: &out)
    }

    /// IEEE 802.1AB table 8-1.
    private static let typeName: ValueName = { number in
        switch number {
        case 0: "End of LLDPDU"
        case 1: "Chassis Id"
        case 2: "Port Id"
        case 3: "Time to Live"
        case 4: "Port Description"
        case 5: "System Name"
        case 6: "System Description"
        case 7: "System Capabilities"
        case 8: "Management Address"
        case 127: "Organization Specific"
        default: nil
        }
    }

    /// IEEE 802.1AB table 8-2.
    private static let chassisName: ValueName = { number in
        switch number {
        case 1: "Chassis component"
        case 2: "Interface alias"
        case 3: "Port component"
        case 4: "MAC address"
        case 5: "Network address"
        case 6: "Interface name"
        case 7: "Locally assigned"
        default: nil
        }
    }

    /// IEEE 802.1AB table 8-3.
    private static let portName: ValueName = { number in
        switch number {
        case 1: "Interface alias"
        case 2: "Port component"
        case 3: "MAC address"
        case 4: "Network address"
        case 5: "Interface name"
        case 6: "Agent circuit Id"
        case 7: "Locally assigned"
        default: nil
        }
    }
}
