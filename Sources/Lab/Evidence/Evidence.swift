import Addressing
import Conversations
import Diagnosis
import Sockets
import Timeline

/// What a verdict stands on: every packet and every call of a recording, and nothing else. What is asked for and is not
/// there is `NotSeen`, so a sentence can name only what was captured.
public struct Evidence: Sendable {
    /// What the demo was to do.
    public let settings: DemoSettings
    /// Every packet, in the order of its number.
    public let packets: [SeenPacket]
    /// Every socket call, in the order of its start.
    public let calls: [SocketCall]
    /// What the client got back.
    public let answers: [[UInt8]]
    /// Where both hosts were captured: how each packet arrived, by its number. `packets` are then those that left, as
    /// they left.
    private let arrivals: [Int: [SeenPacket]]?

    /// Every call that failed, with the packet or the silence behind it: what `netprobe run` says of the programs of
    /// others.
    private let failures: [CallFailure]

    init(settings: DemoSettings, _ view: SceneView, calls: [SocketCall], answers: [[UInt8]]) {
        self.settings = settings
        packets = view.packets
        arrivals = view.arrivals
        self.calls = calls
        self.answers = answers
        failures = CallFailure.all(
            of: calls, packets: packets.compactMap(\.segment), icmpErrors: packets.compactMap(\.refusal))
    }

    /// What made a call fail.
    public func cause(of call: SocketCall) throws(NotSeen) -> CallFailure.Cause {
        guard let found = failures.first(where: { $0.call.id == call.id }) else {
            throw NotSeen("\(call.name)() did not fail")
        }
        return found.cause
    }

    /// Where the server was.
    public var server: Endpoint { settings.server }

    // MARK: Packets

    /// The first packet of a kind, perhaps only after another one.
    public func packet(_ what: String, after: SeenPacket? = nil, where matches: (SeenPacket) -> Bool) throws(NotSeen)
        -> SeenPacket
    {
        guard let found = packets.first(where: { $0.number > after?.number ?? 0 && matches($0) }) else {
            throw NotSeen("\(what) was not captured")
        }
        return found
    }

    /// All packets of a kind, at least so many.
    public func packets(_ what: String, atLeast minimum: Int, where matches: (SeenPacket) -> Bool) throws(NotSeen)
        -> [SeenPacket]
    {
        let found = packets.filter(matches)
        if found.count < minimum {
            throw NotSeen("\(found.count) of at least \(minimum) packets were captured: \(what)")
        }
        return found
    }

    /// Whether the packet's destination is the server's address and port.
    public func isToServer(_ packet: SeenPacket) -> Bool { packet.destination == server }
    /// Whether the packet's source is the server's address and port.
    public func isFromServer(_ packet: SeenPacket) -> Bool { packet.source == server }

    // MARK: The wire between two hosts

    /// How a packet arrived at the other host: not at all, once, or twice.
    public func arrivals(of packet: SeenPacket) throws(NotSeen) -> [SeenPacket] {
        guard let arrivals else { throw NotSeen("only one end was captured") }
        return arrivals[packet.number] ?? []
    }

    /// The packets that left and never arrived.
    public func lost(where matches: (SeenPacket) -> Bool = { _ in true }) throws(NotSeen) -> [SeenPacket] {
        guard let arrivals else { throw NotSeen("only one end was captured") }
        return packets.filter { (arrivals[$0.number] ?? []).isEmpty && matches($0) }
    }

    // MARK: Order and time

    /// Whether a packet was seen before a call began.
    public func isBefore(_ packet: SeenPacket, _ call: SocketCall) -> Bool {
        packet.time.map { $0 < call.start } ?? false
    }
    /// Whether a packet was seen after a call had begun.
    public func isAfter(_ packet: SeenPacket, _ call: SocketCall) -> Bool {
        packet.time.map { $0 >= call.start } ?? false
    }
    /// Whether a packet was seen while a call ran.
    public func isWithin(_ packet: SeenPacket, _ call: SocketCall) -> Bool {
        guard let time = packet.time, let finish = call.finish else { return false }
        return time >= call.start && time <= finish
    }

    /// From one packet to another, in words.
    public func gap(_ first: SeenPacket, _ second: SeenPacket) -> String {
        guard let start = first.time, let end = second.time else { return "some time" }
        return Duration.nanoseconds(end.nanoseconds(since: start)).inWords
    }

    /// From the return of a call to the beginning of another, in words.
    public func wait(_ first: SocketCall, _ second: SocketCall) -> String {
        Duration.nanoseconds(second.start.nanoseconds(since: first.finish ?? first.start)).inWords
    }

    /// From the beginning of a call to a packet.
    public func delay(_ call: SocketCall, _ packet: SeenPacket) -> Duration {
        .nanoseconds(packet.time.map { $0.nanoseconds(since: call.start) } ?? 0)
    }

    // MARK: Words

    /// `packet 3`, `packets 3 and 5`, `packets 3 to 6`, `4 packets between 3 and 9`.
    public func list(_ packets: some Collection<SeenPacket>) -> String {
        let numbers = packets.map(\.number)
        guard let first = numbers.first, let last = numbers.last else { return "no packet" }
        if numbers.count == 1 { return "packet \(first)" }
        if numbers.count == 2 { return "packets \(first) and \(last)" }
        return last - first + 1 == numbers.count
            ? "packets \(first) to \(last)" : "\(numbers.count) packets between \(first) and \(last)"
    }

    /// `6 and 7`.
    public func descriptors(_ calls: [SocketCall]) -> String {
        calls.compactMap { $0.descriptor.map(String.init) }.joined(separator: " and ")
    }

    // MARK: Calls

    /// The calls of one end and name, in order.
    public func calls(_ end: SocketCall.End, _ name: SocketCall.Name) -> [SocketCall] {
        calls.filter { $0.end == end && $0.name == name }
    }

    /// The first call of a kind.
    public func call(
        _ what: String, _ end: SocketCall.End, _ name: SocketCall.Name,
        where matches: (SocketCall) -> Bool = { _ in true }
    ) throws(NotSeen) -> SocketCall {
        guard let found = calls(end, name).first(where: matches) else { throw NotSeen("there was no call \(what)") }
        return found
    }

    /// The first call that failed with an errno.
    public func failure(
        _ end: SocketCall.End, _ name: SocketCall.Name, _ errno: String,
        where matches: (SocketCall) -> Bool = { _ in true }
    ) throws(NotSeen) -> SocketCall {
        try call("\(name)() of the \(end.rawValue) that failed with \(errno)", end, name) {
            $0.errno == errno && matches($0)
        }
    }

    /// The first call that succeeded.
    public func success(
        _ end: SocketCall.End, _ name: SocketCall.Name, where matches: (SocketCall) -> Bool = { _ in true }
    ) throws(NotSeen) -> SocketCall {
        try call("\(name)() of the \(end.rawValue) that succeeded", end, name) { $0.succeeded && matches($0) }
    }

    /// The first call that received so many bytes.
    public func receipt(
        _ end: SocketCall.End, _ name: SocketCall.Name, of count: Int,
        where matches: (SocketCall) -> Bool = { _ in true }
    ) throws(NotSeen) -> SocketCall {
        try call("\(name)() of the \(end.rawValue) that gave \(count) bytes", end, name) {
            $0.received == count && matches($0)
        }
    }

    /// Something that must be so.
    public func require(_ truth: Bool, _ what: String) throws(NotSeen) {
        if !truth { throw NotSeen(what) }
    }
}

/// What was promised and is not in the recording.
public struct NotSeen: Error, Hashable, Sendable {
    /// What is missing, as the end of a sentence.
    public let what: String
    /// - Parameter what: what is missing, as the end of a sentence.
    public init(_ what: String) { self.what = what }
}

extension SocketCall {
    /// The errno's name; nil where it did not fail.
    var errno: String? { if case .failed(_, let name) = result { name } else { nil } }
    /// How many bytes it received; nil where it received nothing. Not inlined: into a closure of a verdict it crashes
    /// Swift 6.3.1's optimizer.
    @inline(never)
    var received: Int? { if case .received(let count, _) = result { count } else { nil } }
    /// The plain number that it returned. Not inlined: as above.
    @inline(never)
    var value: Int? { if case .value(let value) = result { value } else { nil } }
    /// Whether it returned, and not with an error.
    var succeeded: Bool {
        switch result {
        case .pending, .failed: false
        case .value, .accepted, .received: true
        }
    }

    /// How long it took; 0 where it never returned.
    var duration: Duration { .nanoseconds(finish.map { $0.nanoseconds(since: start) } ?? 0) }
}
