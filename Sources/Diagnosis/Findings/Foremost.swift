/// The findings that matter most in a whole capture, few enough to stand in front of everything else. Fed finding by
/// finding; it keeps one of each kind.
///
/// A failure comes before what went wrong and was mended; of equals the earlier one comes first, as a name that cannot
/// be looked up explains what goes wrong after it. What merely happened is left out.
public struct Foremost: Sendable {
    /// A finding, under which heading it stands, and how many more of its kind there are.
    public struct Entry: Sendable {
        /// The first finding of its kind.
        public let finding: Finding
        /// What it is of, as its heading has it: `tcp.stream 3`.
        public let subject: String
        /// How many more of its kind were found.
        public fileprivate(set) var others = 0
    }

    private static let most = 3
    private var entries: [Finding.Kind: Entry] = [:]
    /// How many stories were looked at.
    public private(set) var stories = 0

    /// Nothing found yet.
    public init() {}

    /// Takes the findings of a story.
    /// - Parameter subject: what it is of, as its heading has it: `tcp.stream 3`.
    public mutating func take(_ findings: [Finding], of subject: String) {
        stories += 1
        for finding in findings where finding.severity >= .warning {
            if entries[finding.kind] != nil {
                entries[finding.kind]?.others += 1
            } else {
                entries[finding.kind] = Entry(finding: finding, subject: subject)
            }
        }
    }

    /// The foremost ones, the most important first.
    public var all: [Entry] {
        let sorted = entries.values.sorted { a, b in
            if a.finding.severity != b.finding.severity { return a.finding.severity > b.finding.severity }
            let (first, second) = (a.finding.firstPacket, b.finding.firstPacket)
            return first != second ? first < second : a.finding.kind < b.finding.kind
        }
        return Array(sorted.prefix(Self.most))
    }
}

extension Finding {
    /// The number of its first packet; 0 for none.
    var firstPacket: Int { evidence.packets.first.first ?? 0 }
}
