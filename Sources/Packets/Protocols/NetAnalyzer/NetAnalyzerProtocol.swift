extension ProtocolDescription {
    static let netAnalyzer = ProtocolDescription(
        .netAnalyzer, "netanalyzer", "netANALYZER", role: .link,
        attachments: [
            .linkType(.netAnalyzer)
        ],
        dissect: NetAnalyzerHeader.dissect)
}
