/// Every field of every protocol, by name.
public enum FieldCatalog {
    /// The protocols that have fields, from the outermost in.
    public static let protocols: [ProtocolFields] = FrameTagFields.all + PreambleFields.all + TunnelFields.named + [
        FrameFields.all, NullFields.all, EthernetFields.all, VLANFields.all, VLANFields.provider, LLCFields.all, LLCFields.osi, LinuxSLLFields.all, LinuxSLLFields.version2,
        PPPFields.all, PPPoEFields.discovery, PPPoEFields.session, CiscoHDLCFields.all, FrameRelayFields.all, FDDIFields.all,
        TokenRingFields.all, NFLogFields.all, WirelessFields.radiotap, WirelessFields.all, MPLSFields.all, MPLSFields.pseudowire, ARPFields.all,
        IPv4Fields.all, IPv6Fields.all, ICMPFields.all, ICMPv6Fields.all, TCPFields.all, UDPFields.all,
        IPv6ExtensionFields.hopByHop, IPv6ExtensionFields.routing, IPv6ExtensionFields.fragment, IPv6ExtensionFields.destination,
        IPv6ExtensionFields.mobility, IPv6ExtensionFields.authentication, IGMPFields.all, TunnelFields.pim, UDPLiteFields.all,
        SCTPFields.all, TunnelFields.gre, TunnelFields.erspan, TunnelFields.vxlan, TunnelFields.geneve, TunnelFields.gtp,
        TunnelFields.teredo, TunnelFields.l2tp, TunnelFields.etherIP, TunnelFields.lisp,
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
