extension ProtocolDescription {
    static let ppp = ProtocolDescription(
        .ppp, "ppp", "Point-to-Point Protocol", role: .link,
        attachments: [
            .frame(.ppp),
            .networkLayerID(0xcf),
            .linkType(.ppp, .pppHDLC, via: PPPFrame.dissectSerial),
            .linkType(.pppWithDirection, via: PPPFrame.dissectBehindDirection),
            .greProtocol(0x880b, via: PPPFrame.dissectSerial),
            .greProtocol(0x8881, via: PPPFrame.dissectStuffed),
        ],
        dissect: PPPFrame.dissect,
        fields: PPPFields.all.fields)
}

extension LinkType {
    /// PPP with HDLC's framing (LINKTYPE_PPP_HDLC).
    public static let pppHDLC = LinkType(rawValue: 50)
    /// PPP (LINKTYPE_PPP).
    public static let ppp = LinkType(rawValue: 9)
    /// PPP behind a byte that is 0 in packets that were received (LINKTYPE_PPP_WITH_DIR).
    public static let pppWithDirection = LinkType(rawValue: 204)
}
