import Addressing
import Analysis
import Capture
import Packets
import Sockets

/// The work of the forwarder's thread.
struct ForwarderLoop: ~Copyable {
    private var client: LiveCapture
    private var server: LiveCapture
    private let clientDescriptor: Int32
    private let serverDescriptor: Int32
    private var up: ImpairedLink
    private var down: ImpairedLink
    private var underWay = DeliveryQueue()
    private var log = WireLog()
    private var packet = PacketAnalyzer()
    private let clock: @Sendable () -> Timestamp
    /// The latest arrival so far: two links are read one after the other, and a link's clock does not go back.
    private var latest: [WireDirection: Int64] = [:]

    /// How long to sleep at most, so that a request to stop is seen.
    private static let nap: Int64 = 20_000_000
    /// How often a frame is offered again when the system has no room, 50 µs apart.
    private static let patience = 400

    /// - Parameters:
    ///   - client: the link whose far end is the client's.
    ///   - server: the link whose far end is the server's.
    init(client: String, server: String, _ impairments: Impairments, clock: @escaping @Sendable () -> Timestamp)
        throws(WireError)
    {
        let first = try Self.open(client)
        let second = try Self.open(server)
        guard let firstDescriptor = first.selectableDescriptor, let secondDescriptor = second.selectableDescriptor
        else { throw .unsupported }
        clientDescriptor = firstDescriptor
        serverDescriptor = secondDescriptor
        self.client = first
        self.server = second
        up = ImpairedLink(.up, impairments)
        down = ImpairedLink(.down, impairments)
        self.clock = clock
    }

    private static func open(_ device: String) throws(WireError) -> LiveCapture {
        var options = LiveCaptureOptions()
        // Every frame at once, in a slot of its own: blocks would be handed over a millisecond late.
        options.immediate = true
        options.snaplen = 2048
        options.promiscuous = true
        options.bufferSize = 32 << 20
        // Not what goes out here: that is what this forwarder sent.
        options.inboundOnly = true
        do throws(CaptureDeviceError) { return try LiveCapture(device: device, options: options) } catch {
            throw .capture(error)
        }
    }

    /// Carries frames until told to stop.
    mutating func run(_ state: ForwarderState) throws(WireError) -> WireLog {
        while !state.shouldStop {
            try takeFrames(.up)
            try takeFrames(.down)
            deliver()
            state.underWay = underWay.count
            let wait = min(Self.nap, underWay.firstTime.map { max(0, $0 &- now) } ?? Self.nap)
            if wait > 0 {
                do throws(SocketError) { _ = try waitForEither(clientDescriptor, serverDescriptor, atMost: wait) } catch
                { throw .socket(error) }
            }
        }
        log.missed =
            Int(clamping: (try? client.statistics())?.dropped ?? 0)
            + Int(clamping: (try? server.statistics())?.dropped ?? 0)
        return log
    }

    private var now: Int64 { clock().nanoseconds(since: .epoch) }

    /// Takes what has come; not without end, so that what is due is not kept waiting.
    private mutating func takeFrames(_ direction: WireDirection) throws(WireError) {
        for _ in 0..<64 {
            let header: RecordHeader?
            do throws(CaptureDeviceError) {
                header = direction == .up ? try client.next() : try server.next()
            } catch {
                throw .capture(error)
            }
            guard let header else { return }
            let bytes = direction == .up ? client.bytes.copied : server.bytes.copied
            // The kernel stamped the frame when it came: the time until it was read here is part of its delay.
            let arrival = max(header.timestamp?.nanoseconds(since: .epoch) ?? now, latest[direction] ?? .min)
            latest[direction] = arrival
            take(bytes, direction, at: arrival)
        }
    }

    private mutating func take(_ bytes: [UInt8], _ direction: WireDirection, at arrival: Int64) {
        // The captures' mark comes after what was sent before it, and is no part of the picture.
        if bytes.count >= 14, bytes.rawSpan.uint16(at: 12) == EndCapture.markType {
            underWay.add(
                bytes, direction, at: direction == .up ? up.markDelivery(at: arrival) : down.markDelivery(at: arrival))
            return
        }
        packet.take(bytes.rawSpan, linkType: .ethernet)
        let frame = WireFrame(bytes.rawSpan, packet.dissection)
        let fate = direction == .up ? up.fate(of: frame, at: arrival) : down.fate(of: frame, at: arrival)
        for delivery in fate.deliveries {
            var copy = bytes
            if let bit = delivery.flippedBit, bit / 8 < copy.count { copy[bit / 8] ^= 0x80 >> UInt8(bit % 8) }
            underWay.add(copy, direction, at: delivery.time)
        }
        log.entries.append(WireLog.Entry(fate: fate, frame: frame, fingerprint: FrameFingerprint.of(bytes.rawSpan)))
    }

    private mutating func deliver() {
        while let item = underWay.take(until: now) {
            log.worstLateness = max(log.worstLateness, now &- item.time)
            if !send(item.frame, item.direction) { log.unsendable += 1 }
        }
    }

    private func send(_ frame: [UInt8], _ direction: WireDirection) -> Bool {
        for _ in 0..<Self.patience {
            switch direction == .up ? server.inject(frame.rawSpan) : client.inject(frame.rawSpan) {
            case .sent: return true
            case .failed: return false
            case .full: SystemThread<Void>.sleep(nanoseconds: 50_000)
            }
        }
        return false
    }
}
