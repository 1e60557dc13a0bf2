/// Queues of probes in the order they were sent, linked through the table below: any probe can leave its queue at once.
struct ProbeQueue {
    fileprivate(set) var first: Int32 = -1
    fileprivate(set) var last: Int32 = -1

    var isEmpty: Bool { first < 0 }
}

/// A probe that has a socket.
struct Probe {
    enum Stage: UInt8 {
        case free
        /// Waits for an answer, within its time.
        case waiting
        /// Its time is over and the port is asked anew or given up, but a late answer still counts. Its socket is the
        /// first to go when another one is needed.
        case late
        /// Connected, and the service may say something.
        case listening
    }

    var stage: Stage = .free
    /// From 1.
    var attempt: UInt8 = 0
    /// The place in the plan's list of ports.
    var port: UInt16 = 0
    /// The place in the scanner's list of hosts.
    var host: Int32 = 0
    var sentAt: Int64 = 0
    fileprivate var previous: Int32 = -1
    fileprivate var next: Int32 = -1
}

/// All probes that have a socket. Places are used again, so the table never grows beyond the most that were under way.
struct ProbeTable {
    private var probes: [Probe] = []
    private var free: [Int32] = []
    private(set) var count = 0

    subscript(_ place: Int) -> Probe {
        get { probes[place] }
        set { probes[place] = newValue }
    }

    var places: Range<Int> { probes.indices }

    /// A free place, which becomes taken with `insert`.
    mutating func freePlace() -> Int {
        if let place = free.last { return Int(place) }
        probes.append(Probe())
        free.append(Int32(probes.count - 1))
        return probes.count - 1
    }

    /// Takes the place that `freePlace` gave last.
    mutating func insert(_ probe: Probe, at place: Int) {
        free.removeLast()
        probes[place] = probe
        count += 1
    }

    mutating func remove(_ place: Int) {
        probes[place].stage = .free
        free.append(Int32(place))
        count -= 1
    }

    mutating func append(_ place: Int, to queue: inout ProbeQueue) {
        probes[place].previous = queue.last
        probes[place].next = -1
        if queue.last >= 0 { probes[Int(queue.last)].next = Int32(place) } else { queue.first = Int32(place) }
        queue.last = Int32(place)
    }

    mutating func unlink(_ place: Int, from queue: inout ProbeQueue) {
        let (previous, next) = (probes[place].previous, probes[place].next)
        if previous >= 0 { probes[Int(previous)].next = next } else { queue.first = next }
        if next >= 0 { probes[Int(next)].previous = previous } else { queue.last = previous }
    }

    /// The probe after this one in its queue; nil at the end.
    func next(after place: Int) -> Int? { probes[place].next >= 0 ? Int(probes[place].next) : nil }
}
