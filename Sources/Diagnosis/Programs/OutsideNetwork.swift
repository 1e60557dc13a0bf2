import Addressing
import Sockets

/// A program wanted to reach what is not in the network that it ran in, or what nobody can connect to.
enum OutsideNetwork {
    static func findings(_ run: RunEvidence, _ network: RunDiagnosis.Network) -> [Finding] {
        run.failures.compactMap { failure in
            guard ["ENETUNREACH", "EHOSTUNREACH", "EACCES"].contains(failure.errno), case .local = failure.cause,
                let peer = failure.call.peer?.onTheWire, let clause = clause(failure.call, peer.address, network)
            else { return nil }
            return Finding(.outsideNetwork, .failure, "\(failure.subject): \(clause).", of: failure.call)
        }
    }

    private static func clause(_ call: SocketCall, _ peer: IPAddress, _ network: RunDiagnosis.Network) -> Sentence? {
        if call.transport == .tcp, let group = group(peer) {
            return
                """
                no packet: \(.address(peer)) is \(group), and TCP connects to one host: what is wrong is the address, \
                not a route
                """
        }
        if case .v4(let address) = peer, address.rawValue == .max { return nil }
        switch network {
        case .host: return nil
        case .loopbackAlone:
            return
                """
                no packet: netprobe's private network has loopback alone (127.0.0.1, ::1), and no way to \
                \(.address(peer)): --host-network runs on this machine's own network, --wire two-hosts on two hosts
                """
        case .twoHosts:
            return
                """
                no packet: netprobe's network has two hosts alone (10.0.0.1, 10.0.0.2), and no way to \
                \(.address(peer)): --host-network runs on this machine's own network
                """
        }
    }

    /// An address of many: the broadcast addresses that are known here, and multicast groups.
    private static func group(_ address: IPAddress) -> Sentence? {
        guard case .v4(let v4) = address else { return nil }
        switch v4.rawValue {
        // Everybody here (RFC 919 section 7), and in the networks that runs have.
        case .max, 0x7fff_ffff, 0x0a00_00ff: return "a broadcast address"
        case 0xe000_0000...0xefff_ffff: return "a multicast group"
        default: return nil
        }
    }
}

extension Finding.Kind {
    /// The peer is not in the network of the run.
    static let outsideNetwork: Self = "outside_network"
}
