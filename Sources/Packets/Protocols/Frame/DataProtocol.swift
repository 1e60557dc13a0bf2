extension ProtocolDescription {
    static let data = ProtocolDescription(
        notAHeader: .data, "data", "Data", role: .remark,
        traits: [.followsConnection],
        fields: DataFields.all.fields)
}
