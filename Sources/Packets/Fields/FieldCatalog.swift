/// Every field of every protocol, by name.
public enum FieldCatalog {
    /// The protocols that have fields, from the outermost in.
    public static let protocols: [ProtocolFields] = [
        FrameFields.all, EthernetFields.all, IPv4Fields.all, IPv6Fields.all, ICMPFields.all, ICMPv6Fields.all, TCPFields.all, UDPFields.all,
        DNSFields.all, DNSFields.overTCP, DNSFields.multicast, DNSFields.linkLocal, DHCPFields.all, NTPFields.all, STUNFields.all, HTTPFields.all,
        TLSFields.all,
    ]

    /// A field and the layer that it is read from.
    public struct Entry: Sendable {
        public let kind: LayerKind
        public let field: FieldDefinition
    }

    /// All places where a field of this name is declared; empty for an unknown name.
    public static func entries(named name: String) -> [Entry] { byName[name] ?? [] }

    private static let byName: [String: [Entry]] = {
        var table: [String: [Entry]] = [:]
        for group in protocols {
            for field in group.fields { table[field.name, default: []].append(Entry(kind: group.kind, field: field)) }
        }
        return table
    }()
}
