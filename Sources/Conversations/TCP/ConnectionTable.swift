import Packets

/// Finds the TCP connection that a segment belongs to, for everybody who follows connections: one rule when a
/// connection begins, one number, one place for the initial sequence numbers. What else is kept of a connection is up
/// to who asks: `Content`.
///
/// Connections are numbered as Wireshark 4.0 numbers them (`tcp.stream`): in the order in which their first segments
/// come. A SYN with another initial number on the ports of an earlier connection begins a new one, and segments belong
/// to the youngest of their ports. A SYN-ACK with another number belongs to it, and its number counts from then on.
struct ConnectionTable<Content: Sendable>: Sendable {
    /// One connection.
    struct Connection: Sendable {
        /// `tcp.stream`.
        let stream: UInt32
        var numbers = InitialNumbers()
        var content: Content
    }

    /// How a segment came to its connection.
    enum Arrival: Hashable, Sendable {
        /// It is the first of its ports.
        case begins
        /// The connection was known.
        case joins(InitialNumbers.Relation)
    }

    private var pairs: FlowTable
    private var connections = ChunkedList<Connection>()
    private let keepsEarlier: Bool
    /// How many connections began so far.
    private(set) var streams: UInt32 = 0

    /// - Parameters:
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    ///   - keepingEarlier: whether a connection keeps its place when another begins on its ports; where not, the new
    ///     one takes it.
    init(seed: UInt64, keepingEarlier: Bool) {
        pairs = FlowTable(seed: seed)
        keepsEarlier = keepingEarlier
    }

    /// How many places there are, those of forgotten connections included.
    var count: Int { connections.count }

    /// How many connections are not forgotten.
    var remembered: Int { pairs.remembered }

    /// The connection at a place.
    subscript(place: Int) -> Connection {
        @inline(__always) _read { yield connections[place] }
        @inline(__always) _modify { yield &connections[place] }
    }

    /// The endpoints of the connection at a place.
    func key(_ place: Int) -> FlowKey { pairs[place] }

    /// The place of the youngest connection of two endpoints; nil where there is none.
    func place(of key: FlowKey) -> Int? { pairs.existing(key) }

    /// The place of a segment's connection; a new one where there is none, and for a SYN that opens anew.
    ///
    /// The numbers of a segment that is not whole are not noted: fragments and what an ICMP error quotes tell too
    /// little.
    /// - Parameter content: what is kept of a connection that begins with this segment; gets its stream.
    @inline(__always)
    mutating func place(
        of segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection, _ content: (UInt32) -> Content
    ) -> (place: Int, arrival: Arrival) {
        var (place, isNew) = pairs.number(of: key)
        var arrival = Arrival.begins
        if isNew {
            open(at: place, content(streams))
        } else {
            arrival = .joins(.belongs)
            if segment.flags.contains(.syn) {
                let relation = connections[place].numbers.relation(of: segment, direction)
                arrival = .joins(relation)
                if relation == .opensAnother {
                    if keepsEarlier { place = pairs.restart(key) }
                    open(at: place, content(streams))
                } else if relation == .answersWithOtherNumber {
                    connections[place].numbers.set(direction, to: segment.sequence)
                }
            }
        }
        // Most segments say nothing new: what is only read is not made anyone's own.
        if segment.isWhole, !connections[place].numbers.areKnown {
            connections[place].numbers.note(segment, direction)
        }
        return (place, arrival)
    }

    /// The place of what is no TCP but shares the table: it has no sequence numbers, and never begins anew.
    mutating func place(of key: FlowKey, _ content: () -> Content) -> Int {
        let (place, isNew) = pairs.number(of: key)
        if isNew { put(Connection(stream: 0, content: content()), at: place) }
        return place
    }

    /// Forgets a connection, whose place may be given to another one then.
    mutating func remove(_ place: Int) { pairs.remove(place) }

    private mutating func open(at place: Int, _ content: Content) {
        put(Connection(stream: streams, content: content), at: place)
        streams &+= 1
    }

    private mutating func put(_ connection: Connection, at place: Int) {
        if place < connections.count { connections[place] = connection } else { connections.append(connection) }
    }
}
