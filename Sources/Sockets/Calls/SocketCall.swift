import Addressing
import Platform
import Text

/// One call of the socket interface: what was asked, what came back, and when.
///
/// A plain value whose source can be replaced: our own recorder, a comment in a capture file, strace on somebody
/// else's program. What ties a call to packets is its pair of addresses (`local`, `peer`), not a process.
public struct SocketCall: Hashable, Sendable {
    /// The order in which the calls started, over all ends: a later call has a greater number.
    public var id: Int
    /// Who called, the lane of the ladder.
    public var end: End
    /// The C function.
    public var name: Name
    /// The descriptor that was the first argument; nil for `socket`, which has none.
    public var descriptor: Int32?
    /// The arguments after the descriptor, in the man page's order. Arguments that are 0 in the courses (protocol,
    /// flags) are left out, and so is the content of buffers.
    public var arguments: [CallArgument]
    /// Read from the clock right before the call.
    public var start: Timestamp
    /// Read right after the call returned; nil when it never did.
    public var finish: Timestamp?
    /// Where `finish` is known to be too early: the time of a packet that passed while the call still ran. strace's own
    /// work is not in the durations that it gives, so that start and duration may add up to less than it took.
    public var runningUntil: Timestamp?
    /// What came back.
    public var result: Result
    /// The socket's own address as known when the call returned, nil while it has none. A datagram socket that is
    /// bound to 0.0.0.0 or :: is given here the address from which the system reaches the peer.
    public var local: Endpoint?
    /// The other end; nil for a listening socket. For `sendto` and `recvfrom` that of the datagram.
    public var peer: Endpoint?
    /// The protocol under the socket.
    public var transport: SocketProtocol

    /// A call with all that is known of it; the properties say what each part is.
    public init(
        id: Int, end: End, name: Name, descriptor: Int32? = nil, arguments: [CallArgument] = [], start: Timestamp,
        finish: Timestamp? = nil, result: Result = .pending, local: Endpoint? = nil, peer: Endpoint? = nil,
        transport: SocketProtocol, runningUntil: Timestamp? = nil
    ) {
        self.id = id
        self.end = end
        self.name = name
        self.descriptor = descriptor
        self.arguments = arguments
        self.start = start
        self.finish = finish
        self.runningUntil = runningUntil
        self.result = result
        self.local = local
        self.peer = peer
        self.transport = transport
    }

    /// When it returned, as far as its times and the packets tell: what calls and packets are put in order by. nil when
    /// it never did.
    public var returned: Timestamp? { finish.map { max($0, runningUntil ?? $0) } }

    /// The call as strace would write it, safe to print: `connect(3, 127.0.0.1:65432) = 0`.
    public var text: String {
        var parts = arguments.map(\.description.escapedForDisplay)
        if let descriptor { parts.insert(String(descriptor), at: 0) }
        return "\(name.rawValue.escapedForDisplay)(\(parts.joined(separator: ", "))) = \(result)"
    }

    /// What a call gave back.
    public enum Result: Hashable, Sendable {
        /// Has not returned (yet).
        case pending
        /// A plain number: 0, a new descriptor, a count of bytes sent.
        case value(Int)
        /// `accept`: the new descriptor and who connected.
        case accepted(Int32, Endpoint)
        /// A call that receives: how many bytes, and for datagrams from whom. 0 bytes of a stream is the peer's FIN.
        case received(Int, from: Endpoint?)
        /// Returned -1 with this errno. The number belongs to the system that ran the call, the name to all.
        case failed(number: Int32, name: String)
    }
}

extension SocketCall.Result: CustomStringConvertible {
    /// The right side of `SocketCall.text`: `0`, `5 accepted 127.0.0.1:43210`, `12 bytes from 127.0.0.1:43210`,
    /// `-1 ECONNREFUSED (111)`, `?` when pending.
    public var description: String {
        switch self {
        case .pending: "?"
        case .value(let value): String(value)
        case .accepted(let descriptor, let peer): "\(descriptor) accepted \(peer)"
        case .received(let count, let peer?): "\(count) bytes from \(peer)"
        case .received(let count, nil): "\(count) bytes"
        case .failed(let number, let name): "-1 \(name.escapedForDisplay) (\(number))"
        }
    }
}

extension SocketCall {
    /// Who made a call. Open: a program that others wrote has lanes of its own.
    public struct End: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// An end of this name.
        public init(stringLiteral value: String) { rawValue = value }

        /// The program that connects.
        public static var client: End { "client" }
        /// The program that listens.
        public static var server: End { "server" }

        /// The lane of one process and one thread of a program that others wrote, both counted from 1: `server` for the
        /// first of both, `server/2` for the second process, `server/1.2` for the second thread of the first one.
        public func lane(process: Int, thread: Int) -> End {
            if thread > 1 { return End(rawValue: "\(rawValue)/\(process).\(thread)") }
            return process > 1 ? End(rawValue: "\(rawValue)/\(process)") : self
        }

        /// The end without process and thread: `server`.
        public var program: End { End(rawValue: String(rawValue.prefix { $0 != "/" })) }

        /// The end without its thread, `server/2`: threads of a process share its descriptors.
        public var process: End {
            guard let slash = rawValue.firstIndex(of: "/") else { return self }
            let number = rawValue[rawValue.index(after: slash)...].prefix { $0 != "." }
            return number == "1" ? program : End(rawValue: "\(program.rawValue)/\(number)")
        }
    }

    /// The C function.
    public typealias Name = CallName
}
