import Sockets

/// How a server runs: the transport, the loops that drive its logic, and what they are to know of it.
///
/// The loops are generic over the logic. They are closures here, so that each is compiled for the logic that it drives
/// while all services have one type.
public struct ServiceHosting: Sendable {
    /// The protocol under it.
    public let transport: ServiceTransport
    /// Whether clients share something, so that the blocking form needs a thread for each.
    public let isShared: Bool
    /// Whether an answer is several small writes: Nagle's algorithm would hold the last segment back until the one
    /// before is acknowledged, and delayed ACKs make that 40 ms.
    let noDelay: Bool
    /// The courses' blocking loops.
    let blocking: @Sendable (CourseServer, CallRecorder?, SocketStop) throws(SocketError) -> Void
    /// The event loop.
    let events: @Sendable (CourseServer, CallRecorder?, ServerBounds) throws(SocketError) -> Void
    /// What the logic says to one message where nothing is lost.
    let answer: @Sendable ([UInt8]) -> [UInt8]?

    /// TCP clients that know nothing of one another.
    ///
    /// - Parameters:
    ///   - receiveSize: octets that are taken of one client before the others have their turn: large pieces for a
    ///     logic that does next to nothing for an octet.
    ///   - descriptors: how many descriptors a client may need, its connection included.
    ///   - noDelay: whether an answer is several small writes.
    ///   - logic: makes the logic of each connection.
    public static func connections<Logic: ServiceLogic>(
        receiveSize: Int = 16_384, descriptors: Int = 1, noDelay: Bool = false,
        _ logic: @escaping @Sendable (ServiceSettings) -> Logic
    ) -> ServiceHosting {
        ServiceHosting(
            transport: .tcp, isShared: false, noDelay: noDelay,
            blocking: { server, recorder, stop throws(SocketError) in
                if let recorder {
                    try server.serveOneByOne(recorder.sockets(.server), stop) { logic(server.settings) }
                } else {
                    try server.serveOneByOne(CourseServer.plain, stop) { logic(server.settings) }
                }
            },
            events: { server, recorder, bounds throws(SocketError) in
                let most = server.settings.most ?? max(1, bounds.clients / descriptors)
                let group = Separately { logic(server.settings) }
                try server.serveEvents(group, most: most, receiveSize: receiveSize, recorder, until: bounds.stop)
            },
            answer: { ServedOnce.answer(of: logic(.lossless), to: $0) })
    }

    /// TCP clients that share something, or hear of one another.
    ///
    /// - Parameters:
    ///   - most: how many clients there may be at once unless told otherwise; nil is as many as descriptors allow.
    ///   - group: makes the logic of all.
    public static func group<Group: GroupLogic>(
        most: Int? = nil, _ group: @escaping @Sendable (ServiceSettings) -> Group
    ) -> ServiceHosting {
        ServiceHosting(
            transport: .tcp, isShared: true, noDelay: false,
            blocking: { server, recorder, stop throws(SocketError) in
                if let recorder {
                    try server.serveThreads(recorder.sockets(.server), stop, group(server.settings))
                } else {
                    try server.serveThreads(CourseServer.plain, stop, group(server.settings))
                }
            },
            events: { server, recorder, bounds throws(SocketError) in
                let most = server.settings.most ?? most ?? bounds.clients
                try server.serveEvents(
                    group(server.settings), most: most, receiveSize: 16_384, recorder, until: bounds.stop)
            },
            answer: { _ in nil })
    }

    /// UDP.
    ///
    /// - Parameter logic: makes the logic of the socket.
    public static func datagrams<Logic: ServiceLogic>(_ logic: @escaping @Sendable (ServiceSettings) -> Logic)
        -> ServiceHosting
    {
        ServiceHosting(
            transport: .udp, isShared: false, noDelay: false,
            blocking: { server, recorder, stop throws(SocketError) in
                if let recorder {
                    try server.serveDatagrams(recorder.sockets(.server), stop, logic(server.settings))
                } else {
                    try server.serveDatagrams(CourseServer.plain, stop, logic(server.settings))
                }
            },
            events: { server, recorder, bounds throws(SocketError) in
                try server.serveDatagramEvents(logic(server.settings), recorder, until: bounds.stop)
            },
            answer: { ServedOnce.answer(of: logic(.lossless), to: $0) })
    }

    /// AF_UNIX of each kind.
    ///
    /// - Parameters:
    ///   - receiveSize: as for `connections`.
    ///   - logic: makes the logic of each connection, or of the datagram socket.
    public static func local<Logic: ServiceLogic>(
        receiveSize: Int = 16_384, _ logic: @escaping @Sendable (ServiceSettings) -> Logic
    ) -> ServiceHosting {
        ServiceHosting(
            transport: .unix, isShared: false, noDelay: false,
            blocking: { server, recorder, stop throws(SocketError) in
                if let recorder {
                    try server.serveLocally(recorder.sockets(.server), stop) { logic(server.settings) }
                } else {
                    try server.serveLocally(CourseServer.plain, stop) { logic(server.settings) }
                }
            },
            events: { server, recorder, bounds throws(SocketError) in
                let group = Separately { logic(server.settings) }
                try server.serveEvents(
                    group, most: server.settings.most ?? bounds.clients, receiveSize: receiveSize, recorder,
                    until: bounds.stop)
            },
            answer: { ServedOnce.answer(of: logic(.lossless), to: $0) })
    }
}

/// What an event loop is bounded by.
struct ServerBounds: Sendable {
    /// Ends the loop when it can be read.
    let stop: Int32
    /// How many clients the process has descriptors for.
    let clients: Int
}

extension ServiceSettings {
    /// Nothing chosen, and no datagram lost: what a right answer is.
    fileprivate static var lossless: ServiceSettings {
        var settings = ServiceSettings()
        settings.drop = 0
        return settings
    }
}
