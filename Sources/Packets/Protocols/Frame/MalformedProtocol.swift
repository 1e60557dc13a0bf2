extension ProtocolDescription {
    static let malformed = ProtocolDescription(
        notAHeader: .malformed, "_ws.malformed", "Malformed Packet", role: .remark)
}
