import Addressing
import Sockets

/// A connection of the event loop; its place is used again when it is closed.
struct EventConnection: Sendable {
    private(set) var descriptor: Int32 = -1
    private(set) var peer: Endpoint?
    private(set) var generation: UInt32 = 0
    var queue = OutgoingQueue()
    /// What of `queue.held` is in the loop's sum.
    var counted = 0
    var interest: Readiness = .readable
    /// To be closed once everything is sent.
    var isClosing = false
    /// Shut down by this side; what still comes is read and thrown away.
    var isLingering = false
    /// How much was thrown away.
    var drained = 0
    var peerHasFinished = false
    var isInQuietQueue = false
    /// What it may still make others be sent.
    var budget = SendingBudget()
    var isPaused = false
    /// When something last came or went, and when something last came.
    var lastMove: Int64 = 0
    var lastReceived: Int64 = 0

    var isOpen: Bool { descriptor >= 0 }
    var name: Endpoint { peer ?? .localClient }

    mutating func open(_ descriptor: Int32, _ peer: Endpoint?, now: Int64) {
        let generation = generation
        self = EventConnection()
        self.descriptor = descriptor
        self.peer = peer
        self.generation = generation
        (lastMove, lastReceived) = (now, now)
    }

    mutating func close() {
        descriptor = -1
        generation = (generation &+ 1) & 0x7fff_ffff
        queue = OutgoingQueue()
    }

    func member(_ slot: Int) -> MemberID { MemberID(slot: slot, generation: generation) }
    /// What the poller gives back: an event of a connection that had the place before is told by its generation.
    func token(_ slot: Int) -> UInt64 { UInt64(generation) << 32 | UInt64(UInt32(truncatingIfNeeded: slot)) }
}
