import Addressing
import Sockets

/// What is known of a path's MTU after asking it.
public struct PathMTUResult: Hashable, Sendable {
    /// The largest packet that came through and back.
    public var mtu: Int
    /// What the outgoing interface allows, as the kernel says.
    public var interfaceMTU: Int?
    /// Who said that a packet was too long, and what fits there.
    public var routers: [Router]
    /// How many sizes vanished without a word.
    public var silences: Int
    /// How many packets it took.
    public var packets: Int
    /// The largest payload that a datagram can have over this version of IP, where that was the limit.
    public var isLargestDatagram: Bool

    /// Somebody on the way who said what fits.
    public struct Router: Hashable, Sendable {
        /// Who said so; nil is this machine.
        public var address: IPAddress?
        /// The largest packet that fits there, in bytes with the IP header.
        public var limit: Int
    }
}

/// What came of the first question, whether anybody answers at all.
public enum PathMTUOutcome: Hashable, Sendable {
    case found(PathMTUResult)
    case unreachable(PingFailure)
    case silent
    case interrupted
}

/// Asks an echo server with datagrams that must not be fragmented, larger and smaller ones, until the path's MTU is
/// known.
public struct PathMTUProber<Network: PingNetwork & ~Copyable>: ~Copyable {
    private var network: Network
    private let headers: Int
    private let session: UInt32
    private let patience: Int64
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var sequence: UInt64 = 0
    private var packets = 0
    private var slowest: Int64 = 0

    private enum Answer {
        case answered
        case tooLong(IPAddress?, Int?)
        case silent
        case failure(PingFailure)
        case interrupted
    }

    /// - Parameters:
    ///   - isIPv6: its headers are 20 bytes longer.
    ///   - patience: how long to wait for the first answer, nanoseconds.
    public init(network: consuming Network, isIPv6: Bool, session: UInt32, patience: Int64) {
        self.network = network
        headers = (isIPv6 ? 40 : 20) + 8
        self.session = session
        self.patience = patience
    }

    /// - Parameter interfaceMTU: where the search starts; nil where the kernel does not tell.
    public mutating func run(interfaceMTU: Int?) throws(SocketError) -> PathMTUOutcome {
        let floor = headers + PingPayload.headerLength
        switch try ask(floor, tries: 3, wait: patience / 3) {
        case .answered: break
        case .failure(let failure): return .unreachable(failure)
        case .interrupted: return .interrupted
        case .silent, .tooLong: return .silent
        }
        // An IPv4 packet holds 65,535 bytes with its header, an IPv6 packet as many without.
        let largest = headers == 28 ? 65_535 : 65_575
        var search = PathMTUSearch(floor: floor, ceiling: min(interfaceMTU ?? 9_216, largest))
        var routers: [PathMTUResult.Router] = []
        while let size = search.next {
            // Enough for the slowest answer so far, four times; loss must not pass for a limit, hence three tries.
            switch try ask(size, tries: 3, wait: max(4 &* slowest, 100_000_000)) {
            case .answered: search.record(size, .answered)
            case .silent: search.record(size, .silent)
            case .tooLong(let router, let limit):
                search.record(size, .tooLong(limit: limit))
                if let limit, router != nil, routers.last?.limit != limit {
                    routers.append(.init(address: router, limit: limit))
                }
            case .failure(let failure): return .unreachable(failure)
            case .interrupted: return .interrupted
            }
        }
        return .found(
            PathMTUResult(
                mtu: search.result, interfaceMTU: interfaceMTU, routers: routers, silences: search.silences,
                packets: packets,
                isLargestDatagram: search.result == largest))
    }

    private mutating func ask(_ size: Int, tries: Int, wait: Int64) throws(SocketError) -> Answer {
        var payload = PingPayload(size: size - headers, session: session)
        for _ in 0..<tries {
            let start = network.now()
            sequence += 1
            payload.prepare(sequence: sequence, time: start.wall)
            packets += 1
            if let failure = network.send(payload.bytes.span) {
                if failure.code.code == .messageTooLong { return .tooLong(nil, failure.error?.mtu) }
                return .failure(failure)
            }
            while true {
                let event = try network.wait(until: start.monotonic &+ wait, into: &buffer)
                switch event {
                case .answer(let count, _, _):
                    // Also a short answer says that the whole request arrived: the server's buffer cut it.
                    let bytes = buffer
                    let answer = bytes.rawSpan.extracting(first: min(count, bytes.count))
                    if payload.sequence(in: answer, newest: sequence) == sequence {
                        slowest = max(slowest, network.now().monotonic &- start.monotonic)
                        return .answered
                    }
                case .failure(let failure, _):
                    if failure.code.code == .messageTooLong {
                        return .tooLong(failure.error?.reporter, failure.error?.mtu)
                    }
                    return .failure(failure)
                case .signal: return .interrupted
                case .nothing: break
                }
                if network.now().monotonic &- start.monotonic >= wait { break }
            }
        }
        return .silent
    }
}
