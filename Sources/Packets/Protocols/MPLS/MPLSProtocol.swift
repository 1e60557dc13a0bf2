import Text

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
        fields: MPLSFields.all.fields,
        link: .tag(needs: MPLSLabel.length) { layer, record, out in
            guard let label = try? MPLSLabel(record.extracting(layer.range)) else { return }
            out.append(" label ")
            out.append(decimal: UInt64(label.label))
        },
        box: { _ in
            HeaderLayout(
                MPLSFields.all.fields,
                [
                    // RFC 3032 section 2.1; the class as RFC 5462 names it.
                    .field("mpls.label"),
                    .field("mpls.exp", "TC"),
                    .number("S", 1),
                    .field("mpls.ttl"),
                ])
        })
}

extension EtherType {
    /// MPLS with labels that the next router has given out (RFC 5332).
    public static let mpls = EtherType(rawValue: 0x8847)
    /// MPLS with labels that the router before has given out (RFC 5332).
    public static let mplsUpstream = EtherType(rawValue: 0x8848)
}

extension IPProtocol {
    /// MPLS in IP (RFC 4023).
    public static let mpls = IPProtocol(rawValue: 137)
}
