extension ProtocolDescription {
    static let shortened = ProtocolDescription(
        notAHeader: .shortened, "_ws.short", "Packet size limited during capture", role: .remark)
}
