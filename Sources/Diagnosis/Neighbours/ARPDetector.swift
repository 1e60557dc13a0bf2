import Addressing
import Packets

/// ARP (RFC 826): who asked for whose hardware address, who answered, nobody, or two.
struct ARPDetector: Detector {
    static let topic = Topic("arp", "ARP", "which hardware has an IPv4 address")
    static let layers: Set<LayerKind> = [.arp]

    private static let request: UInt16 = 1
    private static let reply: UInt16 = 2

    private var questions = AddressQuestions()

    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        guard let time = facts.timestamp, let layer = dissection.layers.first(where: { $0.kind == .arp }),
            let packet = try? ARPPacket(record.extracting(layer.range)), let message = ARPMessage(packet),
            message.operation == Self.request || message.operation == Self.reply
        else { return }
        let (sender, target) = (IPAddress.v4(message.senderIPv4), IPAddress.v4(message.targetIPv4))
        // A probe names no sender, so that it changes nobody's table (RFC 5227 section 2.1.1).
        let isProbe = message.senderIPv4 == .any
        if !isProbe { questions.claim(sender, by: message.senderMAC, packet: facts.number, at: time) }
        if sender == target {
            questions.answer(nil, that: sender, at: message.senderMAC, packet: facts.number, time: time)
        } else if message.operation == Self.request {
            let asker = isProbe ? AddressQuestions.Asker.newcomer(message.senderMAC) : .host(sender)
            questions.ask(asker, for: target, packet: facts.number, at: time)
        } else {
            let asker = message.targetIPv4 == .any ? AddressQuestions.Asker.newcomer(message.targetMAC) : .host(target)
            questions.answer(asker, that: sender, at: message.senderMAC, packet: facts.number, time: time)
        }
    }

    var findings: [Finding] { questions.findings }
}
