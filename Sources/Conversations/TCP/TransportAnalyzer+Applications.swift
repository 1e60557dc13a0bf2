import Addressing
import Packets

extension TransportAnalyzer {
    /// Looks at what the packet carries whose facts were asked for last: which question an answer belongs to, and which
    /// version TLS has agreed on.
    public mutating func noteApplications(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: inout TransportFacts, number: Int,
        time: Timestamp?
    ) {
        for index in 0..<dissection.layers.count {
            let layer = dissection.layers[index]
            switch layer.kind {
            case .tls:
                guard let latest else { break }
                if connections[latest].content.hidesTypes {
                    facts.tls.hidesTypes = true
                } else if TLSNegotiation.choosesVersion13(layer, record) {
                    connections[latest].content.hidesTypes = true
                }
            case .dns, .mdns, .llmnr:
                let isOverTCP = layer.hasLengthPrefix
                guard isOverTCP ? facts.tcpLayer >= 0 && facts.has.contains(.stream) : facts.udpLayer >= 0 else {
                    break
                }
                let stream =
                    isOverTCP ? facts.connection : facts.innerUDPLayer >= 0 ? facts.innerUDPStream : facts.udpStream
                names.take(
                    layer, record, isOverTCP: isOverTCP, stream: stream, packet: UInt32(truncatingIfNeeded: number),
                    time: Self.nanoseconds(time), &facts)
            default: break
            }
        }
    }

    /// Reads again what the segment carries whose facts were asked for last, now that its connection is known.
    public mutating func settleApplication(
        _ dissection: inout Dissection, _ record: RawSpan, _ facts: inout TransportFacts, number: Int, time: Timestamp?
    ) {
        guard let latest else { return }
        connections[latest].content.carried.settle(
            &dissection, &facts, packet: UInt32(truncatingIfNeeded: number), time: Self.nanoseconds(time), record)
        if connections[latest].content.hidesTypes, dissection.layers.last?.kind == .tls { facts.tls.hidesTypes = true }
    }
}
