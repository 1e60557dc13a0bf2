import Addressing
import Probe
import Sockets

/// Targets to which no TCP SYN can be sent, whatever listens there: told before the scan, because a port that was never
/// asked is not "filtered".
enum UnaskableTarget {
    /// Throws what is wrong with the target, and which interface to name where one is missing.
    static func check(_ block: TargetBlock, _ text: String, _ interfaces: [NetworkInterface]) throws(CommandFailure) {
        let (first, last) = block.ends
        guard first.kind == last.kind else { return }
        switch first.kind.category {
        case .multicast:
            throw CommandFailure("'\(text)' is multicast: TCP connects single hosts (RFC 1122 section 4.2.3.10)")
        case .broadcast:
            throw CommandFailure("'\(text)' is the broadcast address: TCP connects single hosts")
        case .linkLocal:
            guard case .v6 = first, block[0].scope == 0 else { break }
            if block.count > 1 {
                throw CommandFailure("'\(text)' is link-local: name its addresses one by one, with their interface")
            }
            throw CommandFailure("'\(text)' is link-local: say on which interface, as \(examples(text, interfaces))")
        default: break
        }
        guard block.count == 1 else { return }
        for interface in interfaces
        where interface.addresses.contains(where: { $0.broadcast == first && $0.address != first }) {
            throw CommandFailure("'\(text)' is the broadcast address of \(interface.name): TCP connects single hosts")
        }
    }

    /// The target with each interface that has a link-local address, at most three.
    private static func examples(_ text: String, _ interfaces: [NetworkInterface]) -> String {
        let names = interfaces.filter { interface in
            interface.addresses.contains { if case .v6 = $0.address { $0.scope != 0 } else { false } }
        }
        .map(\.name)
        if names.isEmpty { return "\(text)%eth0; no interface of this machine has such an address now" }
        return names.prefix(3).map { "\(text)%\($0)" }.joined(separator: " or ")
    }
}
