import Addressing
import Services
import Sockets

/// The calls that nearly every program of the courses begins with. A demo in which these calls are the lesson writes
/// them out.
extension Role {
    /// A listening server: socket(2), bind(2) to the server's address, listen(2). The client is then told "listening".
    func listen(backlog: Int32 = 1) throws(SocketError) -> RecordedSocket {
        let listener = try socket(.stream)
        try listener.bind(to: server)
        try listener.listen(backlog: backlog)
        tell("listening")
        return listener
    }

    /// A connected client: socket(2), connect(2) to the server.
    func connect() throws(SocketError) -> RecordedSocket {
        let connection = try socket(.stream)
        try connection.connect(to: server)
        return connection
    }

    /// A UDP server: socket(2), bind(2) to the server's address. The client is then told "bound".
    func bindDatagrams() throws(SocketError) -> RecordedSocket {
        let socket = try socket(.datagram)
        try socket.bind(to: server)
        tell("bound")
        return socket
    }
}

/// The courses' blocking loops with a service's logic.
extension Role {
    /// socket, bind, listen, then for each client accept, recv and send until recv gives 0, close.
    ///
    /// - Parameter limit: after how many connections it ends.
    func serve(connections limit: Int, options: ServerOptions = ServerOptions(), _ logic: () -> some ServiceLogic)
        throws(SocketError)
    {
        try BlockingDriver(socket: sockets, stop: stop, options: options)
            .serveTCP(at: server, connections: limit, logic: logic, report: { _ in })
    }

    /// socket, bind, listen, then accept and a thread for each client. The client is told "listening".
    ///
    /// - Parameter limit: after how many connections no more are accepted.
    func serve(connections limit: Int, _ group: some GroupLogic) throws(SocketError) {
        let driver = ThreadedDriver(group, socket: sockets, stop: stop) { event in
            if case .listening = event { tell("listening") }
        }
        try driver.serve(at: server, connections: limit)
    }

    /// socket, bind, then recvfrom and sendto for each datagram.
    ///
    /// - Parameters:
    ///   - limit: after how many datagrams it ends.
    ///   - size: how much of a datagram is taken.
    ///   - stop: ends it before; the demo's own where there is none.
    func serve(
        datagrams limit: Int, size: Int = CourseDefaults.largestDatagram, stop: SocketStop? = nil,
        _ logic: some ServiceLogic
    ) throws(SocketError) {
        try BlockingDriver(socket: sockets, stop: stop ?? self.stop)
            .serveUDP(at: server, datagrams: limit, size: size, logic: logic, report: { _ in })
    }
}

/// Loops around recv(2), as the courses' programs have them.
extension RecordedSocket {
    /// recv until the peer has ended the stream: everything that came.
    func recvToEnd(_ size: Int = CourseDefaults.receiveSize) throws(SocketError) -> [UInt8] {
        var bytes: [UInt8] = []
        while case let more = try recv(size), !more.isEmpty { bytes += more }
        return bytes
    }

    /// recv until there are so many bytes, or the stream has ended.
    func recv(atLeast count: Int) throws(SocketError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count, case let more = try recv(CourseDefaults.receiveSize), !more.isEmpty { bytes += more }
        return bytes
    }

    /// recv until a text has come, or the stream has ended.
    func recv(until text: String) throws(SocketError) -> [UInt8] {
        let wanted = Array(text.utf8)
        var bytes: [UInt8] = []
        while !bytes.contains(wanted), case let more = try recv(CourseDefaults.receiveSize), !more.isEmpty {
            bytes += more
        }
        return bytes
    }
}
