/// What must be known about a packet before a field of it can be read, beyond its bytes. Whoever reads only fields that
/// need nothing keeps no state, and memory stays the same however long the capture is.
public struct FieldNeeds: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The conversation's number and relative sequence numbers: `PacketFacts.stream`.
    public static let stream = FieldNeeds(rawValue: 1)
    /// Comments and the interface's name: `PacketNotes`.
    public static let notes = FieldNeeds(rawValue: 2)
    /// What TCP analysis says of the segment.
    public static let analysis = FieldNeeds(rawValue: 4)
    /// Times since the first packet and the ones before: `PacketFacts.sinceFirst` and its like.
    public static let times = FieldNeeds(rawValue: 8)

    /// What the segments before say about what a connection carries: `CarriedApplication`.
    public static let applications = FieldNeeds(rawValue: 16)

    /// Of which packet one is a copy: `PacketFacts.copyOf`. No field needs it.
    public static let copies = FieldNeeds(rawValue: 32)

    /// The messages that TCP segments carry together: `PacketFacts.messagePart`, and layers in data sources of their
    /// own.
    public static let messages = FieldNeeds(rawValue: 64)

    /// All that any field can need.
    public static let all: FieldNeeds = [.stream, .notes, .analysis, .times, .applications, .messages]
}
