extension ProtocolDescription {
    static let frame = ProtocolDescription(
        notAHeader: .frame, "frame", "Frame", role: .record,
        fields: FrameFields.all.fields)
}
