import Addressing
import Capture
import Packets

/// Finds packets that were captured before: by a mirror port that sees them come and go, on several interfaces of a
/// bridge, on both sides of a router. They were sent once.
///
/// A copy has the bytes of its original but for what links and routers change (`PacketFingerprint`), and comes within a
/// time in which nobody sends again:
///
/// - with the same IPv4 identification within 50 ms: a system gives each packet another one (RFC 6864), so that only
///   the time is to be excluded in which identifications come round again;
/// - without one, at another place (another interface, other link addresses, another VLAN tag, fewer hops) within
///   10 ms: who sends again sends the same way;
/// - without one, at the same place within 1 ms, and only where the capture doubles most of what that sender sent
///   (`CopyEvidence`), or where it opens a TCP connection. Duplicate acknowledgments without options look the same
///   otherwise, and so does a program that sends a datagram twice. TCP's timer waits for 200 ms at least in Linux, and
///   for 1 s by RFC 6298.
///
/// It remembers the last packets, at most 1,024.
struct CopyFinder: Sendable {
    static let withIdentification: Int64 = 50_000_000
    static let atAnotherPlace: Int64 = 10_000_000
    static let atTheSamePlace: Int64 = 1_000_000
    /// So many routers may lie between the places of capture.
    private static let mostHops = 4
    /// The packets whose digests have the same lowest bits, of which the latest four are remembered.
    private static let sets = 256
    private static let ways = 4

    private struct Sighting {
        var time = Timestamp.epoch
        var number = 0
        var place: UInt32 = 0
        var hops: UInt8 = 0
        /// How many more at the same place there were.
        var twins = 0
    }

    private let seed: UInt64
    /// Beside the sightings, so that looking for one is short; 0 where there is none.
    private var digests = [UInt64](repeating: 0, count: sets * ways)
    private var sightings = [Sighting](repeating: Sighting(), count: sets * ways)
    private var next = [UInt8](repeating: 0, count: sets)
    private(set) var evidence: CopyEvidence
    private let learns: Bool
    /// What was found.
    private(set) var found = FoundCopies()

    /// - Parameter evidence: what the beginning of the capture shows; nil where it cannot be read before, so that the
    ///   packets themselves show it as they come.
    init(_ evidence: CopyEvidence?, seed: UInt64) {
        self.evidence = evidence ?? CopyEvidence()
        learns = evidence == nil
        self.seed = seed
    }

    /// Takes the next packet.
    /// - Returns: the number of the packet that it is a copy of; nil where it is none.
    mutating func original(_ frame: RawSpan, _ header: RecordHeader) -> Int? {
        guard let print = PacketFingerprint(frame, header, seed: seed) else { return nil }
        return original(of: print, header)
    }

    mutating func original(of packet: PacketFingerprint, _ header: RecordHeader) -> Int? {
        found.packets += 1
        guard let time = header.timestamp else { return nil }
        let set = Int(truncatingIfNeeded: packet.digest % UInt64(Self.sets))
        for index in set &* Self.ways..<(set &+ 1) &* Self.ways
        where digests[index] == packet.digest && sightings[index].number > 0 {
            switch compare(packet, time, with: index) {
            case .copy:
                let earlier = sightings[index]
                found.note(packet, header.number, time, of: earlier.number, earlier.time, earlier.place)
                return earlier.number
            case .undecided:
                if !packet.isFirm { found.undecided += 1 }
            case .another: remember(packet, header.number, time, at: index)
            }
            return nil
        }
        let way = next[set]
        next[set] = (way &+ 1) % UInt8(Self.ways)
        remember(packet, header.number, time, at: set &* Self.ways &+ Int(way))
        return nil
    }

    private mutating func remember(_ packet: PacketFingerprint, _ number: Int, _ time: Timestamp, at index: Int) {
        if learns { evidence.noteOriginal(packet) }
        digests[index] = packet.digest
        sightings[index] = Sighting(time: time, number: number, place: packet.place, hops: packet.hops)
    }

    private enum Likeness {
        case copy
        /// Sent or captured twice: nothing tells which.
        case undecided
        /// Sent another time.
        case another
    }

    /// Compares a packet with an earlier one of the same digest.
    private mutating func compare(_ packet: PacketFingerprint, _ time: Timestamp, with index: Int) -> Likeness {
        let earlier = sightings[index]
        guard earlier.time.setting == time.setting else { return .another }
        let apart = time.nanoseconds(since: earlier.time).magnitude
        guard apart <= Self.withIdentification else { return .another }
        let isElsewhere = packet.place != earlier.place
        let distance = Int(earlier.hops) - Int(packet.hops)
        if distance != 0 {
            // A host that traces the way sends the same with other TTLs; a router changes the link's addresses, too.
            guard isElsewhere || !packet.hasLink && distance > 0, abs(distance) <= Self.mostHops else {
                return .another
            }
        }
        let sender = evidence[packet.sender]
        let isIdentified = packet.identification != 0 && sender.identifies
        if isIdentified || apart <= Self.atTheSamePlace, !isElsewhere, learns {
            sightings[index].twins += 1
            evidence.noteTwin(packet, count: sightings[index].twins)
        }
        if isIdentified { return .copy }
        if isElsewhere || distance != 0 { return apart <= Self.atAnotherPlace ? .copy : .another }
        guard apart <= Self.atTheSamePlace else { return .another }
        return packet.isOpening || evidence[packet.sender].isDoubled ? .copy : .undecided
    }
}

/// The copies that a capture has, as far as they are told.
struct FoundCopies: Sendable {
    /// How many packets of IP and ARP there are, copies included.
    fileprivate(set) var packets = 0
    /// How many copies there are.
    private(set) var count = 0
    /// The first one.
    private(set) var first: CopiedPacket?
    /// How many were captured at another place than the original.
    private(set) var elsewhere = 0
    /// Packets that may have been sent or captured twice.
    fileprivate(set) var undecided = 0

    fileprivate mutating func note(
        _ packet: PacketFingerprint, _ number: Int, _ time: Timestamp, of original: Int, _ earlier: Timestamp,
        _ place: UInt32
    ) {
        count += 1
        if packet.place != place { elsewhere += 1 }
        guard first == nil else { return }
        first = CopiedPacket(
            original: original, copy: number, apart: Int64(clamping: time.nanoseconds(since: earlier).magnitude),
            isIdentified: packet.identification != 0, isElsewhere: packet.place != place)
    }
}

/// A packet that was captured twice.
public struct CopiedPacket: Hashable, Sendable {
    /// The numbers of both.
    public let original: Int
    /// The later one's number.
    public let copy: Int
    /// The time between them, in nanoseconds.
    public let apart: Int64
    /// Whether they have the same IPv4 identification, which is not 0.
    public let isIdentified: Bool
    /// Whether they were captured on different links or interfaces.
    public let isElsewhere: Bool
}
