import DequeModule
import Text

/// One direction of a wire that delays, loses, doubles, holds back and damages frames, and lets only so many bits
/// through at a time. Pure: it is told of each frame and of the time, and says what happens to the frame.
///
/// The order is that of a real link: a frame waits in the queue, takes its time to be sent, and then is under way,
/// where it may be lost or damaged. Hence a frame that is lost has used the link.
public struct ImpairedLink: Sendable {
    private let direction: WireDirection
    private let impairment: LinkImpairment
    private let random: WireRandom
    private var script: EventScript
    /// Packets so far, housekeeping not counted: what chance counts by.
    private var packets = 0
    /// When the last frame will have been sent.
    private var linkIsFree = Int64.min
    /// When the frames in the queue will have been sent, the first one first.
    private var waiting = Deque<Int64>()
    /// When the last frame that keeps its place comes out.
    private var lastDelivery = Int64.min

    /// One direction of a wire on which no frame has gone yet.
    public init(_ direction: WireDirection, _ impairments: Impairments) {
        self.direction = direction
        impairment = impairments[direction]
        random = WireRandom(seed: impairments.seed, direction: direction)
        script = EventScript(impairments.script, direction)
    }

    /// Takes the next frame.
    ///
    /// - Parameter now: nanoseconds of any clock that does not go back.
    public mutating func fate(of frame: WireFrame, at now: Int64) -> FrameFate {
        let orders = script.orders(for: frame)
        if frame.kind == .housekeeping { return deliver(frame, at: now, number: nil, orders) }
        packets += 1
        return deliver(frame, at: now, number: packets, orders)
    }

    /// When something comes out that takes no room on the link and follows all that keeps its place.
    func markDelivery(at now: Int64) -> Int64 { max(now &+ impairment.delay.clampedNanoseconds, lastDelivery) }

    private mutating func deliver(_ frame: WireFrame, at now: Int64, number: Int?, _ orders: EventScript.Orders)
        -> FrameFate
    {
        func hit(_ question: WireRandom.Question, _ share: Double) -> Bool {
            number.map { share > 0 && random.fraction(question, frame: $0) < share } ?? false
        }
        func dropped(_ reason: FrameFate.DropReason) -> FrameFate {
            FrameFate(direction: direction, arrival: now, ending: .dropped(reason), heldBack: 0)
        }
        guard let sent = transmit(frame, at: now) else { return dropped(.fullQueue) }
        if orders.drop { return dropped(.script) }
        if hit(.loss, impairment.loss) { return dropped(.loss) }

        var heldBack = orders.hold ?? 0
        if hit(.reorder, impairment.reorder) { heldBack = max(heldBack, impairment.reorderBy.clampedNanoseconds) }
        // In order, unless it is held back.
        var due = max(sent &+ delay(number), lastDelivery)
        if heldBack > 0 { due &+= heldBack } else { lastDelivery = due }

        let copies = orders.copy || hit(.duplicate, impairment.duplicate) ? 2 : 1
        let damaged = orders.damage || hit(.corrupt, impairment.corrupt)
        let deliveries = (0..<copies).map { copy in
            // One damage a frame: of two copies the first has it.
            FrameFate.Delivery(time: due, flippedBit: damaged && copy == 0 ? bit(of: frame, number ?? 0) : nil)
        }
        return FrameFate(direction: direction, arrival: now, ending: .delivered(deliveries), heldBack: heldBack)
    }

    /// When the frame's last bit is on the wire; nil where the queue has no room for it.
    private mutating func transmit(_ frame: WireFrame, at now: Int64) -> Int64? {
        guard let rate = impairment.rate, rate > 0 else { return now }
        while let first = waiting.first, first <= now { waiting.removeFirst() }
        if waiting.count >= max(1, impairment.queue) { return nil }
        let (product, overflow) = Int64(frame.length).multipliedReportingOverflow(by: 8_000_000_000)
        let time = (overflow ? .max : product) / Int64(rate)
        linkIsFree = max(linkIsFree, now) &+ time
        waiting.append(linkIsFree)
        return linkIsFree
    }

    private func delay(_ number: Int?) -> Int64 {
        let delay = impairment.delay.clampedNanoseconds
        let jitter = impairment.jitter.clampedNanoseconds
        guard jitter > 0, let number else { return delay }
        return max(0, delay &+ Int64((random.fraction(.jitter, frame: number) * 2 - 1) * Double(jitter)))
    }

    /// A bit behind the IP header, where TCP's and UDP's checksums see it.
    private func bit(of frame: WireFrame, _ number: Int) -> Int {
        let start = frame.transportStart < frame.length ? frame.transportStart : 0
        let count = UInt64(max(1, (frame.length - start) * 8))
        return start * 8 + Int(random.bits(.bit, frame: number) % count)
    }
}
