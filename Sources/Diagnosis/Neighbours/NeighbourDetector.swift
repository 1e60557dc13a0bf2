import Addressing
import Packets

/// IPv6's neighbour discovery (RFC 4861): who is on the link, which routers are there and what they say, who was sent
/// another way.
struct NeighbourDetector: Detector {
    static let topic = Topic("neighbours", "Neighbour discovery", "who and which routers are on an IPv6 link")
    static let layers: Set<LayerKind> = [.icmpv6]

    private static let limit = 1024

    private struct Router: Sendable {
        let address: IPAddress
        let advertisement: RouterAdvertisement
        var packets = PacketNumbers()
        let start: Timestamp
        var end: Timestamp
    }

    private struct Said: Hashable {
        let router: IPAddress
        let advertisement: RouterAdvertisement
    }

    private var questions = AddressQuestions()
    private var routers = BoundedTable<Said, Router>(limit: Self.limit)
    private var solicitations = PacketNumbers()
    private var firstSolicitation: (asker: IPAddress, time: Timestamp)?
    private var list = FindingList()

    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        guard let time = facts.timestamp,
            let index = dissection.layers.firstIndex(where: { $0.kind == .icmpv6 && !$0.isQuoted }),
            let message = NeighbourDiscovery(dissection.layers[index], record),
            let ends = PacketAddresses(record, dissection, before: index)
        else { return }
        let number = facts.number
        switch message {
        case .routerSolicitation:
            solicitations.add(number)
            if firstSolicitation == nil { firstSolicitation = (ends.source, time) }
        case .routerAdvertisement(let advertisement):
            let router = Router(address: ends.source, advertisement: advertisement, start: time, end: time)
            routers.update(Said(router: ends.source, advertisement: advertisement), new: router) {
                $0.packets.add(number)
                $0.end = time
            }
        case .neighbourSolicitation(let target, let link):
            if let link, !ends.source.isUnspecified {
                questions.claim(ends.source, by: link, packet: number, at: time)
            }
            let asker = ends.source.isUnspecified ? AddressQuestions.Asker.newcomer(nil) : .host(ends.source)
            questions.ask(asker, for: .v6(target), packet: number, at: time)
        case .neighbourAdvertisement(let target, let link, let isSolicited):
            if let link { questions.claim(.v6(target), by: link, packet: number, at: time) }
            // Who looks whether an address is free has none to be answered at: all nodes are told.
            let asker: AddressQuestions.Asker? =
                isSolicited
                ? .host(ends.destination)
                : questions.isSought(.v6(target)) ? .newcomer(nil) : nil
            questions.answer(asker, that: .v6(target), at: link, packet: number, time: time)
        case .redirect(let target, let destination):
            list.add(
                Finding(
                    .redirected, .note,
                    """
                    The router \(.address(ends.source)) told \(.address(ends.destination)) that the way to \
                    \(.address(.v6(destination))) is by \(.address(.v6(target))) (redirect).
                    """,
                    evidence: Finding.Evidence(packets: PacketNumbers(number)), at: time), "redirect")
        }
    }

    var findings: [Finding] {
        var list = list
        for router in routers.values { list.add(Self.finding(router), "router advertisement", "with other contents") }
        if routers.isEmpty, let first = firstSolicitation {
            list.add(
                Finding(
                    .routerUnanswered, .warning,
                    """
                    \(.address(first.asker)) asked for routers, and none is in the capture: without one there is no \
                    way \
                    out of this link.
                    """,
                    evidence: Finding.Evidence(packets: solicitations), at: first.time), "question", "for routers")
        }
        return (list.findings + questions.findings).sorted {
            ($0.evidence.packets.first.first ?? 0) < ($1.evidence.packets.first.first ?? 0)
        }
    }

    private static func finding(_ router: Router) -> Finding {
        let said = router.advertisement
        var parts: [Sentence] = []
        for prefix in said.prefixes {
            let how: Sentence? = prefix.isAutonomous ? ", in which hosts make their own addresses" : nil
            parts.append("the network \(.address(.v6(prefix.address)))/\(.number(prefix.length))\(how)")
        }
        if said.isManaged {
            parts.append("addresses by DHCPv6")
        } else if said.hasOtherSettings {
            parts.append("other settings by DHCPv6")
        }
        if let mtu = said.mtu { parts.append("an MTU of \(.number(mtu)) bytes") }
        parts.append(
            said.lifetime == 0
                ? "that it is no default router"
                : "that it is a default router for \(.period(UInt32(said.lifetime)))")
        let times: Sentence? = router.packets.count > 1 ? ", \(.times(router.packets.count))" : nil
        return Finding(
            .routerAdvertised, .note,
            "The router \(.address(router.address)) announced\(times): \(parts.joined(separator: ", ")).",
            evidence: Finding.Evidence(packets: router.packets), at: router.start,
            duration: router.end.elapsed(since: router.start))
    }
}

extension Finding.Kind {
    package static let routerAdvertised: Self = "router_advertised"
    package static let routerUnanswered: Self = "router_unanswered"
    package static let redirected: Self = "redirected"
}
