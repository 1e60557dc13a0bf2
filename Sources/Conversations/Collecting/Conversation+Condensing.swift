import Addressing
import Packets

/// What a ladder that leaves out long runs of ordinary packets needs: how long a silence is, what is ordinary, and that
/// of a long transfer no more is kept than is drawn.
extension Conversation {
    /// A run of ordinary rows is shown whole up to this length, and else its first and last rows.
    public static let longestRun = 60
    /// How many rows of the beginning of a long run are shown.
    public static let firstOfRun = 20
    /// How many rows of its end are shown.
    public static let lastOfRun = 10
    /// Beyond so many packets a conversation is condensed.
    static let condensedBeyond = 4096
    /// The usual time between two rows is that of the first ones.
    private static let gapsForSilence = 1000

    /// A silence is what is long beside the usual time between two rows: fifty times the median of the first thousand,
    /// but at least a millisecond, and a second in any case. In nanoseconds.
    public static func silenceLimit(_ times: some Sequence<Timestamp>) -> Int64 {
        let times = Array(times.prefix(gapsForSilence + 1))
        let gaps = zip(times, times.dropFirst()).compactMap { $1.elapsed(since: $0) }.sorted()
        guard !gaps.isEmpty else { return .max }
        let median = max(0, gaps[gaps.count / 2])
        return min(
            1_000_000_000, max(1_000_000, median.multipliedReportingOverflow(by: 50).overflow ? .max : median * 50))
    }

    /// Whether nothing is left out across two packets: there was a silence between them, or the clock was set.
    private static func isSilence(from earlier: Timestamp, to later: Timestamp, _ limit: Int64) -> Bool {
        later.setting != earlier.setting || later.nanoseconds(since: earlier) >= limit
    }

    /// Data and plain acknowledgments: nothing that opens, closes, repeats or fails.
    public static func isOrdinary(_ packet: ObservedPacket) -> Bool {
        packet.marks.subtracting(.windowUpdate).isEmpty
            && (packet.tcp.map { $0.flags.isSubset(of: [.ack, .psh]) } ?? true)
    }

    /// The packets that are kept of some, and what comes before which of them that is not.
    struct Condensed {
        var packets: [ObservedPacket] = []
        var changes: [StateChange] = []
        var omitted: [Int: OmittedPackets] = [:]
    }

    func condensed(silence: Int64) -> Condensed {
        var kept = Condensed()
        var start = 0
        for index in packets.indices {
            let isAfterSilence =
                index > 0 && omitted[packets[index].number] == nil
                && Self.isSilence(from: packets[index - 1].time, to: packets[index].time, silence)
            let isOrdinary = changes[index] == StateChange() && Self.isOrdinary(packets[index])
            if isAfterSilence || !isOrdinary {
                keep(start..<index, in: &kept)
                start = index
            }
            if !isOrdinary {
                keep(index..<index + 1, in: &kept)
                start = index + 1
            }
        }
        keep(start..<packets.count, in: &kept)
        return kept
    }

    /// Keeps a run of ordinary packets: all, or the first and the last ones.
    private func keep(_ run: Range<Int>, in kept: inout Condensed) {
        let isShort = run.count <= Self.longestRun && !run.contains { omitted[packets[$0].number] != nil }
        let head = isShort ? run : run.prefix(Self.firstOfRun)
        for index in head { keep(index, in: &kept) }
        if isShort { return }
        let tail = run.dropFirst(Self.firstOfRun).suffix(Self.lastOfRun)
        var sum: OmittedPackets?
        for index in run.dropFirst(Self.firstOfRun) {
            if let earlier = omitted[packets[index].number] { sum = sum?.adding(earlier) ?? earlier }
            if tail.contains(index) { continue }
            let fromClient = isFromClient(packets[index])
            if sum == nil {
                sum = OmittedPackets(packets[index], fromClient: fromClient)
            } else {
                sum?.add(packets[index], fromClient: fromClient)
            }
        }
        if let first = tail.first, let sum { kept.omitted[packets[first].number] = sum }
        for index in tail { keep(index, in: &kept) }
    }

    private func keep(_ index: Int, in kept: inout Condensed) {
        kept.packets.append(packets[index])
        kept.changes.append(changes[index])
    }
}
