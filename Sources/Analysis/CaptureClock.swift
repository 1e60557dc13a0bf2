import Addressing
import Capture

/// The clock that a capture's times were read from. The file's order is the order of events and times measure: where
/// times go back, the clock was set, and from there on they belong to another setting of it (`Timestamp.setting`).
///
/// A device with several queues, or a program that reads several interfaces, writes packets a little out of order. That
/// is no step: within an interface it is far below `tolerance`, and clocks are moved by less than 128 ms without a step
/// (RFC 5905 appendix A.1.1, STEPT).
struct CaptureClock: Sendable {
    /// Times went back between two packets.
    struct Step: Hashable, Sendable {
        let packets: ClosedRange<Int>
        /// In nanoseconds.
        let by: Int64
    }

    /// What is no more than this out of order within an interface is not taken for a step, in nanoseconds.
    static let tolerance: Int64 = 10_000_000
    /// The same between the packets of two interfaces, which are read apart.
    static let toleranceBetween: Int64 = 1_000_000_000
    private static let remembered = 1
    private static let mostInterfaces = 4096

    private var setting: UInt32 = 0
    /// The last packet that had a time.
    private var previous = 0
    /// The latest time since the clock was set; nil before the first.
    private var latest: Timestamp?
    /// The same of each interface.
    private var latestOf: [Timestamp?] = []
    /// The interface of the packet before, and whether its latest time is `latest` and has still to be entered above.
    private var current = -1
    private var isCurrentLatest = false
    /// The first steps.
    private(set) var steps: [Step] = []
    /// How many there were.
    private(set) var count = 0

    /// Gives the next packet's time the setting of the clock.
    @inline(__always)
    mutating func note(_ header: inout RecordHeader) {
        guard let time = header.timestamp else { return }
        // Nearly every packet is of the same interface as the one before, and later.
        if header.interface == current, setting == 0, let latest, time >= latest {
            self.latest = time
            isCurrentLatest = true
            previous = header.number
            return
        }
        header.timestamp = noted(time, header.interface, header.number)
    }

    @inline(never)
    private mutating func noted(_ read: Timestamp, _ interface: Int, _ number: Int) -> Timestamp {
        if isCurrentLatest { latestOf[Self.place(of: current)] = latest }
        (current, isCurrentLatest) = (interface, false)
        var time = read.inSetting(setting)
        let place = Self.place(of: interface)
        while latestOf.count <= place { latestOf.append(nil) }
        if let latest, time < latest, isStep(time, place, latest) {
            count += 1
            if steps.count < Self.remembered {
                steps.append(Step(packets: min(previous, number)...number, by: latest.nanoseconds(since: time)))
            }
            setting &+= 1
            time = time.inSetting(setting)
            for index in latestOf.indices { latestOf[index] = nil }
            self.latest = nil
        }
        previous = number
        latest = latest.map { max($0, time) } ?? time
        latestOf[place] = latestOf[place].map { max($0, time) } ?? time
        return time
    }

    private static func place(of interface: Int) -> Int { min(max(0, interface), mostInterfaces - 1) }

    private func isStep(_ time: Timestamp, _ place: Int, _ latest: Timestamp) -> Bool {
        guard let own = latestOf[place] else { return latest.nanoseconds(since: time) > Self.toleranceBetween }
        return own.nanoseconds(since: time) > Self.tolerance
    }
}
