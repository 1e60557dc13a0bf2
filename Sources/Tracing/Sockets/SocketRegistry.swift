import Platform

/// Every socket of a trace, so that one that is passed to another process is known there as the same.
final class SocketRegistry {
    private struct Reference { weak var socket: TracedSocket? }

    private var count = 0
    private var byInode: [UInt64: Reference] = [:]
    private var sizeToTidyAt = 1024

    /// A socket that a call has just made.
    func add(family: Int32, kind: Int32, protocolNumber: Int32, facts: SocketFacts?) -> TracedSocket {
        count += 1
        let socket = TracedSocket(
            number: count, family: family, kind: kind, protocolNumber: protocolNumber, inode: facts?.inode)
        socket.local = facts?.local.flatMap { $0.port.rawValue == 0 ? nil : $0 }
        socket.peer = facts?.peer
        // The kernel gives the number again when a socket is gone, so that the newest is meant.
        if let inode = facts?.inode { remember(socket, inode) }
        return socket
    }

    /// The socket that the kernel knows as this, be it known already (it was passed on) or not (it was inherited from
    /// outside).
    func socket(_ facts: SocketFacts) -> TracedSocket {
        byInode[facts.inode]?.socket
            ?? add(family: facts.family, kind: facts.kind, protocolNumber: facts.protocolNumber, facts: facts)
    }

    private func remember(_ socket: TracedSocket, _ inode: UInt64) {
        byInode[inode] = Reference(socket: socket)
        guard byInode.count > sizeToTidyAt else { return }
        byInode = byInode.filter { $0.value.socket != nil }
        sizeToTidyAt = max(1024, 2 * byInode.count)
    }
}
