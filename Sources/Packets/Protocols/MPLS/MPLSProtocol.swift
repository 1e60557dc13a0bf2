extension ProtocolDescription {
    static let mpls = ProtocolDescription(
        .mpls, "mpls", "MultiProtocol Label Switching Header", role: .link,
        attachments: [
            .etherType(.mpls, .mplsUpstream),
            .ipProtocol(.mpls),
            .pppProtocol(0x0281, 0x0283),
            .greProtocol(EtherType.mpls.rawValue, EtherType.mplsUpstream.rawValue),
            .udpPort(6635),
        ],
        traits: [.endsWithHeader],
        dissect: MPLSLabel.dissect,
        fields: MPLSFields.all.fields)
}

extension EtherType {
    public static let mpls = EtherType(rawValue: 0x8847)
    public static let mplsUpstream = EtherType(rawValue: 0x8848)
}

extension IPProtocol {
    public static let mpls = IPProtocol(rawValue: 137)
}
