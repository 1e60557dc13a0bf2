import Addressing
import Capture
import Conversations
import Packets
import Probe
import Rendering
import Sockets
import Text

/// The packets of a connection, captured while it is made, for the card of its handshake. Where that is not allowed, it
/// says so and the connection is made all the same.
struct HandshakeCapture: ~Copyable {
    private var capture: LiveCapture
    private var records: [CapturedRecord] = []

    /// The kernel delivers the last segments in microseconds; a FIN may take a round trip.
    private static let patience = Duration.milliseconds(500)

    init?(_ candidates: [Endpoint]) {
        guard let port = candidates.first?.port else { return nil }
        let device = Self.device(for: candidates)
        do throws(CaptureDeviceError) {
            var options = LiveCaptureOptions()
            options.promiscuous = false
            options.immediate = false
            options.timeoutMilliseconds = 1
            var opened = try LiveCapture(device: device, options: options)
            let hosts = candidates.map { "host \($0.address)" }.joined(separator: " or ")
            try opened.setFilter("tcp port \(port) and (\(hosts))")
            capture = opened
        } catch {
            Diagnostics.write("no handshake card: \(error)")
            return nil
        }
        // The device is open: no more rights than needed for the rest.
        do throws(SocketError) { try ProcessPrivileges.drop(to: SudoUser.current) } catch {
            Diagnostics.write("cannot drop privileges: \(error)")
        }
    }

    /// The interface that leads to all of them; `any` where they go different ways.
    private static func device(for candidates: [Endpoint]) -> String {
        let interfaces = (try? InterfaceAddresses.all()) ?? []
        var names: Set<String> = []
        for candidate in candidates {
            let own = interfaces.first { $0.addresses.contains { $0.address == candidate.address } }
            if candidate.address.isLoopback || own != nil {
                names.insert(interfaces.first { $0.flags.contains(.loopback) }?.name ?? DemoGround.hostLoopback)
            } else if let source = Socket.sourceAddress(toward: candidate),
                let interface = interfaces.first(where: { $0.addresses.contains { $0.address == source } })
            {
                names.insert(interface.name)
            }
        }
        return names.count == 1 ? names.first ?? "any" : "any"
    }

    /// Takes what comes until the connection is seen to its end; nil: none of its packets was captured.
    ///
    /// - Parameters:
    ///   - local: this end; nil where nobody accepted: then the first try is shown.
    ///   - peer: the other.
    mutating func conversation(from local: Endpoint?, to peer: Endpoint) -> Conversation? {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            let conversation = find(local, peer)
            let isOver =
                conversation?.connection.map { local == nil ? $0.handshake.refusal != nil : $0.isOver } ?? false
            if isOver || ContinuousClock.now >= deadline { return conversation }
            take()
        }
    }

    static func write(_ conversation: Conversation?, to out: inout OutputBuffer) {
        out.append(ascii: 10)
        if let conversation {
            HandshakeCard.write(conversation, to: &out)
        } else {
            out.append("no packet of this connection was captured\n")
        }
    }

    private func find(_ local: Endpoint?, _ peer: Endpoint) -> Conversation? {
        // An address in a packet has no scope.
        func same(_ a: Endpoint, _ b: Endpoint) -> Bool { a.address == b.address && a.port == b.port }
        return ConversationReport(records, calls: []).conversations.first { conversation in
            same(conversation.server, peer) && (local.map { same(conversation.client, $0) } ?? true)
        }
    }

    private mutating func take() {
        if let descriptor = capture.selectableDescriptor {
            _ = try? waitReadable([descriptor], timeout: .milliseconds(5))
        }
        while let header = try? capture.next() {
            var bytes: [UInt8] = []
            let span = capture.bytes
            for offset in 0..<span.byteCount { bytes.append(span.uint8(at: offset)) }
            // A long transfer is not what the card is about.
            if records.count < 10_000 { records.append(CapturedRecord(header: header, bytes: bytes)) }
        }
    }
}
