import Addressing
import Packets

/// Puts the fragments of IP datagrams together (RFC 791 section 3.2, RFC 8200 section 4.5), in whatever order they come
/// and however often. Fed in file order.
///
/// Where fragments overlap, the bytes that came first stand, and the fields of the datagram say that they overlapped.
/// Fragments wait for the others of their datagram for 60 seconds of the capture's clock, counted from the first that
/// came, as RFC 8200 section 4.5 and RFC 1122 section 3.3.2 want it (Linux waits for 30). A later one with the same
/// number begins another datagram.
///
/// Of all that wait together at most `limit` bytes are kept, of at most `maximumDatagrams` datagrams: beyond that the
/// one that has waited longest is given up, and `givenUp` counts it.
public struct FragmentReassembler: Sendable {
    /// As many bytes as Linux keeps of one network's fragments (ipfrag_high_thresh).
    public static let defaultLimit = 4 << 20
    /// How many datagrams are open at most.
    public static let maximumDatagrams = 4096
    /// How many fragments of one datagram are taken; a datagram of 64 KiB has no more, without repetitions.
    public static let maximumFragments = 8192
    /// How long fragments wait, in nanoseconds.
    public static let timeout: Int64 = 60_000_000_000
    /// A datagram's length has 16 bits.
    public static let maximumLength = 65535

    /// What became of a fragment.
    public enum Outcome: Sendable {
        /// It waits for others.
        case waits
        /// It came again after its datagram was complete; in which packet that was.
        case repeats(UInt32)
        /// It was the last that was missing.
        case completes(JoinedDatagram)
        /// It cannot be part of a datagram: it is empty, goes beyond the longest, or is one of too many.
        case refused
    }

    /// What of a datagram is there.
    private struct OpenDatagram {
        let began: Int64?
        /// Its place among all that were begun: the lowest has waited longest.
        let order: Int
        var fragments = PartialDatagram()
        var carried: IPProtocol
        var earlier = EarlierFragments()
    }

    private let limit: Int
    private var open: [FragmentPlace.Datagram: OpenDatagram] = [:]
    private var complete = CompleteDatagrams()
    private var begun = 0
    /// Bytes that wait.
    public private(set) var waitingBytes = 0
    /// How many datagrams were given up because too much waited.
    public private(set) var givenUp = 0

    /// - Parameter limit: how many bytes may wait.
    public init(limit: Int = Self.defaultLimit) { self.limit = max(1, limit) }

    /// How many datagrams are not complete.
    public var openCount: Int { open.count }

    /// Takes a fragment.
    /// - Parameters:
    ///   - packet: the bytes of the packet that it lies in.
    ///   - number: the packet's number.
    ///   - wireLength: the frame's length, for whoever counts; nil where the packet is not to be counted.
    ///   - time: in nanoseconds; nil where the packet has none: then fragments wait until there are too many.
    public mutating func take(
        _ fragment: DatagramFragment, in packet: RawSpan, number: Int, wireLength: Int?, time: Int64?
    ) -> Outcome {
        let bytes = packet.extracting(fragment.range)
        guard bytes.byteCount > 0, fragment.place.offset + bytes.byteCount <= Self.maximumLength else {
            return .refused
        }
        let key = fragment.place.datagram
        var datagram: OpenDatagram
        if let known = open[key], !Self.isOver(known.began, time) {
            datagram = known
        } else {
            if let stale = open.removeValue(forKey: key) { waitingBytes -= stale.fragments.size }
            if let completed = complete.packet(of: fragment, bytes, time) { return .repeats(completed) }
            datagram = OpenDatagram(began: time, order: begun, carried: fragment.place.carried)
            begun += 1
        }
        guard datagram.fragments.count < Self.maximumFragments else { return .refused }
        // Held once: the entry keeps no copy while it changes.
        open[key] = nil
        waitingBytes -= datagram.fragments.size
        datagram.fragments.add(
            bytes, at: fragment.place.offset, isLast: fragment.place.isLast, packet: UInt32(truncatingIfNeeded: number))
        if fragment.place.offset == 0, datagram.fragments.firstFragment == number {
            datagram.carried = fragment.place.carried
        }
        if let whole = datagram.fragments.whole {
            complete.note(key, datagram.fragments.parts, whole, in: UInt32(truncatingIfNeeded: number), time)
            return .completes(
                JoinedDatagram(
                    bytes: whole, parts: datagram.fragments.parts, carried: datagram.carried,
                    earlier: datagram.earlier))
        }
        if let wireLength { datagram.earlier.count(wireLength) }
        waitingBytes += datagram.fragments.size
        open[key] = datagram
        while waitingBytes > limit || open.count > Self.maximumDatagrams { giveUpOldest() }
        return .waits
    }

    private mutating func giveUpOldest() {
        guard let oldest = open.min(by: { $0.value.order < $1.value.order }) else { return }
        waitingBytes -= oldest.value.fragments.size
        open[oldest.key] = nil
        givenUp += 1
    }

    /// Whether fragments that began to come then wait no longer for the others.
    public static func isOver(_ began: Timestamp, _ time: Timestamp) -> Bool {
        began.setting == time.setting
            && isOver(began.nanoseconds(since: .epoch), time.nanoseconds(since: .epoch))
    }

    /// Whether what began then waits no longer. A clock that was set back says nothing.
    static func isOver(_ began: Int64?, _ time: Int64?) -> Bool {
        guard let began, let time else { return false }
        return time - began > timeout
    }
}

/// A datagram that is complete.
public struct JoinedDatagram: Sendable {
    /// What the IP packet carries.
    public let bytes: [UInt8]
    /// The fragments, in the order of their places, and of their coming where those are the same.
    public let parts: [AssembledPart]
    /// The protocol above IP.
    public let carried: IPProtocol
    /// The packets before the one that completed it, as far as they are counted.
    public let earlier: EarlierFragments
}
