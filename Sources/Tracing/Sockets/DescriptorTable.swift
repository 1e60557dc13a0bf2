/// The descriptors of a process, or of several that share them (CLONE_FILES, as threads do).
final class DescriptorTable {
    enum Entry {
        case socket(TracedSocket)
        /// Something else: a file, a pipe. Remembered, so that each is asked for once only.
        case other
    }

    /// An entry of epoll's: a descriptor, and whether it is watched only for room to send.
    struct Watch {
        let descriptor: Int32
        let writes: Bool
    }

    private var entries: [Int32: Entry] = [:]
    /// epoll descriptors: what each entry's data means.
    private var watched: [Int32: [UInt64: Watch]] = [:]

    init() {}

    /// fork(2): the child has what its parent has.
    init(copying other: DescriptorTable) {
        entries = other.entries
        watched = other.watched
    }

    subscript(descriptor: Int32) -> Entry? {
        get { entries[descriptor] }
        set { entries[descriptor] = newValue }
    }

    func socket(_ descriptor: Int32) -> TracedSocket? {
        if case .socket(let socket)? = entries[descriptor] { socket } else { nil }
    }

    /// The descriptors that are sockets, in order.
    var sockets: [Int32] { entries.keys.filter { socket($0) != nil }.sorted() }

    /// All that are known, in no order.
    var known: some Collection<Int32> { entries.keys }

    func close(_ descriptor: Int32) {
        entries[descriptor] = nil
        watched[descriptor] = nil
    }

    /// A second number for the same thing, dup(2); what had the number before is closed.
    func duplicate(_ old: Int32, as new: Int32) {
        guard old != new else { return }
        entries[new] = entries[old]
        watched[new] = watched[old]
    }

    // MARK: epoll

    func watch(_ descriptor: Int32, data: UInt64, writes: Bool, by epoll: Int32) {
        // Modified, an entry may have other data.
        unwatch(descriptor, by: epoll)
        watched[epoll, default: [:]][data] = Watch(descriptor: descriptor, writes: writes)
    }

    func unwatch(_ descriptor: Int32, by epoll: Int32) {
        guard let data = watched[epoll]?.first(where: { $0.value.descriptor == descriptor })?.key else { return }
        watched[epoll]?[data] = nil
    }

    func watch(by epoll: Int32, data: UInt64) -> Watch? { watched[epoll]?[data] }

    /// The sockets that it watches, by number.
    func watches(by epoll: Int32) -> [Watch] {
        (watched[epoll] ?? [:]).values.filter { socket($0.descriptor) != nil }.sorted { $0.descriptor < $1.descriptor }
    }
}
