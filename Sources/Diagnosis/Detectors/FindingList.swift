import Addressing

/// Findings of a topic: of each kind the first few are told one by one, the rest together, so that what is told and
/// kept stays short.
struct FindingList: Sendable {
    static let individually = 8

    private struct Sum: Sendable {
        var count = 1
        var packets: PacketNumbers
        let start: Timestamp
        var end: Timestamp
        let severity: Finding.Severity
        let noun: String
        let qualifier: String
    }

    private var told: [Finding] = []
    private var counts: [Finding.Kind: Int] = [:]
    private var sums: [Finding.Kind: Sum] = [:]

    /// - Parameters:
    ///   - noun: what one of the kind is called, where several are counted: `question`.
    ///   - qualifier: and which: `without an answer`.
    mutating func add(_ finding: Finding, _ noun: String, _ qualifier: String = "") {
        counts[finding.kind, default: 0] += 1
        if counts[finding.kind, default: 0] <= Self.individually { return told.append(finding) }
        if sums[finding.kind] == nil {
            sums[finding.kind] = Sum(
                packets: finding.evidence.packets, start: finding.time, end: finding.time, severity: finding.severity,
                noun: noun, qualifier: qualifier)
        } else {
            sums[finding.kind]?.count += 1
            sums[finding.kind]?.packets.add(finding.evidence.packets.last)
            sums[finding.kind]?.end = finding.time
        }
    }

    /// In the order of the capture.
    var findings: [Finding] {
        let more = sums.map { kind, sum in
            Finding(
                Finding.Kind(rawValue: "more_\(kind.rawValue)"), sum.severity,
                "\(.count(sum.count, "more \(sum.noun)"))\(.words(sum.qualifier.isEmpty ? "" : " \(sum.qualifier)")).",
                evidence: Finding.Evidence(packets: sum.packets), at: sum.start,
                duration: sum.end.elapsed(since: sum.start))
        }
        return (told + more).enumerated().sorted {
            let (a, b) = ($0.element.evidence.packets.first.first ?? 0, $1.element.evidence.packets.first.first ?? 0)
            return a != b ? a < b : $0.offset < $1.offset
        }.map(\.element)
    }
}
