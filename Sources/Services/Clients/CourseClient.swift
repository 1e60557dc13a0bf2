import Addressing
import Sockets

/// How a client knows that it has the whole of an answer.
public enum AnswerEnd: Hashable, Sendable {
    /// So many octets: fixed-length framing, and echoes.
    case count(Int)
    /// So many lines; of the last one the end of the stream, or 50 ms of quiet after its first octets, will do for a
    /// newline.
    case lines(Int)
    /// The peer's FIN.
    case endOfStream
}

/// The courses' clients: connect, send, receive, close. Each call blocks.
public struct CourseClient<S: BerkeleySocket & ~Copyable>: Sendable {
    private let socket: SocketMaker<S>
    private let timeout: Duration?
    private let limit: Int

    /// - Parameters:
    ///   - timeout: how long to wait for each of: the connection, room for what is sent, an answer; nil is for ever,
    ///     as in the courses.
    ///   - limit: how many octets of an answer are taken.
    public init(socket: @escaping SocketMaker<S>, timeout: Duration? = nil, limit: Int = ServiceLimits.answer) {
        self.socket = socket
        self.timeout = timeout
        self.limit = limit
    }

    /// TCP: socket, connect, for each message send and recv, close. No messages at all: what the server says by itself.
    ///
    /// - Returns: an answer for each message (one if there are none); fewer when the server ended the stream before.
    public func tcp(
        _ server: Endpoint, messages: [[UInt8]], until end: AnswerEnd, notice: (ClientNotice) -> Void = { _ in }
    ) throws(SocketError) -> [[UInt8]] {
        try tcp(server, messages: messages, until: { _ in end }, notice: notice)
    }

    /// The same where each message's answer has an end of its own.
    public func tcp(
        _ server: Endpoint, messages: [[UInt8]], until end: (Int) -> AnswerEnd,
        notice: (ClientNotice) -> Void = { _ in }
    ) throws(SocketError) -> [[UInt8]] {
        let connection = try socket(AddressFamily(of: server.address), .stream)
        try connection.connect(to: server, within: timeout)
        let answers = try converse(over: connection, messages, end, notice)
        try connection.close()
        return answers
    }

    /// AF_UNIX, connected: the same calls with a path in place of an address.
    public func unix(_ server: UnixPath, _ kind: SocketKind, messages: [[UInt8]]) throws(SocketError) -> [[UInt8]] {
        let connection = try socket(.unix, kind)
        try connection.limitCalls(to: timeout)
        try connection.connect(to: server)
        var answers: [[UInt8]] = []
        for message in messages {
            // A sequenced packet comes back as one; octets of a stream are counted.
            let end = AnswerEnd.count(kind == .stream ? message.count : min(1, message.count))
            answers += try converse(over: connection, [message], { _ in end }) { _ in }
        }
        try connection.close()
        return answers
    }

    /// AF_UNIX datagrams: a client that wants an answer must be bound to a path of its own, which is removed in the
    /// end.
    public func unixDatagrams(_ server: UnixPath, from own: UnixPath, messages: [[UInt8]]) throws(SocketError)
        -> [[UInt8]]
    {
        let client = try socket(.unix, .datagram)
        try client.limitCalls(to: timeout)
        try client.bind(to: own)
        let claim = UnixPathClaim(own)
        defer { claim.release() }
        var answers: [[UInt8]] = []
        for message in messages {
            try client.sendto(message.span, server)
            answers.append(try client.recvfromPath(max(CourseDefaults.datagramSize, message.count)).bytes)
        }
        try client.close()
        return answers
    }

    /// UDP: socket, for each message sendto and recvfrom, close. Only what comes from the server is an answer.
    public func udp(_ server: Endpoint, messages: [[UInt8]], notice: (ClientNotice) -> Void = { _ in })
        throws(SocketError) -> [[UInt8]]
    {
        let client = try socket(AddressFamily(of: server.address), .datagram)
        try client.limitCalls(to: timeout)
        var answers: [[UInt8]] = []
        for message in messages {
            try client.sendto(message.span, server)
            answers.append(
                try client.recvfrom(CourseDefaults.largestDatagram, of: server, ClientPatience(timeout), notice))
        }
        try client.close()
        return answers
    }

    /// UDP, and nobody answers: sendto says only that the system has taken the datagram.
    public func udpSend(_ server: Endpoint, messages: [[UInt8]]) throws(SocketError) {
        let client = try socket(AddressFamily(of: server.address), .datagram)
        for message in messages { try client.sendto(message.span, server) }
        try client.close()
    }

    private func converse(
        over connection: borrowing S, _ messages: [[UInt8]], _ end: (Int) -> AnswerEnd, _ notice: (ClientNotice) -> Void
    ) throws(SocketError) -> [[UInt8]] {
        if messages.isEmpty { return [try receive(from: connection, until: end(0), notice)] }
        var answers: [[UInt8]] = []
        for (number, message) in messages.enumerated() {
            if !message.isEmpty { try connection.sendAll(message, within: timeout) }
            let answer = try receive(from: connection, until: end(number), notice)
            answers.append(answer)
            if answer.isEmpty { break }
        }
        return answers
    }

    private func receive(
        from connection: borrowing S, until end: AnswerEnd, _ notice: (ClientNotice) -> Void
    ) throws(SocketError) -> [UInt8] {
        let patience = ClientPatience(timeout)
        var answer: [UInt8] = []
        var lines = 0
        while true {
            switch end {
            case .count(let count) where answer.count >= count: return answer
            case .lines(let count) where lines >= count: return answer
            case .lines(let count) where lines == count - 1 && !answer.isEmpty && answer.last != UInt8(ascii: "\n"):
                let quiet = min(Quiet.time, patience.left ?? Quiet.time)
                if try waitReady(connection.descriptor, for: .readable, timeout: quiet).isEmpty {
                    if patience.isOver { notice(.unfinished(answer.count)) }
                    return answer
                }
            default: break
            }
            let bytes: [UInt8]
            do throws(SocketError) {
                bytes = try connection.recv(CourseDefaults.receiveSize, patience)
            } catch {
                // What has come is given, although the rest has not.
                guard error.isWouldBlock, !answer.isEmpty else { throw error }
                notice(.unfinished(answer.count))
                return answer
            }
            if bytes.isEmpty { return answer }
            answer += bytes
            for byte in bytes where byte == UInt8(ascii: "\n") { lines += 1 }
            if answer.count > limit {
                notice(.endless(limit))
                return Array(answer.prefix(limit))
            }
        }
    }
}
