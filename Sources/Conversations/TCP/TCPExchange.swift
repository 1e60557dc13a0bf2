import Addressing
import Packets

extension TCPConnection {
    /// What one segment does to the end that sent it and the end that gets it (RFC 9293 section 3.10.7).
    struct Exchange {
        let packet: ObservedPacket
        let tcp: TCPHeader
        let senderIsClient: Bool

        func run(
            _ sender: inout End, _ receiver: inout End, _ closedAtOnce: inout Bool, _ revisions: inout [Revision],
            _ handshake: Handshake
        ) {
            note(&sender, &receiver)
            if tcp.flags.contains(.rst) { return reset(&sender, &receiver) }
            if tcp.flags.contains(.syn) { open(&sender, &receiver, &revisions, handshake) }
            if receiver.state == .finWait1, closedAtOnce, let fin = sender.finSequence, fin.precedes(tcp.sequence) {
                // It comes after the sender's FIN, which has arrived, too.
                receiver.state = .closing
            }
            if tcp.flags.contains(.ack) { acknowledge(&sender, &receiver, closedAtOnce, &revisions, handshake) }
            if tcp.flags.contains(.fin) { finish(&sender, &receiver, &closedAtOnce, &revisions) }
        }

        /// The numbers that the segment takes and acknowledges.
        func note(_ sender: inout End, _ receiver: inout End) {
            // The number of a reset that answers a SYN is not one of the sender's own (section 3.5.2).
            let isOwn = !tcp.flags.contains(.rst) || sender.initialSequence != nil
            let end = tcp.sequence + packet.sequenceLength
            if isOwn {
                if sender.initialSequence == nil {
                    sender.initialSequence =
                        tcp.flags.contains(.syn) ? tcp.sequence : SequenceNumber(tcp.sequence.rawValue &- 1)
                }
                if sender.nextSequence.map({ $0.precedes(end) }) ?? true { sender.nextSequence = end }
            }
            guard tcp.flags.contains(.ack) else { return }
            if receiver.initialSequence == nil {
                receiver.initialSequence = SequenceNumber(tcp.acknowledgment.rawValue &- 1)
            }
            if sender.acknowledged.map({ $0.precedes(tcp.acknowledgment) }) ?? true {
                sender.acknowledged = tcp.acknowledgment
            }
        }

        private func reset(_ sender: inout End, _ receiver: inout End) {
            // Section 3.10.7.3: in SYN-SENT only a reset that acknowledges the SYN is acceptable.
            if receiver.state == .synSent, !tcp.flags.contains(.ack) || !receiver.acknowledgesSYN(tcp.acknowledgment) {
                return
            }
            if sender.resetPacket == nil { sender.resetPacket = packet.number }
            sender.state = .closed
            receiver.state = .closed
        }

        /// Figure 5, the upper half: LISTEN, SYN-SENT, SYN-RECEIVED, ESTABLISHED.
        private func open(
            _ sender: inout End, _ receiver: inout End, _ revisions: inout [Revision], _ handshake: Handshake
        ) {
            guard tcp.flags.contains(.ack) else {
                if sender.state == nil || sender.state == .closed { sender.state = .synSent }
                // Simultaneous open (section 3.5, figure 7): both ends sent a SYN.
                if receiver.state == .synSent { receiver.state = .synReceived }
                return
            }
            if sender.state == nil {
                // Only now it is known that the SYN reached a listener: there, at the SYN, its state belongs.
                sender.state = .synReceived
                if let syn = handshake.lastSYN, !senderIsClient, receiver.acknowledgesSYN(tcp.acknowledgment) {
                    revisions.append(Revision(packet: syn.number, isClient: false, state: .synReceived))
                }
            } else if sender.state == .synSent {
                sender.state = .synReceived
            }
        }

        /// An ACK moves the receiver: it may acknowledge its SYN or its FIN.
        private func acknowledge(
            _ sender: inout End, _ receiver: inout End, _ closedAtOnce: Bool, _ revisions: inout [Revision],
            _ handshake: Handshake
        ) {
            if !tcp.flags.contains(.syn) {
                confirmSYNACK(&sender, receiver, &revisions, handshake)
                missedSYNACK(&sender, &receiver)
            }
            // Segments may be missing in the capture: an acknowledgment above what was seen still covers the SYN.
            if receiver.state == .synReceived, receiver.initialSequence.map({ $0.precedes(tcp.acknowledgment) }) ?? true
            {
                receiver.state = .established
            }
            guard let fin = receiver.finSequence, !tcp.acknowledgment.precedes(fin + 1) else { return }
            // It acknowledges the other's FIN, so that has arrived (figure 13).
            if closedAtOnce, sender.state == .finWait1 { sender.state = .closing }
            switch receiver.state {
            case .finWait1: receiver.state = .finWait2
            case .closing: receiver.state = .timeWait
            case .lastACK: receiver.state = .closed
            default: break
            }
        }

        /// Who acknowledges the SYN-ACK has had it: there, at the last one that was sent by then, it was established.
        private func confirmSYNACK(
            _ sender: inout End, _ receiver: End, _ revisions: inout [Revision], _ handshake: Handshake
        ) {
            guard sender.state == .synSent, senderIsClient,
                let answer = handshake.repeatedSYNACKs.last ?? handshake.synACK,
                receiver.initialSequence.map({ $0.precedes(tcp.acknowledgment) }) ?? true
            else { return }
            sender.state = .established
            revisions.append(Revision(packet: answer.number, isClient: true, state: .established))
        }

        /// Who acknowledges without a SYN, and not an old connection's numbers, has had the SYN-ACK that was not
        /// captured.
        private func missedSYNACK(_ sender: inout End, _ receiver: inout End) {
            if sender.state == .synSent {
                sender.state = .established
                if receiver.state == nil { receiver.state = .established }
            } else if sender.state == nil, receiver.state == .synSent, receiver.acknowledgesSYN(tcp.acknowledgment) {
                sender.state = .established
                receiver.state = .established
            }
        }

        /// Figure 5, the lower half: a FIN moves its sender when it leaves and its receiver when it arrives.
        private func finish(
            _ sender: inout End, _ receiver: inout End, _ closedAtOnce: inout Bool, _ revisions: inout [Revision]
        ) {
            guard sender.finSequence == nil else { return }
            sender.finSequence = tcp.sequence + UInt32(truncatingIfNeeded: packet.payloadLength)
            sender.finPacket = packet.number
            switch sender.state {
            case .established, .synReceived: sender.state = .finWait1
            case .closeWait:
                // It may have sent this before the other's FIN reached it (section 3.6, figure 13): then it was never
                // in CLOSE-WAIT.
                let knewOfFIN =
                    receiver.finSequence.map { tcp.flags.contains(.ack) && !tcp.acknowledgment.precedes($0 + 1) }
                    ?? false
                sender.state = knewOfFIN ? .lastACK : .finWait1
                if !knewOfFIN {
                    closedAtOnce = true
                    if let fin = receiver.finPacket {
                        revisions.append(Revision(packet: fin, isClient: senderIsClient, state: nil))
                    }
                }
            default: break
            }
            switch receiver.state {
            case .established, .synReceived: receiver.state = .closeWait
            case .finWait1: receiver.state = .closing
            case .finWait2: receiver.state = .timeWait
            default: break
            }
        }
    }
}
