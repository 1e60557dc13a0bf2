import HeapModule

/// Members that wait for a point in time: the end of quiet, or of a pause. Times are nanoseconds of `MonotonicClock`.
struct DueQueue: Sendable {
    private struct Entry: Comparable, Sendable {
        let time: Int64
        /// Members of one time come out as they went in.
        let order: UInt64
        let member: MemberID

        static func < (a: Entry, b: Entry) -> Bool { a.time != b.time ? a.time < b.time : a.order < b.order }
    }

    private var entries = Heap<Entry>()
    private var added: UInt64 = 0

    /// When the next one's time comes.
    var next: Int64? { entries.min?.time }

    mutating func add(_ member: MemberID, at time: Int64) {
        entries.insert(Entry(time: time, order: added, member: member))
        added &+= 1
    }

    /// Takes one whose time has come.
    mutating func take(before now: Int64) -> MemberID? {
        guard let next, next <= now else { return nil }
        return entries.popMin()?.member
    }
}
