/// What a capture says about a packet in words. Kept apart from `PacketFacts`, which is copied for every packet and
/// every layer and therefore holds numbers only; the reader fills this in only when somebody asks for it.
public struct PacketNotes: Hashable, Sendable {
    /// The packet's comments (pcapng's opt_comment), in file order. Anybody may have written them.
    public var comments: [String]
    /// The name of the interface that captured the packet.
    public var interfaceName: String?

    /// The notes of one packet.
    public init(comments: [String] = [], interfaceName: String? = nil) {
        self.comments = comments
        self.interfaceName = interfaceName
    }

    /// A packet of which the capture says nothing in words.
    public static let none = PacketNotes()
}
