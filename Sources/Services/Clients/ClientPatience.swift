import Addressing
import Sockets

/// How long a client waits for each of: its connection, room for what it sends, the whole of an answer.
public struct ClientPatience: Sendable {
    private let end: ContinuousClock.Instant?

    /// Begins to count. nil: for ever, as in the courses.
    public init(_ time: Duration?) { end = time.map { ContinuousClock().now + $0 } }

    /// What is left of it; nil: for ever.
    var left: Duration? { end.map { max(.zero, ContinuousClock().now.duration(to: $0)) } }

    var isOver: Bool { left == .zero }

    /// Waits for something to read; true: it was over before.
    func runsOut(on descriptor: Int32) throws(SocketError) -> Bool {
        guard let left else { return false }
        if left == .zero { return true }
        return try waitReady(descriptor, for: .readable, timeout: left).isEmpty
    }
}

/// What a client has to tell about an answer besides its bytes.
public enum ClientNotice: Hashable, Sendable {
    /// A datagram of so many bytes came from somebody who was not asked: it is no answer.
    case stranger(String, Int)
    /// The time was over when so many bytes of an answer had come; they are given.
    case unfinished(Int)
    /// The answer went on after so many bytes, which are all that is taken; they are given.
    case endless(Int)
}

/// The courses' calls with an end to their patience. A single call's own timeout (SO_RCVTIMEO, SO_SNDTIMEO) is not
/// enough: it begins anew with each byte.
extension BerkeleySocket where Self: ~Copyable {
    /// connect(2), which SO_SNDTIMEO ends on Linux: socket(7).
    public func connect(to peer: Endpoint, within time: Duration?) throws(SocketError) {
        try limitCalls(to: time)
        if case .inProgress = try connect(to: peer) { throw SocketError(.connect, SocketError.timedOut, peer: peer) }
    }

    /// How long each single call may take.
    func limitCalls(to time: Duration?) throws(SocketError) {
        guard let time else { return }
        try set(.receiveTimeout, time)
        try set(.sendTimeout, time)
    }

    /// `sendAll`, for a peer that may read slowly or not at all.
    public func sendAll(_ bytes: [UInt8], within time: Duration?) throws(SocketError) {
        guard let time else { return try sendAll(bytes) }
        let patience = ClientPatience(time)
        var rest = bytes[...]
        repeat {
            guard case .bytes(let count) = try send(rest.span) else { throw silence(.send) }
            rest = rest.dropFirst(count)
            if !rest.isEmpty, patience.isOver { throw silence(.send) }
        } while !rest.isEmpty
    }

    /// recv(2), for a peer that may send nothing.
    public func recv(_ count: Int, _ patience: ClientPatience) throws(SocketError) -> [UInt8] {
        if try patience.runsOut(on: descriptor) { throw silence(.recv) }
        return try recv(count)
    }

    /// recvfrom(2) until the server's own datagram comes: an unconnected socket is given everybody's.
    func recvfrom(
        _ count: Int, of server: Endpoint, _ patience: ClientPatience, _ notice: (ClientNotice) -> Void
    ) throws(SocketError) -> [UInt8] {
        while true {
            if try patience.runsOut(on: descriptor) { throw silence(.recvfrom) }
            let (bytes, sender) = try recvfrom(count)
            guard let sender, !server.mayAnswer(as: sender) else { return bytes }
            notice(.stranger("\(sender)", bytes.count))
        }
    }

    private func silence(_ call: SocketCall.Name) -> SocketError {
        let (local, peer) = knownEndpoints()
        return SocketError(call, SocketError.wouldBlock, local: local, peer: peer)
    }
}

extension Endpoint {
    /// Whether a datagram from there can be this server's answer: it comes from where the question went to. Who is
    /// asked through 0.0.0.0 or a multicast group answers from an address of its own.
    func mayAnswer(as sender: Endpoint) -> Bool {
        if sender.port != port { return false }
        return sender.address == address || address.isUnspecified || AddressKind(of: address).category == .multicast
    }
}
