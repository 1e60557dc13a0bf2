import Addressing
import Packets

/// Who asked on a link for the hardware address of whom, who answered, and which address is claimed by two: what ARP
/// and IPv6's neighbour discovery have in common.
struct AddressQuestions: Sendable {
    /// So many pairs of asker and address, and so many claimed addresses, are remembered.
    private static let limit = 4096

    private struct Pair: Hashable {
        /// The asker's address; the hardware's where it has none yet.
        let asker: Asker
        let target: IPAddress
    }

    /// Who asks.
    enum Asker: Hashable, Sendable {
        case host(IPAddress)
        /// Somebody who wants the address and looks whether it is free (RFC 5227 section 2.1.1, RFC 4862 section 5.4).
        case newcomer(MACAddress?)
    }

    private struct Question: Sendable {
        let asker: Asker
        let target: IPAddress
        var packets: PacketNumbers
        let start: Timestamp
        var last: Timestamp
        var asked = 0
        var answer: (hardware: MACAddress?, after: Int64?)?
    }

    private struct Claim: Sendable {
        let hardware: MACAddress
        let packet: Int
    }

    private var questions = BoundedTable<Pair, Question>(limit: Self.limit)
    private var claims: [IPAddress: Claim] = [:]
    private var told: Set<MACAddress> = []
    private var list = FindingList()

    /// - Parameter asker: who asks, with its hardware address where that is known.
    mutating func ask(_ asker: Asker, for target: IPAddress, packet: Int, at time: Timestamp) {
        let question = Question(
            asker: asker, target: target, packets: PacketNumbers(), start: time, last: time)
        questions.update(Pair(asker: asker, target: target), new: question) {
            $0.asked += 1
            if $0.answer == nil {
                $0.packets.add(packet)
                $0.last = time
            }
        }
    }

    /// Somebody says that it has an address.
    /// - Parameter asker: whom it tells; nil for everybody.
    mutating func answer(
        _ asker: Asker?, that target: IPAddress, at hardware: MACAddress?, packet: Int, time: Timestamp
    ) {
        guard let asker else {
            announce(target, hardware, packet, time)
            return
        }
        let pair = Pair(asker: asker, target: target)
        guard questions[pair] != nil else {
            let who: Sentence = hardware.map { "\(.words("\($0)"))" } ?? "Somebody"
            list.add(
                Finding(
                    .unaskedAnswer, .note,
                    "\(who) said that it has \(.address(target)); the question is not in the capture.",
                    evidence: Finding.Evidence(packets: PacketNumbers(packet)), at: time),
                "answer", "without a question")
            return
        }
        questions.update(pair) {
            guard $0.answer == nil else { return }
            $0.answer = (hardware, time.elapsed(since: $0.last))
            $0.packets.add(packet)
            $0.last = time
        }
    }

    /// Whether somebody without an address of its own asked for this one.
    func isSought(_ target: IPAddress) -> Bool {
        questions[Pair(asker: .newcomer(nil), target: target)].map { $0.answer == nil } ?? false
    }

    private mutating func announce(_ target: IPAddress, _ hardware: MACAddress?, _ packet: Int, _ time: Timestamp) {
        let who: Sentence = hardware.map { "\(.words("\($0)"))" } ?? "Somebody"
        list.add(
            Finding(
                .addressAnnounced, .note, "\(who) told everybody that it has \(.address(target)), without being asked.",
                evidence: Finding.Evidence(packets: PacketNumbers(packet)), at: time), "announcement")
    }

    /// Takes who uses an address, by the sender's fields of any message.
    mutating func claim(_ address: IPAddress, by hardware: MACAddress, packet: Int, at time: Timestamp) {
        guard let earlier = claims[address] else {
            if claims.count < Self.limit { claims[address] = Claim(hardware: hardware, packet: packet) }
            return
        }
        guard earlier.hardware != hardware else { return }
        claims[address] = Claim(hardware: hardware, packet: packet)
        // Where both go on claiming it, it is told once.
        guard told.count < Self.limit, told.insert(hardware).inserted else { return }
        told.insert(earlier.hardware)
        list.add(
            Finding(
                .addressConflict, .failure,
                """
                \(.address(address)) was at \(.words("\(earlier.hardware)")) (\(.packet(earlier.packet))) and then at \
                \(.words("""
                    \(hardware)
                    """)): two hosts use one address (a conflict), it has moved, or somebody pretends to \
                have it.
                """,
                evidence: Finding.Evidence(packets: PacketNumbers(earlier.packet, packet)), at: time),
            "conflict")
    }

    var findings: [Finding] {
        var list = list
        for question in questions.values {
            list.add(
                finding(question),
                """
                question
                """, question.answer == nil ? "without an answer" : "with its answer")
        }
        return list.findings
    }

    private func finding(_ question: Question) -> Finding {
        let times: Sentence? = question.asked > 1 ? " \(.times(question.asked))" : nil
        let evidence = Finding.Evidence(packets: question.packets)
        let duration = question.last.elapsed(since: question.start)
        let hardware: Sentence = question.answer?.hardware.map { "\(.words("\($0)"))" } ?? "somebody"
        switch (question.asker, question.answer) {
        case (.host(let asker), let answer?):
            return Finding(
                .addressAnswered, .success,
                """
                \(.address(asker)) asked\(times) who has \(.address(question.target)): \(hardware) answered after \
                \(.duration(answer.after)).
                """, evidence: evidence, at: question.start, duration: duration)
        case (.host(let asker), nil):
            return Finding(
                .addressUnanswered, .warning,
                """
                \(.address(asker)) asked\(times) who has \(.address(question.target)), and no answer is in the \
                capture: \
                no such host is on this link, it is off, or it did not hear the question.
                """, evidence: evidence, at: question.start, duration: duration)
        case (.newcomer, _?):
            return Finding(
                .addressInUse, .failure,
                """
                Somebody who wanted \(.address(question.target)) asked\(times) whether it is free: \(hardware) has \
                it, so \
                that the address is taken.
                """, evidence: evidence, at: question.start, duration: duration)
        case (.newcomer(let newcomer), nil):
            let who: Sentence = newcomer.map { "\(.words("\($0)"))" } ?? "Somebody"
            return Finding(
                .addressProbed, .note,
                "\(who) asked\(times) whether \(.address(question.target)) is free: nobody objected.",
                evidence: evidence, at: question.start, duration: duration)
        }
    }
}

extension Finding.Kind {
    package static let addressAnswered: Self = "address_answered"
    package static let addressUnanswered: Self = "address_unanswered"
    package static let addressAnnounced: Self = "address_announced"
    package static let addressProbed: Self = "address_probed"
    package static let addressInUse: Self = "address_in_use"
    package static let addressConflict: Self = "address_conflict"
    package static let unaskedAnswer: Self = "unasked_answer"
}
