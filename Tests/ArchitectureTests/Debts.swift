import Testing

/// Where a rule does not hold yet: how many violations each module (or protocol) still may have.
///
/// The numbers may only fall. Whoever mends something lowers them: a number that is too high fails like one that is too
/// low, so that nobody can use up what another has mended.
struct Debts {
    let rule: String
    let allowed: [String: Int]

    /// Records an issue for each module that has more violations than it may.
    /// - Parameter violations: by module, each as a line that names its place.
    func check(_ violations: [String: [String]]) {
        for (module, found) in violations.sorted(by: { $0.key < $1.key })
        where found.count > allowed[module, default: 0] {
            let places = found.prefix(40).joined(separator: "\n  ")
            Issue.record("\(rule): \(module) has \(found.count), may have \(allowed[module, default: 0])\n  \(places)")
        }
        for (module, count) in allowed.sorted(by: { $0.key < $1.key }) {
            let now = violations[module, default: []].count
            if now < count {
                Issue.record("\(rule): \(module) has \(now) now, lower its \(count)")
            }
        }
    }

    /// Checks a rule in files, module by module.
    func check(_ rule: some Rule, in files: [SourceFile]) {
        check(
            Dictionary(grouping: files.flatMap(rule.violations), by: \.module).mapValues { $0.map(\.description) })
    }
}
