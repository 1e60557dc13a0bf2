import Addressing
import Sockets

/// How a client knows that it has the whole of an answer.
public enum AnswerEnd: Hashable, Sendable {
    /// So many octets: fixed-length framing, and echoes.
    case count(Int)
    /// A newline, the end of the stream, or 50 ms of quiet after the first octets.
    case message
    /// The peer's FIN.
    case endOfStream
}

/// The courses' clients: connect, send, receive, close. Each call blocks.
public struct CourseClient<S: BerkeleySocket & ~Copyable>: Sendable {
    private let socket: SocketMaker<S>
    private let timeout: Duration?

    /// - Parameter timeout: how long to wait for an answer (SO_RCVTIMEO); nil is for ever, as in the courses.
    public init(socket: @escaping SocketMaker<S>, timeout: Duration? = nil) {
        self.socket = socket
        self.timeout = timeout
    }

    /// TCP: socket, connect, for each message send and recv, close. No messages at all: what the server says by itself.
    ///
    /// - Returns: an answer for each message (one if there are none); fewer when the server ended the stream before.
    public func tcp(_ server: Endpoint, messages: [[UInt8]], until end: AnswerEnd) throws(SocketError) -> [[UInt8]] {
        let connection = try socket(AddressFamily(of: server.address), .stream)
        if let timeout { try connection.set(.receiveTimeout, timeout) }
        try connection.connect(to: server)
        let answers = try converse(over: connection, messages, end)
        try connection.close()
        return answers
    }

    /// AF_UNIX, connected: the same calls with a path in place of an address.
    public func unix(_ server: UnixPath, _ kind: SocketKind, messages: [[UInt8]]) throws(SocketError) -> [[UInt8]] {
        let connection = try socket(.unix, kind)
        if let timeout { try connection.set(.receiveTimeout, timeout) }
        try connection.connect(to: server)
        var answers: [[UInt8]] = []
        for message in messages {
            // A sequenced packet comes back as one; octets of a stream are counted.
            let end = AnswerEnd.count(kind == .stream ? message.count : min(1, message.count))
            answers += try converse(over: connection, [message], end)
        }
        try connection.close()
        return answers
    }

    /// AF_UNIX datagrams: a client that wants an answer must be bound to a path of its own, which is removed in the end.
    public func unixDatagrams(_ server: UnixPath, from own: UnixPath, messages: [[UInt8]]) throws(SocketError) -> [[UInt8]] {
        let client = try socket(.unix, .datagram)
        if let timeout { try client.set(.receiveTimeout, timeout) }
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

    /// UDP: socket, for each message sendto and recvfrom, close.
    public func udp(_ server: Endpoint, messages: [[UInt8]]) throws(SocketError) -> [[UInt8]] {
        let client = try socket(AddressFamily(of: server.address), .datagram)
        if let timeout { try client.set(.receiveTimeout, timeout) }
        var answers: [[UInt8]] = []
        for message in messages {
            try client.sendto(message.span, server)
            answers.append(try client.recvfrom(CourseDefaults.largestDatagram).bytes)
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

    private func converse(over connection: borrowing S, _ messages: [[UInt8]], _ end: AnswerEnd) throws(SocketError) -> [[UInt8]] {
        if messages.isEmpty { return [try receive(from: connection, until: end)] }
        var answers: [[UInt8]] = []
        for message in messages {
            if !message.isEmpty { try connection.sendAll(message) }
            let answer = try receive(from: connection, until: end)
            answers.append(answer)
            if answer.isEmpty { break }
        }
        return answers
    }

    private func receive(from connection: borrowing S, until end: AnswerEnd) throws(SocketError) -> [UInt8] {
        var answer: [UInt8] = []
        while true {
            if case .count(let count) = end, answer.count >= count { return answer }
            if case .message = end, let last = answer.last {
                if last == UInt8(ascii: "\n") { return answer }
                if try waitReady(connection.descriptor, for: .readable, timeout: Quiet.time).isEmpty { return answer }
            }
            let bytes = try connection.recv(CourseDefaults.receiveSize)
            if bytes.isEmpty { return answer }
            answer += bytes
        }
    }
}
