import Addressing
import Conversations
import Packets
import Sockets

/// Which socket calls belong to which conversation.
///
/// A call that names both addresses belongs to that conversation. What else was called on the same socket belongs to it
/// too (`socket`, `setsockopt`, `close`), and what was called on the socket that waited for it (`bind`, `listen`). A
/// `connect` that failed has no address of its own: it belongs where its SYNs are, which nobody else's call explains.
public struct ConversationCalls: Sendable {
    /// One call beside a conversation.
    struct Entry {
        let call: SocketCall
        let side: Scene.Side
    }

    private struct Socket: Sendable {
        let end: SocketCall.End
        let local: Endpoint?
        let peer: Endpoint?
        let waitsAt: Endpoint?
        /// Calls that name no conversation themselves, in their order.
        var shared: [SocketCall] = []
    }

    private let conversations: [Conversation]
    private var sockets: [Socket] = []
    /// For each conversation, the calls that name it and the sockets that had to do with it.
    private var named: [[(call: SocketCall, socket: Int)]]
    private var concerned: [[Int]]
    /// Calls of sockets that had to do with no conversation at all, and those that name a peer without any packet.
    public private(set) var others: [SocketCall] = []
    /// The conversation of each call, by id, for those that name one.
    private(set) var conversationOfCall: [Int: Int] = [:]
    /// Where calls are drawn that waited while no conversation of their socket went on, by id.
    private var homeOfWait: [Int: Int] = [:]
    /// The first conversation of the socket that a call was made on, by the call's id.
    private(set) var conversationOfSocket: [Int: Int] = [:]
    /// Where the socket waits that a call was made on.
    private(set) var placeOfSocket: [Int: [Int]] = [:]

    /// Finds the conversations of each call.
    public init(_ conversations: [Conversation], calls: [SocketCall]) {
        self.conversations = conversations
        named = Array(repeating: [], count: conversations.count)
        concerned = Array(repeating: [], count: conversations.count)
        let index = ConversationIndex(conversations)
        let histories = SocketHistory.all(of: calls)
        for history in histories {
            for call in history.calls { conversationOfCall[call.id] = index.named(by: call) }
        }
        claim(histories, index)
        let waiting = Self.waiting(histories, conversations, index)
        for (history, places) in zip(histories, waiting) { add(history, waitingFor: places) }
    }

    /// For each socket the conversations that it waited for: those that it was open for, or where no socket was, those
    /// that came after the last one had closed.
    private static func waiting(
        _ histories: [SocketHistory], _ conversations: [Conversation], _ index: ConversationIndex
    ) -> [[Int]] {
        var waiting = [[Int]](repeating: [], count: histories.count)
        var latestClosed: [Int: (history: Int, closed: Timestamp)] = [:]
        var served: Set<Int> = []
        for (number, history) in histories.enumerated() {
            guard let local = history.waitsAt, let transport = history.calls.first.flatMap(ConversationIndex.transport)
            else { continue }
            for conversation in index.at(local, transport) {
                let what = conversations[conversation]
                if let opened = history.opened, opened > what.lastTime { continue }
                if let closed = history.closed, closed < what.firstTime {
                    if latestClosed[conversation].map({ $0.closed < closed }) ?? true {
                        latestClosed[conversation] = (number, closed)
                    }
                    continue
                }
                served.insert(conversation)
                waiting[number].append(conversation)
            }
        }
        for (conversation, latest) in latestClosed where !served.contains(conversation) {
            waiting[latest.history].append(conversation)
        }
        inherit(&waiting, histories)
        return waiting.map { $0.sorted { conversations[$0].firstTime < conversations[$1].firstTime } }
    }

    /// A listener that a child inherited: what its parent did with it before (bind, listen, and closing its own
    /// descriptor) belongs to the same conversations. It is the latest of this address that another process of the
    /// program made before.
    private static func inherit(_ waiting: inout [[Int]], _ histories: [SocketHistory]) {
        for (number, history) in histories.enumerated() where !waiting[number].isEmpty && history.isInherited {
            let origin = histories.indices.last { index in
                let other = histories[index]
                return other.end != history.end && other.end.program == history.end.program
                    && other.transport == history.transport
                    && !other.isInherited && other.waitsAt == history.waitsAt
                    && (other.calls.first?.id ?? .max) < (history.calls.first?.id ?? 0)
            }
            guard let origin else { continue }
            for conversation in waiting[number] where !waiting[origin].contains(conversation) {
                waiting[origin].append(conversation)
            }
        }
    }

    /// Gives each connect without an address of its own the first conversation towards its peer that nobody else
    /// opened.
    private mutating func claim(_ histories: [SocketHistory], _ index: ConversationIndex) {
        let connects = histories.flatMap { $0.calls.filter { $0.name == .connect } }.sorted { $0.id < $1.id }
        var taken = Set(connects.compactMap { conversationOfCall[$0.id] })
        for call in connects where conversationOfCall[call.id] == nil && call.local == nil {
            guard let transport = ConversationIndex.transport(call), transport == .tcp, let peer = call.peer?.onTheWire
            else { continue }
            for number in index.opened(transport, towards: peer, from: call.start) {
                if let finish = call.returned, conversations[number].firstTime > finish { break }
                guard taken.insert(number).inserted else { continue }
                conversationOfCall[call.id] = number
                break
            }
        }
    }

    private mutating func add(_ history: SocketHistory, waitingFor waiting: [Int]) {
        let ends = history.ends
        var socket = Socket(end: history.end, local: ends.local, peer: ends.peer, waitsAt: history.waitsAt)
        let number = sockets.count
        let own = history.calls.compactMap { conversationOfCall[$0.id] }
        for call in history.calls {
            if let conversation = conversationOfCall[call.id] {
                named[conversation].append((call, number))
            } else if call.counterpart == nil || call.name == .connect {
                socket.shared.append(call)
            } else if !own.isEmpty || !waiting.isEmpty {
                // Towards somebody of whom there is no packet: a sendto that was refused.
                others.append(call)
            }
        }
        let all = Set(own).union(waiting)
        for conversation in all { concerned[conversation].append(number) }
        for call in socket.shared
        where Self.waits(call) && !all.contains(where: { Self.isOfInterest(call, conversations[$0]) }) {
            // With the one before it, so that it is in one ladder at least; what waited before the first, with that.
            let begun = all.filter { conversations[$0].firstTime <= call.start }
            homeOfWait[call.id] =
                begun.max { conversations[$0].firstTime < conversations[$1].firstTime }
                ?? all.min { conversations[$0].firstTime < conversations[$1].firstTime }
        }
        for call in history.calls {
            if waiting.isEmpty { conversationOfSocket[call.id] = own.first } else { placeOfSocket[call.id] = waiting }
        }
        if own.isEmpty, waiting.isEmpty { others += history.calls } else { sockets.append(socket) }
    }

    /// The calls of one conversation, in the order in which they were made.
    func entries(of conversation: Int) -> [Entry] {
        let what = conversations[conversation]
        var entries: [Entry] = named[conversation].map {
            Entry(call: $0.call, side: side(of: sockets[$0.socket], in: what))
        }
        for number in concerned[conversation] {
            for call in sockets[number].shared
            where homeOfWait[call.id].map({ $0 == conversation }) ?? Self.isOfInterest(call, what) {
                entries.append(Entry(call: call, side: side(of: sockets[number], in: what)))
            }
        }
        return entries.sorted { $0.call.id < $1.call.id }
    }

    /// A socket that waits for many is busy with others most of the time; one that has waited for one only was not.
    private static func isOfInterest(_ call: SocketCall, _ conversation: Conversation) -> Bool {
        !waits(call)
            || call.start <= conversation.lastTime && call.returned.map { $0 >= conversation.firstTime } ?? true
    }

    private static func waits(_ call: SocketCall) -> Bool {
        switch call.name {
        case .accept, .recvfrom, "accept4", "recvmsg", "recvmmsg", "poll", "epoll_wait", "select": true
        default: false
        }
    }

    /// On whose side of the wire the program is that made a call.
    private func side(of socket: Socket, in conversation: Conversation) -> Scene.Side {
        if conversation.client == conversation.server { return socket.waitsAt == nil ? .client : .server }
        if let waits = socket.waitsAt { return SocketHistory.covers(waits, conversation.client) ? .client : .server }
        if let local = socket.local {
            if SocketHistory.covers(local, conversation.client) { return .client }
            if SocketHistory.covers(local, conversation.server) { return .server }
        }
        if socket.peer == conversation.server { return .client }
        if socket.peer == conversation.client { return .server }
        return Self.side(of: socket.end)
    }

    /// Calls without a conversation: their side is told by their end's name.
    static func entries(_ calls: [SocketCall]) -> [Entry] { calls.map { Entry(call: $0, side: side(of: $0.end)) } }

    static func side(of end: SocketCall.End) -> Scene.Side {
        end.program.rawValue.hasPrefix(SocketCall.End.server.rawValue) ? .server : .client
    }
}
