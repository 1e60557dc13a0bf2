/// The fields of a netfilter log record.
enum NFLogFields {
    static let all = ProtocolFields(
        .nflog, "nflog", "Linux Netfilter NFLOG",
        [
            .at(0, "nflog.family", .unsigned(bits: 8), "Family"),
            .at(1, "nflog.version", .unsigned(bits: 8), "Version"),
            .at(2, "nflog.res_id", .unsigned(bits: 16), "Resource ID"),
        ])
}
