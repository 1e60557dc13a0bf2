/// Takes a record apart, layer by layer, without ever failing: good layers and a reason to stop.
public struct Dissector: Sendable {
    /// Tunnels in tunnels end here: enough for anything real, small enough for hostile packets.
    public static let maximumDepth = 48

    public init() {}

    /// Dissects one record.
    /// - Parameters:
    ///   - record: the captured bytes.
    ///   - linkType: what the first header is.
    ///   - wireLength: how many bytes the packet had on the wire; at least as many as were captured.
    ///   - dissection: where the layers go; what it held before is gone.
    public func dissect(_ record: RawSpan, linkType: LinkType, wireLength: Int, into dissection: inout Dissection) {
        dissection.reset()
        dissection.isRaw = linkType == .raw || linkType == .rawDLT || linkType == .rawOpenBSD
        var cursor = LayerCursor(captured: record.byteCount, wire: wireLength)
        guard var kind = Self.layer(linkType, record, &cursor) else {
            dissection.stop = .unsupported(after: .frame, number: linkType.rawValue)
            return
        }
        while true {
            // The few protocols that nearly every packet is made of come first, not through the whole table.
            let handoff =
                switch kind {
                case .ethernet: EthernetFrame.dissect(record, &cursor, &dissection.layers)
                case .ipv4: IPv4Packet.dissect(record, &cursor, &dissection.layers)
                case .tcp: TCPSegment.dissect(record, &cursor, &dissection.layers)
                case .ipv6: IPv6Packet.dissect(record, &cursor, &dissection.layers)
                case .udp: UDPDatagram.dissect(record, &cursor, &dissection.layers)
                default: Self.open(kind, linkType, record, &cursor, &dissection.layers)
                }
            switch Self.next(after: kind, handoff, record, &cursor, dissection.layers) {
            case .layer(let next): kind = next
            case .end(let reason):
                if dissection.stop == .complete { dissection.stop = reason }
                guard let next = cursor.resume(after: reason) else { return }
                kind = next
            }
            if dissection.layers.count >= Self.maximumDepth {
                dissection.stop = .tooDeep
                return
            }
        }
    }

    private enum Step {
        case layer(LayerKind)
        case end(DissectionStop)
    }

    /// Looks up in the tables who dissects what a header carries.
    @inline(__always)
    private static func next(
        after kind: LayerKind, _ handoff: Handoff, _ record: RawSpan, _ cursor: inout LayerCursor,
        _ layers: borrowing [LayerRange]
    ) -> Step {
        let found: LayerKind?
        let number: UInt32
        switch handoff {
        case .stop(let reason): return .end(reason)
        case .data: return .end(.complete)
        case .etherType(let type):
            if type == .ipv4 { return .layer(.ipv4) }
            (found, number) = (type.layer, UInt32(type.rawValue))
        case .ipProtocol(let type):
            if type == .tcp { return .layer(.tcp) }
            if type == .udp { return .layer(.udp) }
            (found, number) = (type.layer, UInt32(type.rawValue))
        case .ports(let transport, let source, let destination):
            guard let layer = PortTable.layer(transport, source, destination, record, cursor) else {
                return .end(.complete)
            }
            return .layer(layer)
        case .server(let server, let client):
            guard let layer = PortTable.layer(server: server, client: client, record, cursor) else {
                return .end(.complete)
            }
            return .layer(layer)
        case .interSwitchLink: return .layer(.interSwitchLink)
        case .fabricPath: return .layer(.fabricPath)
        case .same: return .layer(kind)
        case .ipVersion:
            guard cursor.has(1) else { return .end(cursor.missing(1, for: .ipv4)) }
            return .layer(ipVersion(record, cursor))
        case .linkType(let type): (found, number) = (layer(type, record, &cursor), type.rawValue)
        case .logicalLink: return .layer(.llc)
        case .pppFrame: return .layer(.ppp)
        case .pppProtocol(let type): (found, number) = (pppLayer(type), UInt32(type))
        case .networkLayerID(let type): (found, number) = (networkLayer(type), UInt32(type))
        case .serviceAccessPoint(let point): (found, number) = (servicePoint(point), UInt32(point))
        case .paddedServiceAccessPoint(let point):
            if cursor.has(1), !(0x81...0x83 ~= record.uint8(at: cursor.start)) { cursor.skip(1) }
            (found, number) = (servicePoint(point), UInt32(point))
        case .channelType(let type): (found, number) = (channelLayer(type), UInt32(type))
        case .greProtocol(let type, let hasSequence): (found, number) = (greLayer(type, hasSequence), UInt32(type))
        case .labelled(let label): (found, number) = (labelled(label, record, &cursor), label)
        }
        guard let found else { return .end(.unsupported(after: layers.last?.kind ?? .frame, number: number)) }
        return .layer(found)
    }

    /// The table of protocols: opens the header at the cursor, adds its range, and says what it carries.
    private static func open(
        _ kind: LayerKind, _ linkType: LinkType, _ record: RawSpan, _ cursor: inout LayerCursor,
        _ layers: inout [LayerRange]
    ) -> Handoff {
        switch kind {
        case .null: NullHeader.dissect(record, &cursor, &layers)
        case .loop: NullHeader.dissectLoop(record, &cursor, &layers)
        case .ethernet: EthernetFrame.dissect(record, &cursor, &layers)
        case .vlan: VLANTag.dissect(record, &cursor, &layers)
        case .providerVLAN: VLANTag.dissect(record, &cursor, &layers, as: .providerVLAN)
        case .llc: LLCHeader.dissect(record, &cursor, &layers)
        case .osi: OSIIdentifier.dissect(record, &cursor, &layers)
        case .linuxSLL: LinuxSLLHeader.dissect(record, &cursor, &layers)
        case .linuxSLL2: LinuxSLL2Header.dissect(record, &cursor, &layers)
        case .ppp: PPPFrame.dissect(record, &cursor, &layers)
        case .serialPPP: PPPFrame.dissectSerial(record, &cursor, &layers)
        case .stuffedPPP: PPPFrame.dissectStuffed(record, &cursor)
        case .pppoeDiscovery: PPPoEFrame.dissectDiscovery(record, &cursor, &layers)
        case .pppoe: PPPoEFrame.dissect(record, &cursor, &layers)
        case .ciscoHDLC: CiscoHDLCFrame.dissect(record, &cursor, &layers)
        case .frameRelay: FrameRelayFrame.dissect(record, &cursor, &layers)
        case .fddi: FDDIFrame.dissect(record, &cursor, &layers)
        case .tokenRing: TokenRingFrame.dissect(record, &cursor, &layers)
        case .nflog: NFLogRecord.dissect(record, &cursor, &layers)
        case .ax25: AX25Frame.dissect(record, &cursor, &layers)
        case .arcnet: ARCNETFrame.dissect(record, &cursor, &layers, hasOffset: false)
        case .arcnetLinux: ARCNETFrame.dissect(record, &cursor, &layers, hasOffset: true)
        case .fibreChannelIP: RareLink.dissectFibreChannel(record, &cursor, &layers)
        case .firewire: RareLink.dissectFirewire(record, &cursor, &layers)
        case .infiniBandIP: RareLink.dissectInfiniBand(record, &cursor, &layers)
        case .sunATM: RareLink.dissectSunATM(record, &cursor, &layers)
        case .expressFrame: RareLink.dissectExpress(record, &cursor, &layers)
        case .interSwitchLink: RareLink.dissectInterSwitchLink(record, &cursor, &layers)
        case .fabricPath: RareLink.dissectFabricPath(record, &cursor, &layers)
        case .tzsp: RareLink.dissectTZSP(record, &cursor, &layers)
        case .packetFilterLog: PacketFilterLog.dissect(record, &cursor, &layers)
        case .encapsulationHeader: EncapsulationHeader.dissect(record, &cursor, &layers)
        case .ipnet: IPNETHeader.dissect(record, &cursor, &layers)
        case .netAnalyzer: NetAnalyzerHeader.dissect(record, &cursor, &layers)
        case .symantec: SymantecHeader.dissect(record, &cursor, &layers)
        case .redback: RedbackHeader.dissect(record, &cursor, &layers)
        case .packetTap: PacketTapHeader.dissect(record, &cursor, &layers)
        case .erf: ERFHeader.dissect(record, &cursor, &layers)
        case .ppi: PPIHeader.dissect(record, &cursor, &layers)
        case .wirelessPreamble: WirelessPreamble.dissectAVS(record, &cursor, &layers)
        case .prismPreamble: WirelessPreamble.dissectPrism(record, &cursor, &layers)
        case .juniper: JuniperHeader.dissect(record, &cursor, &layers, interface: linkType)
        case .radiotap: RadiotapHeader.dissect(record, &cursor, &layers)
        case .ieee80211: WirelessFrame.dissect(record, &cursor, &layers)
        case .bridgePortTag: FrameTag.dissect(record, &cursor, &layers, as: kind, length: 8)
        case .virtualNICTag: FrameTag.dissect(record, &cursor, &layers, as: kind, length: 6)
        case .redundancyTag: FrameTag.dissect(record, &cursor, &layers, as: kind, length: 6)
        case .hsrTag: FrameTag.dissect(record, &cursor, &layers, as: kind, length: 6)
        case .metadataTag: FrameTag.dissect(record, &cursor, &layers, as: kind, length: 8)
        case .vendorTag: FrameTag.dissect(record, &cursor, &layers, as: kind, length: 8)
        case .timestampTag: FrameTag.dissectTimestamp(record, &cursor, &layers)
        case .macInMAC: FrameTag.dissectMACInMAC(record, &cursor, &layers)
        case .macsec: FrameTag.dissectMACsec(record, &cursor, &layers)
        case .trill: FrameTag.dissectTRILL(record, &cursor, &layers)
        case .nsh: FrameTag.dissectNSH(record, &cursor, &layers)
        case .batman: FrameTag.dissectBatman(record, &cursor, &layers)
        case .pseudowire: PseudowireControlWord.dissect(record, &cursor, &layers)
        case .associatedChannel: PseudowireControlWord.dissectChannel(record, &cursor, &layers)
        case .mpls: MPLSLabel.dissect(record, &cursor, &layers)
        case .arp: ARPPacket.dissect(record, &cursor, &layers)
        case .ipv4: IPv4Packet.dissect(record, &cursor, &layers)
        case .ipv6: IPv6Packet.dissect(record, &cursor, &layers)
        case .ipv6HopByHop, .ipv6Routing, .ipv6Destination:
            IPv6ExtensionHeader.dissect(record, &cursor, &layers, as: kind)
        case .mobility, .shim6: IPv6ExtensionHeader.dissect(record, &cursor, &layers, as: kind)
        case .ipv6Fragment: IPv6FragmentHeader.dissect(record, &cursor, &layers)
        case .authentication: AuthenticationHeader.dissect(record, &cursor, &layers)
        case .icmp: ICMPMessage.dissect(record, &cursor, &layers)
        case .icmpv6: ICMPv6Message.dissect(record, &cursor, &layers)
        case .tcp: TCPSegment.dissect(record, &cursor, &layers)
        case .udp: UDPDatagram.dissect(record, &cursor, &layers)
        case .igmp: IGMPMessage.dissect(record, &cursor, &layers)
        case .pim: PIMMessage.dissect(record, &cursor, &layers)
        case .udplite: UDPLiteDatagram.dissect(record, &cursor, &layers)
        case .sctp: SCTPHeader.dissect(record, &cursor, &layers)
        case .gre: GREHeader.dissect(record, &cursor, &layers)
        case .erspan: ERSPANHeader.dissect(record, &cursor, &layers)
        case .vxlan: VXLANHeader.dissect(record, &cursor, &layers)
        case .vxlanGeneric: VXLANHeader.dissectGeneric(record, &cursor, &layers)
        case .geneve: GeneveHeader.dissect(record, &cursor, &layers)
        case .gtp: GTPHeader.dissect(record, &cursor, &layers)
        case .teredo: TeredoHeader.dissect(record, &cursor, &layers)
        case .l2tp: L2TPHeader.dissect(record, &cursor, &layers)
        case .etherIP: EtherIPHeader.dissect(record, &cursor, &layers)
        case .lisp: LISPHeader.dissect(record, &cursor, &layers)
        case .lispControl: LISPHeader.dissectControl(record, &cursor, &layers)
        case .mobileIP: MobileIPMessage.dissect(record, &cursor, &layers)
        case .dns, .mdns, .llmnr: DNSMessage.dissect(kind, record, &cursor, &layers)
        case .dnsOverTCP: DNSMessage.dissectOverTCP(record, &cursor, &layers)
        case .dhcp: DHCPMessage.dissect(record, &cursor, &layers)
        case .ntp: NTPPacket.dissect(record, &cursor, &layers)
        case .stun: STUNMessage.dissect(record, &cursor, &layers)
        case .http, .ssdp: HTTPMessage.dissect(kind, record, &cursor, &layers)
        case .tls: TLSRecords.dissect(record, &cursor, &layers)
        case .openFlow: OpenFlowMessages.dissect(record, &cursor, &layers)
        case .openFlowMessage: OpenFlowMessages.dissectNext(record, &cursor)
        case .capwap: CAPWAPHeader.dissect(record, &cursor, &layers)
        case .sflowSample: SFlowDatagram.dissectNext(record, &cursor, &layers)
        case .aggregateFrame: WirelessFrame.dissectAggregate(record, &cursor)
        case .sflow: SFlowDatagram.dissect(record, &cursor, &layers)
        case .jmirror: MirrorHeader.dissectJuniper(record, &cursor, &layers)
        case .amt: MirrorHeader.dissectMulticast(record, &cursor, &layers)
        case .lwapp: MirrorHeader.dissectLWAPP(record, &cursor, &layers)
        case .ayiya: AYIYAHeader.dissect(record, &cursor, &layers)
        case .multilinkPPP: PPPFrame.dissectMultilink(record, &cursor, &layers)
        case .bridgedPPP: PPPFrame.dissectBridged(record, &cursor, &layers)
        case .frame, .data, .malformed, .shortened: .data
        }
    }
}
