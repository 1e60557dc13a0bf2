import Addressing
import Packets

/// DHCP (RFC 2131 section 3): Discover, Offer, Request and ACK of one client as one story, with the lease and who gave
/// it.
struct DHCPDetector: Detector {
    static let topic = Topic("dhcp", "DHCP", "who asked for an address, and who got which")
    static let layers: Set<LayerKind> = [.dhcp]

    private static let limit = 4096

    private struct Key: Hashable {
        let client: MACAddress
        let transaction: UInt32
    }

    private var exchanges = BoundedTable<Key, DHCPExchange>(limit: Self.limit)

    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        guard let time = facts.timestamp,
            let index = dissection.layers.firstIndex(where: { $0.kind == .dhcp && !$0.isQuoted }),
            let message = DHCPOutline(dissection.layers[index], record),
            let ends = PacketAddresses(record, dissection, before: index)
        else { return }
        let key = Key(client: message.client, transaction: message.transaction)
        let number = facts.number
        exchanges.update(key, new: DHCPExchange(client: message.client, start: time)) {
            $0.take(message, from: ends.source, packet: number, at: time)
        }
    }

    var findings: [Finding] {
        var list = FindingList()
        for exchange in exchanges.values { list.add(exchange.finding, "exchange", "like these") }
        return list.findings
    }
}

/// What one client asked with one transaction number, and what it was told.
struct DHCPExchange: Sendable {
    private struct Offer: Sendable {
        let server: IPAddress
        let address: IPv4Address?
        let packet: Int
    }

    private static let mostOffers = 4

    private let client: MACAddress
    private let start: Timestamp
    private var end: Timestamp
    private var packets = PacketNumbers()
    private var discovers: [Int] = []
    private var requests: [Int] = []
    private var requested: IPv4Address?
    private var offers: [Offer] = []
    /// The ACK or NAK: who gave it, in which packet, and what it says.
    private var answer: (server: IPAddress, packet: Int, message: DHCPOutline)?
    /// Decline, Release or Inform.
    private var notice: DHCPOutline?

    init(client: MACAddress, start: Timestamp) {
        self.client = client
        self.start = start
        end = start
    }

    mutating func take(_ message: DHCPOutline, from sender: IPAddress, packet: Int, at time: Timestamp) {
        packets.add(packet)
        end = time
        let server = message.server.map { IPAddress.v4($0) } ?? sender
        switch message.kind {
        case .discover: if discovers.count < PacketNumbers.limit { discovers.append(packet) }
        case .offer:
            if offers.count < Self.mostOffers {
                offers.append(Offer(server: server, address: message.yourAddress, packet: packet))
            }
        case .request:
            if requests.count < PacketNumbers.limit { requests.append(packet) }
            requested = message.requested ?? message.clientAddress ?? requested
        case .acknowledge, .refuse: if answer == nil { answer = (server, packet, message) }
        case .decline, .release, .inform: notice = message
        }
    }

    var finding: Finding {
        let (kind, severity, text) = told
        return Finding(
            kind, severity, text, evidence: Finding.Evidence(packets: packets), at: start,
            duration: end.elapsed(since: start))
    }

    private var told: (Finding.Kind, Finding.Severity, Sentence) {
        let who: Sentence = "The client \(.words("\(client)"))"
        if let answer, answer.message.kind == .refuse {
            return (
                .leaseRefused, .failure,
                """
                \(who) \(asked), and the server \(.address(answer.server)) refused (NAK, \(.packet(answer.packet))): \
                the \
                address is not of this network, or is not free any more.
                """
            )
        }
        if let answer {
            guard notice == nil else {
                return (
                    .leaseInformed, .success,
                    """
                    \(who) asked for settings (Inform), and the server \(.address(answer.server)) gave \
                    them\(terms(answer.message)).
                    """
                )
            }
            let address: Sentence = answer.message.yourAddress.map { "\(.address(.v4($0)))" } ?? "it"
            return (
                .leaseGiven, .success,
                """
                \(who) \(asked), and the server \(.address(answer.server)) gave it \(address) (ACK, \
                \(.packet(answer.packet))), \(.duration(end.elapsed(since: start))) after the \
                beginning\(terms(answer.message)).
                """
            )
        }
        if let notice { return (.leaseNotice, notice.kind == .decline ? .failure : .note, told(notice, who)) }
        let missing: Sentence =
            requests.isEmpty && offers.isEmpty
            ? """
            no server offered one: there is none on this link, it has no address left, or no relay passes the \
            question on
            """
            : requests.isEmpty ? "it was not seen to take the offer" : "no answer to that is in the capture"
        return (.leaseUnanswered, .failure, "\(who) \(asked), and \(missing).")
    }

    /// `asked for an address (Discover, packet 1), was offered 10.0.0.5 by 10.0.0.1 (packet 2), requested …`
    private var asked: Sentence {
        var steps: [Sentence] = []
        if !discovers.isEmpty { steps.append("asked for an address (Discover, \(.packets(discovers)))") }
        for offer in offers {
            let address: Sentence = offer.address.map { "\(.address(.v4($0)))" } ?? "one"
            steps.append("was offered \(address) by \(.address(offer.server)) (\(.packet(offer.packet)))")
        }
        if !requests.isEmpty {
            let address: Sentence = requested.map { "\(.address(.v4($0)))" } ?? "its address"
            let verb: Sentence = offers.isEmpty && discovers.isEmpty ? "asked to have" : "requested"
            steps.append("\(verb) \(address) (Request, \(.packets(requests)))")
        }
        return steps.isEmpty ? "asked for something that is not in the capture" : steps.joined(separator: ", ")
    }

    private func terms(_ message: DHCPOutline) -> Sentence {
        var parts: [Sentence] = []
        if let lease = message.lease { parts.append("for \(.period(lease))") }
        if let router = message.router { parts.append("router \(.address(.v4(router)))") }
        if let server = message.nameServer { parts.append("name server \(.address(.v4(server)))") }
        return parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))"
    }

    private func told(_ notice: DHCPOutline, _ who: Sentence) -> Sentence {
        let address: Sentence =
            (notice.requested ?? notice.clientAddress).map {
                """
                \(.address(.v4($0)))
                """
            } ?? "its address"
        return switch notice.kind {
        case .decline: "\(who) declined \(address): it found that somebody else has it."
        case .release: "\(who) gave \(address) back (Release)."
        default: "\(who) asked for settings (Inform), and no answer is in the capture."
        }
    }
}

extension Finding.Kind {
    package static let leaseGiven: Self = "lease_given"
    package static let leaseRefused: Self = "lease_refused"
    package static let leaseUnanswered: Self = "lease_unanswered"
    package static let leaseInformed: Self = "lease_informed"
    package static let leaseNotice: Self = "lease_notice"
}
