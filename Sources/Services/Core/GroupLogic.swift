import Addressing

/// A service whose clients hear of one another, or share something. Otherwise as `ServiceLogic`, which it has without
/// input and output too: one value serves all members, and each event names the member that it is about.
public protocol GroupLogic: Sendable {
    mutating func joined(_ member: MemberID, _ peer: Endpoint, _ answer: inout ServiceAnswer)
    mutating func received(_ member: MemberID, _ bytes: Span<UInt8>, _ answer: inout ServiceAnswer)
    func awaitsQuiet(_ member: MemberID) -> Bool
    mutating func fellQuiet(_ member: MemberID, _ answer: inout ServiceAnswer)
    mutating func peerFinished(_ member: MemberID, _ answer: inout ServiceAnswer)
    /// The connection is gone. Only what goes to others is sent any more. Every member that joined leaves once.
    mutating func left(_ member: MemberID, _ answer: inout ServiceAnswer)
}

extension GroupLogic {
    /// The service has no use for quiet.
    public func awaitsQuiet(_ member: MemberID) -> Bool { false }
    /// The service has no use for quiet.
    public mutating func fellQuiet(_ member: MemberID, _ answer: inout ServiceAnswer) {}
}

/// One connection among those of a service; never used again for another.
public struct MemberID: Hashable, Sendable {
    /// Its place in an array; free again when the member has left.
    public let slot: Int
    /// Tells it from those that had the place before.
    public let generation: UInt32

    /// - Parameters:
    ///   - slot: its place in an array.
    ///   - generation: how many had the place before.
    public init(slot: Int, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }
}

/// Clients that know nothing of one another, as a group: each has a logic of its own.
public struct Separately<Logic: ServiceLogic>: GroupLogic {
    private let make: @Sendable () -> Logic
    private var logics: [Logic?] = []

    /// - Parameter make: makes the logic of a client that has connected.
    public init(_ make: @escaping @Sendable () -> Logic) { self.make = make }

    /// Makes a logic for the member.
    public mutating func joined(_ member: MemberID, _ peer: Endpoint, _ answer: inout ServiceAnswer) {
        while logics.count <= member.slot { logics.append(nil) }
        logics[member.slot] = make()
        logics[member.slot]?.connected(&answer)
    }

    /// Passes bytes on to the member's logic.
    public mutating func received(_ member: MemberID, _ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        logics[member.slot]?.received(bytes, &answer)
    }

    /// Asks the member's logic.
    public func awaitsQuiet(_ member: MemberID) -> Bool { logics[member.slot]?.awaitsQuiet ?? false }
    /// Passes quiet on to the member's logic.
    public mutating func fellQuiet(_ member: MemberID, _ answer: inout ServiceAnswer) {
        logics[member.slot]?.fellQuiet(&answer)
    }
    /// Passes the end of the stream on to the member's logic.
    public mutating func peerFinished(_ member: MemberID, _ answer: inout ServiceAnswer) {
        logics[member.slot]?.peerFinished(&answer)
    }
    /// Forgets the member's logic.
    public mutating func left(_ member: MemberID, _ answer: inout ServiceAnswer) { logics[member.slot] = nil }
}
