import Addressing
import Packets
import Sockets
import SystemPackage

/// One question to one provider over one family; blocks, at most until the deadline (and as long as the resolver does).
struct ProviderClient {
    let provider: AddressProvider
    let family: AddressFamily
    /// On the monotonic clock.
    let deadline: Int64

    private static let late = "no answer within the time allowed"

    func ask() -> ProviderReport.Outcome {
        let (host, port, kind): (String, String, SocketKind) =
            switch provider {
            case .stun(let host, let port): (host, port, .datagram)
            case .http(let url): (url.host, url.port, .stream)
            }
        switch HostLookup.addresses(of: host, service: port, family: family, kind: kind) {
        case .failure(let error): return .failed("\(error.symbol), \(error.reason)")
        case .success(let list):
            guard let endpoint = list.endpoints.first else { return .failed("no address of this family") }
            do throws(SocketError) {
                switch provider {
                case .stun: return try askSTUN(endpoint)
                case .http(let url): return try askHTTP(url, endpoint)
                }
            } catch {
                return .failed("\(error.codeName), \(error.reason)")
            }
        }
    }

    private func askSTUN(_ server: Endpoint) throws(SocketError) -> ProviderReport.Outcome {
        let socket = try DatagramSocket(connectedTo: server)
        let local = try socket.localEndpoint()
        let binding = STUNBinding(transaction: (0..<12).map { _ in UInt8.random(in: .min ... .max) })
        let start = MonotonicClock.now()
        let end = min(deadline, start &+ STUNBinding.giveUpTime)
        var sent = 0
        var buffer = [UInt8](repeating: 0, count: 2048)
        while true {
            let now = MonotonicClock.now()
            if now >= end { return .failed(Self.late + " (asked \(sent) time\(sent == 1 ? "" : "s"))") }
            if sent < STUNBinding.sendTimes.count, now >= start &+ STUNBinding.sendTimes[sent] {
                sent += 1
                let request = binding.request
                if let code = socket.send(request.span) { throw SocketError(.send, code.rawValue, peer: server) }
            }
            let next = sent < STUNBinding.sendTimes.count ? start &+ STUNBinding.sendTimes[sent] : end
            if try waitReadable(
                [socket.descriptor], timeout: .nanoseconds(max(0, min(next, end) &- MonotonicClock.now()))
            ).isEmpty {
                continue
            }
            switch socket.receive(into: &buffer, waiting: false) {
            case .nothing:
                // Only the error queue made it readable.
                while socket.takeError(into: &buffer) != nil {}
            case .failed(let code): throw SocketError(.recv, code.rawValue, peer: server)
            case .datagram(let count, _, _):
                let bytes = Array(buffer.prefix(count))
                switch binding.judge(bytes.rawSpan) {
                case nil: continue
                case .mapped(let endpoint)?:
                    guard AddressFamily(of: endpoint.address) == family else {
                        return .failed("answered with an address of the other family")
                    }
                    return .address(endpoint.address, port: endpoint.port, local: local)
                case .refused(let code, let reason)?: return .failed("STUN error \(code) \(reason)")
                case .useless(let reason)?: return .failed(reason)
                }
            }
        }
    }

    private func askHTTP(_ url: PlainHTTP.URL, _ server: Endpoint) throws(SocketError) -> ProviderReport.Outcome {
        let dialled = try ConnectSocket.open(family)
        let socket = Socket(owning: dialled.descriptor)
        var step = dialled.start(to: server)
        while step == .pending {
            if try waitReady(socket.descriptor, for: .writable, timeout: left()).isEmpty { return .failed(Self.late) }
            step = dialled.progress(to: server)
        }
        if case .failed(let code) = step { throw SocketError(.connect, code.rawValue, peer: server) }
        let local = try socket.localEndpoint()
        let request = PlainHTTP.request(url)
        var rest = request[...]
        while !rest.isEmpty {
            switch try socket.send(rest.span) {
            case .bytes(let count): rest = rest.dropFirst(count)
            case .wouldBlock:
                if try waitReady(socket.descriptor, for: .writable, timeout: left()).isEmpty {
                    return .failed(Self.late)
                }
            }
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while answer.count < PlainHTTP.most {
            if try waitReady(socket.descriptor, for: .readable, timeout: left()).isEmpty { return .failed(Self.late) }
            var span = buffer.mutableSpan
            guard case .bytes(let count) = try socket.recv(into: &span) else { continue }
            if count == 0 { break }
            answer += buffer.prefix(count)
            if PlainHTTP.isWhole(answer) { break }
        }
        switch PlainHTTP.judge(answer) {
        case .useless(let reason): return .failed(reason)
        case .address(let address):
            guard AddressFamily(of: address) == family else {
                return .failed("answered with an address of the other family")
            }
            return .address(address, port: nil, local: local)
        }
    }

    private func left() -> Duration { .nanoseconds(max(0, deadline &- MonotonicClock.now())) }
}
