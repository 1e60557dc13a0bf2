import Addressing
import Conversations
import Packets

/// ICMP echo (RFC 792, RFC 4443 section 4): of each run of ping how many requests were answered, how fast, and which
/// were not.
struct EchoDetector: Detector {
    static let topic = Topic("echo", "ICMP echo", "who was pinged, and who answered")
    static let layers: Set<LayerKind> = [.icmp, .icmpv6]

    private static let limit = 4096
    /// So many requests of a run wait for their answers at once.
    fileprivate static let mostOpen = 1024

    /// The requests of one program to one host.
    fileprivate struct Run: Sendable {
        let source: IPAddress
        let destination: IPAddress
        let start: Timestamp
        var end: Timestamp
        var packets = PacketNumbers()
        var open: [UInt16: (packet: Int, time: Timestamp)] = [:]
        var sent = 0
        var answered = 0
        /// Of so many it is known how long the answer took.
        var measured = 0
        var doubled = 0
        var fastest: Int64 = .max
        var slowest: Int64 = 0
        var sum: Int64 = 0
        /// Its requests' hops run out on purpose: traceroute.
        var isTrace = false
        var error: (message: ICMPRefusal, count: Int)?
    }

    private struct Key: Hashable {
        let source: IPAddress
        let destination: IPAddress
        let identifier: UInt16
    }

    private var runs = BoundedTable<Key, Run>(limit: Self.limit)

    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        guard let time = facts.timestamp,
            let index = dissection.layers.firstIndex(where: { Self.layers.contains($0.kind) }),
            let meaning = ICMPMeaning(dissection.layers[index], record),
            let ends = PacketAddresses(record, dissection, before: index)
        else { return }
        let packet = facts.number
        switch meaning {
        case .echoRequest(let identifier, let number):
            let key = Key(source: ends.source, destination: ends.destination, identifier: identifier)
            let run = Run(source: ends.source, destination: ends.destination, start: time, end: time)
            runs.update(key, new: run) { $0.ask(number, packet, time) }
        case .echoReply(let identifier, let number):
            let key = Key(source: ends.destination, destination: ends.source, identifier: identifier)
            runs.update(key) { $0.answer(number, packet, time) }
        default:
            takeError(record, dissection, meaning, packet)
        }
    }

    /// An error that quotes a request.
    private mutating func takeError(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ meaning: ICMPMeaning, _ number: Int
    ) {
        guard let index = dissection.layers.firstIndex(where: { $0.isQuoted && Self.layers.contains($0.kind) }),
            case .echoRequest(let identifier, _)? = ICMPMeaning(dissection.layers[index], record),
            let ends = PacketAddresses(record, dissection, before: index),
            let error = ICMPRefusal(record, dissection, number: number)
        else { return }
        runs.update(Key(source: ends.source, destination: ends.destination, identifier: identifier)) {
            if meaning == .hopsExceeded { $0.isTrace = true } else { $0.note(error) }
        }
    }

    var findings: [Finding] {
        var list = FindingList()
        // What traceroute sends is told as what it is.
        for run in runs.values where !run.isTrace { list.add(run.finding, "run", "of pings like these") }
        return list.findings
    }
}

extension EchoDetector.Run {
    fileprivate mutating func ask(_ number: UInt16, _ packet: Int, _ time: Timestamp) {
        sent += 1
        end = time
        packets.add(packet)
        if open.count < EchoDetector.mostOpen { open[number] = (packet, time) }
    }

    fileprivate mutating func answer(_ number: UInt16, _ packet: Int, _ time: Timestamp) {
        packets.add(packet)
        end = time
        guard let request = open.removeValue(forKey: number) else {
            doubled += 1
            return
        }
        answered += 1
        guard let took = time.elapsed(since: request.time) else { return }
        measured += 1
        (fastest, slowest) = (min(fastest, took), max(slowest, took))
        sum &+= took
    }

    fileprivate mutating func note(_ message: ICMPRefusal) {
        packets.add(message.packet)
        error = (message, (error?.count ?? 0) + 1)
    }

    fileprivate var finding: Finding {
        let asked: Sentence = "\(.address(source)) pinged \(.address(destination)) \(.times(sent))"
        let missing = sent - answered
        let (kind, severity, result): (Finding.Kind, Finding.Severity, Sentence) =
            switch (answered, missing) {
            case (0, _):
                (.echoUnanswered, .failure, error == nil ? "no answer is in the capture\(why)" : "no answer came\(why)")
            case (_, ...0): (.echoAnswered, .success, "\(all) answered\(times)")
            default: (.echoLost, .warning, "\(.number(answered)) of them were answered\(times)\(lost)")
            }
        let more: Sentence? = doubled > 0 ? " \(.count(doubled, "answer")) came twice, or without a request." : nil
        return Finding(
            kind, severity, "\(asked): \(result).\(more)", evidence: Finding.Evidence(packets: packets), at: start,
            duration: end.elapsed(since: start))
    }

    private var all: Sentence {
        switch sent {
        case 1: "it was"
        case 2: "both were"
        default: "all were"
        }
    }

    private var times: Sentence {
        if measured == 0 { return "" }
        if measured == 1 { return ", after \(.duration(fastest))" }
        return
            """
            , after \(.duration(fastest)) to \(.duration(slowest)), \(.duration(sum / Int64(max(1, measured)))) \
            on average
            """
    }

    private var why: Sentence {
        if let error {
            return
                """
                ; \(.address(error.message.sender)) said (\(.packet(error.message.packet))): \
                \(.words(error.message.reason))
                """
        }
        return
            """
            , and no ICMP error: the host is not there, something on the way drops pings or their answers, or the \
            capture has one direction alone
            """
    }

    private var lost: Sentence {
        let packets = open.values.map(\.packet).sorted()
        return packets.isEmpty
            ? """

            """ : ", \(packets.count == 1 ? "one was" : "others were" as Sentence) not: \(.packets(packets))"
    }
}

extension Finding.Kind {
    package static let echoAnswered: Self = "echo_answered"
    package static let echoLost: Self = "echo_lost"
    package static let echoUnanswered: Self = "echo_unanswered"
}
