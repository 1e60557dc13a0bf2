import Addressing
import Sockets

/// The calls made on one socket, from `socket()` or `accept()` to `close()`: what a descriptor meant while it was open.
///
/// Descriptors are used again, so a number alone names nothing; addresses are known only from `bind`, `connect` or the
/// first datagram on, so a call alone often names no conversation. Together they do.
struct SocketHistory {
    let end: SocketCall.End
    let descriptor: Int32?
    let transport: SocketCall.Transport
    private(set) var calls: [SocketCall]
    private var closed = false

    private init(_ call: SocketCall, descriptor: Int32?, calls: [SocketCall]) {
        end = call.end
        self.descriptor = descriptor
        transport = call.transport
        self.calls = calls
    }

    /// Whether the socket took part in the conversation between two endpoints, or listened for it.
    func concerns(client: Endpoint, server: Endpoint) -> Bool {
        calls.contains { call in
            guard let local = call.local else { return call.peer.map { $0 == server } ?? false }
            if let peer = call.peer {
                return Self.covers(local, client) && peer == server || Self.covers(local, server) && peer == client
            }
            return Self.covers(local, server) || Self.covers(local, client) && local.port.rawValue != 0
        }
    }

    /// Whether a socket bound to `local`, perhaps to every address, is what `endpoint` is on the wire.
    static func covers(_ local: Endpoint, _ endpoint: Endpoint) -> Bool {
        local.port == endpoint.port && (local.address == endpoint.address || local.address.isUnspecified)
    }

    /// Sorts calls into sockets.
    static func all(of calls: [SocketCall]) -> [SocketHistory] {
        struct Key: Hashable {
            let end: SocketCall.End
            let descriptor: Int32
        }
        var histories: [SocketHistory] = []
        var open: [Key: Int] = [:]
        for call in calls.sorted(by: { $0.id < $1.id }) {
            switch (call.name, call.result) {
            case (.socket, .value(let number)):
                guard let descriptor = Int32(exactly: number) else { continue }
                open[Key(end: call.end, descriptor: descriptor)] = histories.count
                histories.append(SocketHistory(call, descriptor: descriptor, calls: [call]))
            case (_, .accepted(let descriptor, _)):
                add(call, to: &histories, at: call.descriptor.flatMap { open[Key(end: call.end, descriptor: $0)] })
                open[Key(end: call.end, descriptor: descriptor)] = histories.count
                histories.append(SocketHistory(call, descriptor: descriptor, calls: []))
            default:
                let key = call.descriptor.map { Key(end: call.end, descriptor: $0) }
                // A socket that was there before anybody watched: its first call begins the history.
                if let key, open[key] == nil { open[key] = histories.count }
                add(call, to: &histories, at: key.flatMap { open[$0] })
                if call.name == .close, let key { open[key] = nil }
            }
        }
        return histories
    }

    private static func add(_ call: SocketCall, to histories: inout [SocketHistory], at index: Int?) {
        if let index, histories.indices.contains(index) {
            histories[index].calls.append(call)
        } else {
            histories.append(SocketHistory(call, descriptor: call.descriptor, calls: [call]))
        }
    }
}
