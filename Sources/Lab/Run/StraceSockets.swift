import Addressing
import Sockets

/// Who has which socket, as far as the calls tell: descriptors are numbers in a process, forks copy them, threads share
/// them, `dup` and `fcntl` make a second number for the same socket, and `close` frees one for anything else.
struct StraceSockets {
    /// What became known of one socket, whoever has it.
    struct Known {
        var transport: SocketProtocol
        var local: Endpoint?
        var peer: Endpoint?
        var inode: UInt64?
        /// How its first own address was spelled: what calls before that had, too.
        var firstLocal: Endpoint?
        /// Who was sent a datagram last. Whoever bound its socket waits for anybody all the same.
        var lastSentTo: Endpoint?
        var isBound = false
    }

    /// An entry of epoll's: a descriptor, and whether only for room to send.
    struct Watch {
        let descriptor: Int32
        let writes: Bool
    }

    private struct Table {
        var sockets: [Int32: Int] = [:]
        /// epoll descriptors: what each entry's data means.
        var watched: [Int32: [UInt64: Watch]] = [:]
    }

    private(set) var known: [Known] = []
    private var tables: [Table] = []

    /// A process without any descriptor that was seen.
    mutating func addTable() -> Int {
        tables.append(Table())
        return tables.count - 1
    }

    /// fork(2): the child has what its parent has.
    mutating func copyTable(_ table: Int) -> Int {
        tables.append(tables[table])
        return tables.count - 1
    }

    /// The socket behind a descriptor that strace wrote, brought up to date with what it says; nil where it is none.
    mutating func socket(_ descriptor: StraceDescriptor, in table: Int) -> Int? {
        if descriptor.isOther {
            tables[table].sockets[descriptor.number] = nil
            return nil
        }
        guard let transport = descriptor.transport else { return tables[table].sockets[descriptor.number] }
        if let index = tables[table].sockets[descriptor.number], isSame(known[index], descriptor) {
            update(index, descriptor)
            return index
        }
        // AF_UNIX also joins a program to its own threads and to the system's services: only what was seen to be made
        // counts.
        if transport == .unix {
            tables[table].sockets[descriptor.number] = nil
            return nil
        }
        return add(descriptor, transport, in: table)
    }

    /// A new socket: socket(2), accept(2).
    @discardableResult
    mutating func add(_ descriptor: StraceDescriptor, _ transport: SocketProtocol, in table: Int) -> Int {
        known.append(
            Known(
                transport: transport, local: descriptor.local, peer: descriptor.peer, inode: descriptor.inode,
                firstLocal: Self.whole(descriptor.local)))
        tables[table].sockets[descriptor.number] = known.count - 1
        return known.count - 1
    }

    mutating func duplicate(_ old: Int32, _ new: Int32, in table: Int) {
        tables[table].sockets[new] = tables[table].sockets[old]
    }

    mutating func close(_ descriptor: Int32, in table: Int) {
        tables[table].sockets[descriptor] = nil
        tables[table].watched[descriptor] = nil
    }

    mutating func watch(_ descriptor: Int32, data: UInt64, writes: Bool, by epoll: Int32, in table: Int) {
        // Modified, an entry may have other data.
        unwatch(descriptor, by: epoll, in: table)
        tables[table].watched[epoll, default: [:]][data] = Watch(descriptor: descriptor, writes: writes)
    }

    mutating func unwatch(_ descriptor: Int32, by epoll: Int32, in table: Int) {
        guard let entries = tables[table].watched[epoll],
            entries.values.contains(where: { $0.descriptor == descriptor })
        else { return }
        tables[table].watched[epoll] = entries.filter { $0.value.descriptor != descriptor }
    }

    func watched(by epoll: Int32, data: UInt64, in table: Int) -> Int32? {
        tables[table].watched[epoll]?[data]?.descriptor
    }

    /// Which sockets it watches, by number.
    func watched(by epoll: Int32, in table: Int) -> [Watch] {
        (tables[table].watched[epoll] ?? [:]).values.filter { tables[table].sockets[$0.descriptor] != nil }.sorted {
            $0.descriptor < $1.descriptor
        }
    }

    /// The descriptors that are sockets.
    func descriptors(in table: Int) -> [Int32] { tables[table].sockets.keys.sorted() }

    func socket(numbered descriptor: Int32, in table: Int) -> Int? { tables[table].sockets[descriptor] }

    mutating func setBound(_ socket: Int) { known[socket].isBound = true }

    mutating func setLastSentTo(_ peer: Endpoint, of socket: Int) { known[socket].lastSentTo = peer }

    mutating func setPeer(_ peer: Endpoint, of socket: Int) { known[socket].peer = peer }

    mutating func setLocal(_ local: Endpoint, of socket: Int) {
        known[socket].local = local
        if known[socket].firstLocal == nil { known[socket].firstLocal = Self.whole(local) }
    }

    /// An address whose port the system has chosen by now.
    private static func whole(_ local: Endpoint?) -> Endpoint? { local.flatMap { $0.port.rawValue == 0 ? nil : $0 } }

    /// Whether a descriptor can still be what it was: the same transport, and no other inode or address.
    private func isSame(_ socket: Known, _ descriptor: StraceDescriptor) -> Bool {
        if socket.transport != descriptor.transport { return false }
        if let now = descriptor.inode, let then = socket.inode { return now == then }
        if let now = descriptor.local, let then = socket.local, then.port.rawValue != 0, now.port != then.port {
            return false
        }
        return true
    }

    private mutating func update(_ index: Int, _ descriptor: StraceDescriptor) {
        if let local = descriptor.local { setLocal(local, of: index) }
        if let peer = descriptor.peer { known[index].peer = peer }
        if let inode = descriptor.inode { known[index].inode = inode }
    }
}
