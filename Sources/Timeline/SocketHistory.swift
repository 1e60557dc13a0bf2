import Addressing
import Sockets

/// The calls made on one socket, from `socket()` or `accept()` to `close()`: what a descriptor meant while it was open.
///
/// Descriptors are used again, so a number alone names nothing; addresses are known only from `bind`, `connect` or the
/// first datagram on, so a call alone often names no conversation. Together they do.
package struct SocketHistory {
    package let end: SocketCall.End
    package let descriptor: Int32?
    package let transport: SocketProtocol
    package private(set) var calls: [SocketCall]

    private init(_ call: SocketCall, descriptor: Int32?, calls: [SocketCall]) {
        end = call.end
        self.descriptor = descriptor
        transport = call.transport
        self.calls = calls
    }

    /// Whether a socket bound to `local`, perhaps to every address, is what `endpoint` is on the wire.
    package static func covers(_ local: Endpoint, _ endpoint: Endpoint) -> Bool {
        guard local.port == endpoint.port else { return false }
        // Every IPv4 address is no IPv6 address; the other way round, a socket may take both.
        if case (.v4, .v6) = (local.address, endpoint.address) { return false }
        return local.address == endpoint.address || local.address.isUnspecified
    }

    /// The address that it is bound to, where it waits for whoever comes: a listener, a datagram server.
    package var waitsAt: Endpoint? {
        if calls.contains(where: { $0.name == .connect }) { return nil }
        return calls.lazy.filter { $0.peer == nil }.compactMap { $0.local?.onTheWire }.first { $0.port != .any }
    }

    /// Whether its program asked for IPv6 alone: the last setsockopt() of IPV6_V6ONLY says so.
    package var isIPv6Only: Bool {
        let asked = calls.last {
            $0.name == .setsockopt && $0.result == .value(0) && $0.arguments.contains(.symbol("IPV6_V6ONLY"))
        }
        return asked.map { $0.arguments.last != .number(0) } ?? false
    }

    /// Whether it came from elsewhere: no call here made it.
    package var isInherited: Bool { calls.first.map { $0.name != .socket } ?? false }

    /// The ends of the connection that it is one side of, as far as a call tells.
    package var ends: (local: Endpoint?, peer: Endpoint?) {
        let told = calls.first { $0.local != nil && $0.peer != nil } ?? calls.first { $0.peer != nil }
        return (told?.local?.onTheWire, told?.peer?.onTheWire)
    }

    /// From the first call to the return of the last, which is `close` for most.
    package var opened: Timestamp? { calls.first?.start }
    package var closed: Timestamp? {
        guard let last = calls.last, last.name == .close else { return nil }
        return last.returned ?? last.start
    }

    /// Sorts calls into sockets.
    package static func all(of calls: [SocketCall]) -> [SocketHistory] {
        struct Key: Hashable {
            package let end: SocketCall.End
            package let descriptor: Int32
        }
        var histories: [SocketHistory] = []
        var open: [Key: Int] = [:]
        for call in calls.sorted(by: { $0.id < $1.id }) {
            switch (call.name, call.result) {
            case (.socket, .value(let number)):
                guard let descriptor = Int32(exactly: number) else { continue }
                open[Key(end: call.end.process, descriptor: descriptor)] = histories.count
                histories.append(SocketHistory(call, descriptor: descriptor, calls: [call]))
            case (_, .accepted(let descriptor, _)):
                add(
                    call, to: &histories,
                    at: call.descriptor.flatMap { open[Key(end: call.end.process, descriptor: $0)] })
                open[Key(end: call.end.process, descriptor: descriptor)] = histories.count
                histories.append(SocketHistory(call, descriptor: descriptor, calls: []))
            default:
                let key = call.descriptor.map { Key(end: call.end.process, descriptor: $0) }
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

extension Endpoint {
    /// The endpoint as packets show it: IPv4 without its IPv6 wrapping (a socket for both families), and without a
    /// scope.
    package var onTheWire: Endpoint {
        if case .v6(let address) = address, let inner = address.mappedIPv4 { return Endpoint(.v4(inner), port) }
        return scope == 0 ? self : Endpoint(address, port)
    }
}

extension SocketCall {
    /// The peer that this call is about: for `accept` who connected, for `recvfrom` who sent.
    package var counterpart: Endpoint? {
        switch result {
        case .accepted(_, let peer): peer.onTheWire
        case .received(_, let sender?): sender.onTheWire
        default: peer?.onTheWire
        }
    }
}
