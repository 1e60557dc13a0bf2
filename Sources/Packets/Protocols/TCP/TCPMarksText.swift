import Addressing
import Text

/// What TCP analysis found remarkable about a segment, in the words and the order of Wireshark's Info column:
/// ` [TCP Fast Retransmission]`, ` [TCP Dup ACK 12#3]`.
public enum TCPMarksText {
    /// Wireshark puts each mark before the ones already there: the last of its checks comes first.
    private static let names: [(mark: TCPMarks, text: StaticString)] = [
        (.zeroWindow, "ZeroWindow"), (.duplicateACK, "Dup ACK"), (.zeroWindowProbeACK, "ZeroWindowProbeAck"),
        (.zeroWindowProbe, "ZeroWindowProbe"),
        (.keepAliveACK, "Keep-Alive ACK"), (.keepAlive, "Keep-Alive"), (.windowFull, "Window Full"),
        (.windowUpdate, "Window Update"),
        (.acknowledgesLostSegment, "ACKed unseen segment"), (.lostSegment, "Previous segment not captured"),
        (.outOfOrder, "Out-Of-Order"),
        (.spuriousRetransmission, "Spurious Retransmission"), (.fastRetransmission, "Fast Retransmission"),
        (.retransmission, "Retransmission"),
        (.reusedPorts, "Port numbers reused"),
    ]

    /// Writes every mark that the segment has, and whether it does not belong to its connection.
    public static func write(_ facts: TransportFacts, to out: inout OutputBuffer) {
        let heeded = facts.heeded
        guard facts.hasMarks else { return }
        out.append(style: .yellow)
        for (mark, text) in names where heeded.marks.contains(mark) {
            out.append(" [TCP ")
            out.append(text)
            if mark == .duplicateACK {
                out.append(ascii: 32, decimal: UInt64(heeded.duplicateOf))
                out.append(ascii: 35, decimal: UInt64(heeded.duplicateNumber))
            }
            out.append(ascii: 93)
        }
        if let name = facts.verdict.name {
            out.append(" [")
            out.append(name)
            out.append(ascii: 93)
        }
        if heeded.answers > 0 {
            out.append(heeded.marks.contains(.challengeACK) ? " [challenge ACK to packet " : " [answers packet ")
            out.append(decimal: UInt64(heeded.answers))
            out.append(ascii: 93)
        }
        if facts.connection != facts.tcpStream {
            out.append(" [of tcp.stream ")
            out.append(decimal: UInt64(facts.connection))
            out.append(ascii: 93)
        }
        out.append(style: .plain)
    }
}
