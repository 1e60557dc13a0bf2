/// Whose time comes next, of those that wait for one: the end of quiet, or of a pause.
struct DueQueue: Sendable {
    private struct Entry {
        let time: Int64
        let member: MemberID
    }

    private var entries: [Entry] = []
    private var first = 0

    /// When the next one's time comes.
    var next: Int64? { first < entries.count ? entries[first].time : nil }

    /// Nearly always at the end: all wait for about as long.
    mutating func add(_ member: MemberID, at time: Int64) {
        var place = entries.count
        while place > first, entries[place - 1].time > time { place -= 1 }
        entries.insert(Entry(time: time, member: member), at: place)
    }

    /// Takes one whose time has come.
    mutating func take(before now: Int64) -> MemberID? {
        guard first < entries.count, entries[first].time <= now else { return nil }
        defer {
            first += 1
            if first == entries.count {
                entries.removeAll(keepingCapacity: true)
                first = 0
            } else if first > 1024, first > entries.count / 2 {
                entries.removeFirst(first)
                first = 0
            }
        }
        return entries[first].member
    }
}
