import Addressing
import Conversations
import Packets
import Sockets

/// What was recorded, sorted into conversations with the calls that concern each: what scenes are made from.
public struct SceneBuilder: Sendable {
    /// All calls.
    public let calls: [SocketCall]
    private let source: Source
    private let assigned: ConversationCalls

    fileprivate enum Source: Sendable {
        /// Captured at one place.
        case onePlace([Conversation])
        /// Captured at both ends.
        case bothEnds(TwoViews)
    }

    fileprivate struct TwoViews: Sendable {
        let pairing: PacketPairing
        let joined: [JoinedConversations.Joined]
        let first: [Conversation]
        let second: [Conversation]
        let known: CrossingBuilder.Known
    }

    /// Of a capture at one place.
    public init(_ conversations: [Conversation], calls: [SocketCall]) {
        source = .onePlace(conversations)
        self.calls = calls
        assigned = ConversationCalls(conversations, calls: calls)
    }

    /// Of captures at both ends: every conversation of which anything was paired, in the order in which they began.
    ///
    /// - Parameters:
    ///   - first: the first capture's conversations; `second`, the second one's.
    ///   - calls: socket calls, timed by the first clock.
    ///   - wireNotes: what is known of a packet's fate besides, by its number in the capture where it left.
    ///   - isOneRecording: whether both captures' packets are numbered together.
    ///   - shown: of one recording only these packets, by their numbers where they left or arrived.
    public init(
        _ pairing: PacketPairing, first: [Conversation], second: [Conversation], calls: [SocketCall] = [],
        wireNotes: [Int: [String]] = [:], isOneRecording: Bool = false, showing shown: Set<Int>? = nil
    ) {
        source = .bothEnds(
            TwoViews(
                pairing: pairing, joined: JoinedConversations(pairing, first, second).all, first: first, second: second,
                known: CrossingBuilder.Known(wireNotes: wireNotes, isOneRecording: isOneRecording, shown: shown)))
        self.calls = calls
        assigned = ConversationCalls(first.isEmpty ? second : first, calls: calls)
    }

    /// The calls that belong to no conversation.
    public var others: [SocketCall] { assigned.others }

    /// How many conversations there are.
    public var count: Int {
        switch source {
        case .onePlace(let conversations): conversations.count
        case .bothEnds(let both): both.joined.count
        }
    }

    /// Whether packets were captured where they left and where they arrived.
    public var hasBothEnds: Bool {
        if case .bothEnds = source { true } else { false }
    }

    /// What a conversation is called where there are several: `tcp.stream 0`; nil where nobody counted.
    public func name(of number: Int) -> String? {
        guard let exchange = exchange(number, lanes: (0, 1)), let stream = exchange.stream else { return nil }
        return "\(exchange.transport == .tcp ? "tcp" : "udp").stream \(stream)"
    }

    // MARK: Scenes

    /// The scene of one conversation: its two ends are the lanes, the client's first.
    ///
    /// The order is the measured one. Where a call and a packet carry the same nanosecond, the call's start comes first
    /// and its return last.
    /// - Parameter withOthers: also the calls that belong to no conversation, for the only one that there is.
    public func scene(of number: Int, withOthers: Bool = false) -> Scene {
        var entries = entries(of: number)
        if withOthers {
            entries += ConversationCalls.entries(others)
            entries.sort { $0.call.id < $1.call.id }
        }
        guard let ends = exchange(number, lanes: (0, 1)) else { return Scene(entries) }
        var scene = Scene(
            ends, assembly(of: number, lanes: (0, 1)), entries, silenceLimit: keptSilence(number), hasBothEnds)
        if case .bothEnds(let both) = source { scene.knowsTransit = both.pairing.clock.bound != nil }
        return scene
    }

    /// The calls that concern a conversation, in the order in which they were made.
    func entries(of number: Int) -> [ConversationCalls.Entry] {
        switch source {
        case .onePlace: return assigned.entries(of: number)
        case .bothEnds(let both):
            let joined = both.joined[number]
            return (both.first.isEmpty ? joined.second : joined.first).map { assigned.entries(of: $0) } ?? []
        }
    }

    /// The packets of a conversation.
    func assembly(of number: Int, lanes: (client: Int, server: Int)) -> SceneAssembly {
        switch source {
        case .onePlace(let conversations): return SceneAssembly(passing: conversations[number], lanes: lanes)
        case .bothEnds(let both):
            let joined = both.joined[number]
            let views = both.views(joined)
            return CrossingBuilder.assembly(
                atClient: views.client, atServer: views.server, joined.crossings, both.pairing,
                clientPlace: joined.clientPlace, lanes: lanes, both.known)
        }
    }

    /// Who talks to whom in a conversation.
    func exchange(_ number: Int, lanes: (client: Int, server: Int)) -> Scene.Exchange? {
        switch source {
        case .onePlace(let conversations): return Scene.Exchange(conversations[number], lanes: lanes)
        case .bothEnds(let both):
            let views = both.views(both.joined[number])
            guard let main = views.client ?? views.server else { return nil }
            return Scene.Exchange(main, atServer: views.server, lanes: lanes)
        }
    }

    /// Where a conversation was condensed, how long a silence was held to be: it stays so.
    private func keptSilence(_ number: Int) -> Int64? {
        if case .onePlace(let conversations) = source { conversations[number].silenceLimit } else { nil }
    }
}

extension SceneBuilder.TwoViews {
    /// The conversation as its client's host and its server's host saw it.
    fileprivate func views(_ joined: JoinedConversations.Joined) -> (client: Conversation?, server: Conversation?) {
        let atFirst = joined.first.map { first[$0] }
        let atSecond = joined.second.map { second[$0] }
        // The client is where its first packet left.
        return joined.clientPlace == .first ? (atFirst, atSecond) : (atSecond, atFirst)
    }
}

extension Scene.Exchange {
    /// - Parameter atServer: as the server's host saw it, where that is known.
    init(_ conversation: Conversation, atServer: Conversation? = nil, lanes: (client: Int, server: Int)) {
        self.init(
            transport: conversation.transport, stream: conversation.stream, client: conversation.client,
            server: conversation.server,
            translated: atServer.flatMap { there in
                there.client == conversation.client && there.server == conversation.server
                    ? nil : Ends(client: there.client, server: there.server)
            }, clientLane: lanes.client, serverLane: lanes.server)
    }
}
