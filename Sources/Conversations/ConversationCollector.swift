import Addressing
import Packets

/// Sorts the packets of a capture into conversations, by the stream numbers that `TransportAnalyzer` gave them.
///
/// Every packet is to be handed in, also those that are not to be kept: states and relative numbers count from the first.
/// What is kept grows with the packets that are kept and the conversations that are chosen.
public struct ConversationCollector: Sendable {
    /// Which conversations are wanted.
    public enum Choice: Sendable {
        case all
        case tcp(UInt32)
        case udp(UInt32)
    }

    private struct Name: Hashable {
        let transport: Transport
        let number: UInt32
    }

    private let choice: Choice
    private var numbers: [Name: Int] = [:]
    /// The latest conversation of each pair: ICMP errors quote too little for more.
    private var latest: [FlowKey: Int] = [:]
    private var all: [Conversation] = []

    public init(_ choice: Choice = .all) { self.choice = choice }

    /// The chosen conversations of which packets were kept, in the order in which they began.
    public var conversations: [Conversation] { all.filter { !$0.packets.isEmpty } }

    /// Takes a dissected record. `facts.transport` must have been filled in.
    /// - Parameter keeping: whether the packet is to be among its conversation's `packets`.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, keeping: Bool = true) {
        guard let layer = dissection.layers.first(where: { Self.isTransport($0.kind) }) else { return }
        if layer.kind == .icmp || layer.kind == .icmpv6 {
            guard let error = ICMPRefusal(record, dissection, number: facts.number, time: facts.timestamp), let key = error.quoted?.flowKey,
                  let index = latest[key] else { return }
            all[index].add(error)
            return
        }
        guard let name = Self.name(layer, facts.transport), isChosen(name), let packet = ObservedPacket(record, dissection, facts) else { return }
        if let index = numbers[name] {
            all[index].add(packet, keeping: keeping)
        } else {
            numbers[name] = all.count
            latest[packet.flowKey] = all.count
            all.append(Conversation(first: packet, stream: name.number, keepingFirst: keeping))
        }
    }

    private static func isTransport(_ kind: LayerKind) -> Bool {
        switch kind {
        case .tcp, .udp, .icmp, .icmpv6: true
        default: false
        }
    }

    /// The stream of the packet's own transport layer, which is the outermost one.
    private static func name(_ layer: LayerRange, _ facts: TransportFacts) -> Name? {
        switch layer.kind {
        case .tcp where facts.tcpLayer == layer.start && facts.has.contains(.stream): Name(transport: .tcp, number: facts.tcpStream)
        case .udp where facts.udpLayer == layer.start: Name(transport: .udp, number: facts.udpStream)
        default: nil
        }
    }

    private func isChosen(_ name: Name) -> Bool {
        switch choice {
        case .all: true
        case .tcp(let number): name == Name(transport: .tcp, number: number)
        case .udp(let number): name == Name(transport: .udp, number: number)
        }
    }
}
