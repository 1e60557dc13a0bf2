extension ProtocolDescription {
    static let radiotap = ProtocolDescription(
        .radiotap, "radiotap", "IEEE 802.11 Radiotap Capture header", role: .link,
        attachments: [
            .linkType(.ieee80211Radiotap)
        ],
        traits: [.endsWithHeader],
        dissect: RadiotapHeader.dissect,
        fields: WirelessFields.radiotap.fields)
}
