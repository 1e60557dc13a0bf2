import Addressing
import Packets
import Probe
import Text

/// What every format of a scan's results needs to know beside the hosts.
public struct ScanHeader: Sendable {
    /// netprobe's version.
    public let version: String
    /// The command line.
    public let arguments: [String]
    /// The ports that were asked for.
    public let ports: [Port]
    /// When the scan began, on the wall clock.
    public let startedAt: Timestamp
    /// Nanoseconds on the scanner's clock at `startedAt`.
    public let startedOnClock: Int64
    /// Seconds east of UTC at a moment.
    public let zone: TimeColumn.Zone
    /// Whether ports that are not open, and hosts without an open one, are left out (`--open`).
    public var showsOnlyOpen = false
    /// Whether each state is shown with what told it (`--reason`).
    public var showsReasons = false
    /// Every host counts as up (nmap's -Pn).
    public var takesAllAsUp = false

    /// What stays the same for the whole scan.
    public init(
        version: String, arguments: [String], ports: [Port], startedAt: Timestamp, startedOnClock: Int64,
        zone: @escaping TimeColumn.Zone = { _ in 0 }
    ) {
        self.version = version
        self.arguments = arguments
        self.ports = ports
        self.startedAt = startedAt
        self.startedOnClock = startedOnClock
        self.zone = zone
    }

    func isUp(_ host: HostScan) -> Bool { host.isUp || (takesAllAsUp && !host.isSkipped) }

    /// Seconds since 1970 of a moment on the scanner's clock.
    func seconds(_ moment: Int64) -> Int64 { startedAt.advanced(byNanoseconds: moment &- startedOnClock).seconds }

    /// A local time as C's ctime writes it: `Sat Nov 21 08:12:25 2026`.
    func dateText(_ seconds: Int64) -> String {
        let local = seconds &+ Int64(zone(seconds))
        var date = ByteCollector()
        CivilDate(seconds: local).write(to: &date)
        // 2026-11-21: the year may have a sign or more digits, month and day always have two.
        let digits = date.text
        let day = Int(digits.suffix(2)) ?? 0
        let month = Int(digits.dropLast(3).suffix(2)) ?? 1
        let ofDay = ((local % 86400) + 86400) % 86400
        let weekday = (((local - ofDay) / 86400 % 7) + 11) % 7
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(days[Int(weekday)]) \(months[(month - 1) % 12]) \(day < 10 ? " " : "")\(day) "
            + "\(two(ofDay / 3600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60)) \(digits.dropLast(6))"
    }
}

/// How a scan ended.
public struct ScanSummary: Sendable {
    /// Addresses that were scanned.
    public var hosts: UInt64 = 0
    /// How many of them answered, or count as up.
    public var hostsUp: UInt64 = 0
    /// Open ports of all hosts.
    public var open = 0
    /// How long the scan took, in nanoseconds.
    public var elapsed: Int64 = 0
    /// When it ended, on the wall clock.
    public var endedAt = Timestamp.epoch
    /// Whether the user ended it.
    public var isInterrupted = false

    /// A scan of nothing.
    public init() {}

    /// `1 IP address (1 host up) scanned in 0.08 seconds`
    var text: String {
        """
        \(hosts) IP address\(hosts == 1 ? "" : "es") (\(hostsUp) host\(hostsUp == 1 ? "" : "s") up) \
        scanned in \(secondsText) seconds
        """
            + (isInterrupted ? " (interrupted)" : "")
    }

    var secondsText: String {
        let hundredths = max(0, elapsed) / 10_000_000
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}

/// Which of a host's ports are shown one by one and which are only counted: as nmap does it, a state with more than 25
/// ports is counted, open ones never.
struct ScanTally {
    /// Ports that are not shown, by state and reason.
    struct Hidden {
        let state: PortState
        var count: Int
        /// By reason, the most frequent first.
        var reasons: [(name: StaticString, ports: [Port])]
    }

    /// Places in the host's list of ports.
    private(set) var shown: [Int] = []
    private(set) var hidden: [Hidden] = []

    private static let most = 25

    init(_ host: HostScan, onlyOpen: Bool) {
        var counts = [0, 0, 0]
        for place in host.ports.indices where host.reason(place) != .undecided {
            counts[Int(host.reason(place).state.rawValue)] += 1
        }
        func isHidden(_ state: PortState) -> Bool {
            state != .open && (onlyOpen || counts[Int(state.rawValue)] > Self.most)
        }
        var byReason: [ProbeReason: [Port]] = [:]
        for place in host.ports.indices {
            let reason = host.reason(place)
            if reason == .undecided { continue }
            if isHidden(reason.state) {
                byReason[reason, default: []].append(host.ports[place])
            } else {
                shown.append(place)
            }
        }
        for state in [PortState.closed, .filtered] where isHidden(state) && counts[Int(state.rawValue)] > 0 {
            // Two reasons can have one name: an ICMP port-unreachable reads as conn-refused.
            var named: [(name: StaticString, ports: [Port])] = []
            for reason in ProbeReason.allCases where reason.state == state {
                guard let ports = byReason[reason] else { continue }
                if let same = named.firstIndex(where: { "\($0.name)" == "\(reason.name)" }) {
                    named[same].ports = (named[same].ports + ports).sorted()
                } else {
                    named.append((reason.name, ports))
                }
            }
            hidden.append(
                Hidden(
                    state: state, count: counts[Int(state.rawValue)],
                    reasons: named.sorted { $0.ports.count > $1.ports.count }))
        }
        hidden.sort { $0.count > $1.count }
    }
}
