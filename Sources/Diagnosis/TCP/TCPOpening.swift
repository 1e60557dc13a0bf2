import Addressing
import Conversations
import Packets

/// How a connection began, as events.
enum TCPOpening {
    static func events(
        _ conversation: Conversation, first: (packet: Int, time: Timestamp), reused: (packet: Int, time: Timestamp)?
    ) -> [StoryEvent] {
        guard let connection = conversation.connection else { return [] }
        var events: [StoryEvent] = []
        let handshake = connection.handshake
        if let reused {
            let isAnswered =
                handshake.synACK != nil || handshake.refusal != nil || connection.server.nextSequence != nil
            events.append(
                StoryEvent(
                    .reusedPorts(isAnswered: isAnswered), by: .client, PacketNumbers(reused.packet), at: reused.time))
        }
        guard let syn = handshake.syn else {
            if let answer = handshake.synACK {
                let kind = StoryEvent.Kind.joinedAtAnswer(serverMSS: handshake.serverOffer?.maximumSegmentSize)
                return events + [StoryEvent(kind, by: nil, PacketNumbers(answer.number), at: answer.time)]
            }
            return events + [
                StoryEvent(
                    connection.beginsWithProbe ? .probe : .joined, by: nil, PacketNumbers(first.packet), at: first.time)
            ]
        }
        if let challenge = handshake.challenge { events.append(halfOpen(handshake, syn, challenge)) }
        if let last = handshake.repeatedSYNs.last {
            let times = [syn.time] + handshake.repeatedSYNs.map(\.time)
            let waits = zip(times.dropFirst(), times).map { $0.elapsed(since: $1) }
            events.append(
                StoryEvent(
                    .repeatedSYN(
                        waits: waits, answer: handshake.unheededSYNACK?.number, challenge: handshake.challenge?.number),
                    by: .client,
                    PacketNumbers([syn.number] + handshake.repeatedSYNs.map(\.number)), at: syn.time,
                    duration: last.time.elapsed(since: syn.time)))
        }
        if let crossing = handshake.crossingSYN, let ack = handshake.ack {
            let packets = [syn.number, crossing.number, ack.number, handshake.synACK?.number].compactMap(\.self)
                .sorted()
            events.append(
                StoryEvent(
                    .openedAtOnce, by: nil, PacketNumbers(packets), at: syn.time,
                    duration: max(ack.time, handshake.synACK?.time ?? ack.time).elapsed(since: syn.time)))
            events.append(
                StoryEvent(
                    .agreed(agreement(handshake)), by: nil, PacketNumbers(syn.number, crossing.number),
                    at: crossing.time))
            return events
        }
        guard let answer = handshake.synACK else { return events }
        if let ack = handshake.ack {
            events.append(
                StoryEvent(
                    .opened(roundTrip: handshake.isRoundTripAmbiguous ? nil : handshake.roundTrip), by: .client,
                    PacketNumbers(handshake.roundTripStart?.number ?? syn.number, answer.number, ack.number),
                    at: syn.time, duration: ack.time.elapsed(since: syn.time)))
        } else if let later = handshake.laterACK {
            events.append(
                StoryEvent(
                    .openedUnseen, by: .client, PacketNumbers(syn.number, answer.number, later.number), at: syn.time,
                    duration: later.time.elapsed(since: syn.time)))
        } else {
            events.append(
                StoryEvent(
                    .neverConfirmed, by: .client, PacketNumbers(syn.number, answer.number), at: syn.time,
                    duration: answer.time.elapsed(since: syn.time)))
        }
        events.append(
            StoryEvent(
                .agreed(agreement(handshake)), by: nil, PacketNumbers(syn.number, answer.number), at: answer.time))
        return events
    }

    private static func halfOpen(_ handshake: Handshake, _ syn: ObservedPacket, _ challenge: ObservedPacket)
        -> StoryEvent
    {
        let other = StoryEvent.HalfOpen(
            answer: challenge.number, stream: handshake.challengedStream, reset: handshake.challengeReset?.number,
            isOpened: handshake.synACK != nil)
        return StoryEvent(
            .halfOpen(other), by: .server,
            PacketNumbers(syn.number, challenge.number, handshake.challengeReset?.number), at: syn.time,
            duration: challenge.time.elapsed(since: syn.time))
    }

    private static func agreement(_ handshake: Handshake) -> StoryEvent.Agreement {
        func scale(_ offer: Handshake.Offer?) -> UInt32? {
            // RFC 7323 section 2.3: a shift above 14 counts as 14.
            handshake.windowScaling ? offer?.windowScale.map { 1 << UInt32(min($0, 14)) } : nil
        }
        return StoryEvent.Agreement(
            clientMSS: handshake.clientOffer?.maximumSegmentSize, serverMSS: handshake.serverOffer?.maximumSegmentSize,
            clientScale: scale(handshake.clientOffer), serverScale: scale(handshake.serverOffer), sack: handshake.sack,
            timestamps: handshake.timestamps,
            isWhole: handshake.clientOffer?.isWhole != false && handshake.serverOffer?.isWhole != false)
    }
}
