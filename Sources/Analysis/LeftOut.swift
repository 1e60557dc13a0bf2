/// Records of a capture that a `PacketStream` leaves out.
public struct LeftOut: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Records that are no packets: pcapng's custom blocks, entries of a journal. They keep their numbers, as frames do
    /// in Wireshark.
    public static let otherRecords = LeftOut(rawValue: 1)
    /// Of a file with both ends of a wire, the packets of the second end.
    public static let otherEnd = LeftOut(rawValue: 2)
    /// Packets that were captured before: they were sent once.
    public static let copies = LeftOut(rawValue: 4)
    /// All of these: for accounts of what happened between hosts.
    public static let whenTelling: LeftOut = [.otherRecords, .otherEnd, .copies]
}
