/// Every field of every protocol, by name.
public enum FieldCatalog {
    /// The protocols that have fields, from the outermost in.
    public static let protocols: [ProtocolFields] = [
        FrameFields.all, NullFields.all, EthernetFields.all, VLANFields.all, VLANFields.provider, LLCFields.all, LinuxSLLFields.all, LinuxSLLFields.version2,
        PPPFields.all, PPPoEFields.discovery, PPPoEFields.session, CiscoHDLCFields.all, FrameRelayFields.all, FDDIFields.all,
        TokenRingFields.all, NFLogFields.all, WirelessFields.radiotap, WirelessFields.all, MPLSFields.all, ARPFields.all,
        IPv4Fields.all, IPv6Fields.all, ICMPFields.all, ICMPv6Fields.all, TCPFields.all, UDPFields.all,
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
