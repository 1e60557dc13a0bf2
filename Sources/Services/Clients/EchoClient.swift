import Addressing
import Sockets

/// The course's echo clients: they send a message, wait for what comes back, and give it to the caller to compare. Each
/// call blocks.
public struct EchoClient<S: BerkeleySocket & ~Copyable>: Sendable {
    private let socket: SocketMaker<S>
    private let timeout: Duration?

    /// - Parameter timeout: how long to wait for each of: the connection, room for what is sent, an answer; nil is
    ///   for ever, as in the course.
    public init(socket: @escaping SocketMaker<S>, timeout: Duration? = nil) {
        self.socket = socket
        self.timeout = timeout
    }

    /// TCP: socket, connect, then `count` times send and recv until as much came back as was sent, close.
    ///
    /// - Returns: what came back for each message; a shorter answer, and none after it, if the server ended the stream.
    public func tcp(_ server: Endpoint, message: [UInt8], count: Int = 1) throws(SocketError) -> [[UInt8]] {
        let connection = try socket(AddressFamily(of: server.address), .stream)
        try connection.connect(to: server, within: timeout)
        var answers: [[UInt8]] = []
        while answers.count < count {
            let answer = try exchange(message, over: connection)
            answers.append(answer)
            if answer.count < message.count { break }
        }
        try connection.close()
        return answers
    }

    /// UDP: socket, then `count` times sendto and recvfrom, close.
    ///
    /// - Returns: what came back from the server for each message.
    /// - Throws: EMSGSIZE when the message does not fit into a datagram (65,507 bytes over IPv4, 65,527 over IPv6).
    public func udp(
        _ server: Endpoint, message: [UInt8], count: Int = 1, notice: (ClientNotice) -> Void = { _ in }
    ) throws(SocketError) -> [[UInt8]] {
        let client = try socket(AddressFamily(of: server.address), .datagram)
        try client.limitCalls(to: timeout)
        var answers: [[UInt8]] = []
        while answers.count < count {
            try client.sendto(message.span, server)
            answers.append(
                try client.recvfrom(
                    max(CourseDefaults.datagramSize, message.count), of: server, ClientPatience(timeout), notice))
        }
        try client.close()
        return answers
    }

    /// What a connection's buffers always hold. If a client sent megabytes before it read, the server's echo would fill
    /// the buffers both ways, both would block in `send`, and neither would ever `recv`.
    private static var plainSize: Int { 32_768 }

    private func exchange(_ message: [UInt8], over connection: borrowing S) throws(SocketError) -> [UInt8] {
        if message.count > Self.plainSize { return try exchangeLong(message, over: connection) }
        if !message.isEmpty { try connection.sendAll(message, within: timeout) }
        let patience = ClientPatience(timeout)
        var answer: [UInt8] = []
        while answer.count < message.count {
            let bytes = try connection.recv(CourseDefaults.receiveSize, patience)
            if bytes.isEmpty { break }
            answer += bytes
        }
        return answer
    }

    /// Sends whenever there is room and receives whenever there is something: poll(2) says which. Not in parts that are
    /// each waited for: Nagle's algorithm at the server and delayed ACKs here would cost 40 ms a part (measured).
    private func exchangeLong(_ message: [UInt8], over connection: borrowing S) throws(SocketError) -> [UInt8] {
        var answer: [UInt8] = []
        answer.reserveCapacity(message.count)
        var rest = message[...]
        while answer.count < message.count {
            let interest: Readiness = rest.isEmpty ? .readable : [.readable, .writable]
            let ready = try waitReady(connection.descriptor, for: interest, timeout: timeout)
            if ready.contains(.writable), case .bytes(let count) = try connection.send(rest.span, .dontWait) {
                rest = rest.dropFirst(count)
            }
            // Neither: the time is over, and recv says so in its own words.
            if ready.contains(.readable) || ready.isEmpty {
                let bytes = try connection.recv(CourseDefaults.receiveSize)
                if bytes.isEmpty { break }
                answer += bytes
            }
        }
        return answer
    }
}
