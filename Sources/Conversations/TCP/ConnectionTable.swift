import Packets

/// Finds the TCP connection that a segment belongs to, for everybody who follows connections: one rule when a
/// connection begins, one number, one place for the initial sequence numbers. What else is kept of a connection is up
/// to who asks: `Content`.
///
/// Connections are numbered as Wireshark 4.0 numbers them (`tcp.stream`): in the order in which their first segments
/// come. A SYN with another initial number on the ports of an earlier connection begins a new one, and segments are
/// numbered with the youngest of their ports. A SYN-ACK with another number belongs to it, and its number counts from
/// then on.
///
/// But a SYN may come into a connection that goes on: its receiver answers it with a challenge ACK (RFC 9293
/// section 3.10.7.4, RFC 5961 section 4). So until something answers the SYN, the connection before it is known, too:
/// `judgeUnclaimed`.
struct ConnectionTable<Content: ConnectionContent>: Sendable {
    /// What becomes of a connection when another begins on its ports.
    enum Keeping: Sendable {
        /// It is forgotten, and the new one takes its place.
        case latest
        /// It keeps its place until the new one is answered.
        case untilAnswered
        /// It keeps its place.
        case all
    }

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
    private let keeping: Keeping
    /// By the place of a connection that nobody has answered yet: the one before it on its ports.
    private var earlier: [Int: Earlier] = [:]

    private struct Earlier: Sendable {
        let place: Int
        /// Whether a segment of it came since.
        var goesOn = false
    }
    /// How many connections began so far.
    private(set) var streams: UInt32 = 0

    /// - Parameters:
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    ///   - keeping: what becomes of a connection when another begins on its ports.
    init(seed: UInt64, keeping: Keeping) {
        pairs = FlowTable(seed: seed)
        self.keeping = keeping
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
    /// - Parameter content: what is kept of a connection that begins with this segment; gets its stream, and whether it
    ///   is another one than its ports had.
    @inline(__always)
    mutating func place(
        of segment: AnalyzedSegment, _ key: FlowKey, _ direction: FlowDirection, _ content: (UInt32, Bool) -> Content
    ) -> (place: Int, arrival: Arrival) {
        var (place, isNew) = pairs.number(of: key)
        var arrival = Arrival.begins
        if isNew {
            open(at: place, content(streams, false))
        } else {
            arrival = .joins(.belongs)
            if segment.flags.contains(.syn) {
                let relation = connections[place].numbers.relation(of: segment, direction)
                arrival = .joins(relation)
                if relation == .opensAnother {
                    place = another(key, behind: place)
                    open(at: place, content(streams, true))
                } else if relation == .answersWithOtherNumber {
                    connections[place].numbers.set(direction, to: segment.sequence)
                }
            }
        }
        // Most segments say nothing new: writing would copy the element, so the numbers are read first.
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

    /// The connection before one that nobody has answered yet: it may go on.
    func earlier(of place: Int) -> Int? {
        earlier.isEmpty || !connections[place].content.awaitsAnswer ? nil : earlier[place]?.place
    }

    /// Forgets the connection before one that was answered by now.
    /// - Returns: where it was.
    @discardableResult
    mutating func forgetEarlier(of place: Int) -> Int? {
        guard !earlier.isEmpty, let old = earlier.removeValue(forKey: place)?.place else { return nil }
        if keeping == .untilAnswered { pairs.removeEarlier(old) }
        return old
    }

    /// Forgets a connection, whose place may be given to another one then.
    mutating func remove(_ place: Int) {
        if let latest = pairs.existing(pairs[place]), latest != place {
            if earlier[latest]?.place == place { forgetEarlier(of: latest) }
            return
        }
        forgetEarlier(of: place)
        pairs.remove(place)
    }

    /// A place for another connection of the same ports.
    private mutating func another(_ key: FlowKey, behind old: Int) -> Int {
        guard keeping != .latest else { return old }
        let place = pairs.restart(key)
        if connections[old].content.awaitsAnswer, let before = earlier.removeValue(forKey: old) {
            // Of several SYNs in a row that nobody answered, each comes behind the connection that was there before.
            earlier[place] = before
            if keeping == .untilAnswered { pairs.removeEarlier(old) }
        } else {
            forgetEarlier(of: old)
            earlier[place] = Earlier(place: old)
        }
        return place
    }

    private mutating func open(at place: Int, _ content: Content) {
        put(Connection(stream: streams, content: content), at: place)
        streams &+= 1
    }

    private mutating func put(_ connection: Connection, at place: Int) {
        if place < connections.count { connections[place] = connection } else { connections.append(connection) }
    }
}

/// What is kept of a connection.
protocol ConnectionContent: Sendable {
    /// Whether it began with a SYN on the ports of another connection, and nothing has answered it so far.
    var awaitsAnswer: Bool { get }
}

/// The same with what judges its segments.
protocol JudgedContent: ConnectionContent {
    var acceptance: SegmentAcceptance { get set }
}

extension JudgedContent {
    var awaitsAnswer: Bool { acceptance.awaitsAnswer }
}

extension SegmentAcceptance: JudgedContent {
    var acceptance: SegmentAcceptance {
        get { self }
        set { self = newValue }
    }
}

extension ConnectionTable where Content: JudgedContent {
    /// Judges a segment that came to a connection whose SYN nobody has answered, and that does not fit that SYN.
    ///
    /// It is of the connection before on these ports, where that accepts it. Once that has shown that it goes on, what
    /// neither accepts is told with it, too.
    /// - Returns: the connection that it counts for, and what is found of it there.
    mutating func judgeUnclaimed(
        _ segment: AnalyzedSegment, _ direction: FlowDirection, at place: Int
    ) -> (place: Int, ruling: SegmentRuling) {
        if let before = earlier[place] {
            let ruling = self[before.place].content.acceptance.judge(segment, direction)
            if ruling.verdict == .belongs { earlier[place]?.goesOn = true }
            if ruling.verdict == .belongs || before.goesOn { return (before.place, ruling) }
        }
        return (place, SegmentRuling(self[place].content.acceptance.judgeUnclaimed(segment, direction)))
    }
}
