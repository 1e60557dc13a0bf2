import Addressing
import Capture
import Sockets

/// The names that `--resolve` shows: those that the capture carries first, then the system's.
final class AddressNames {
    private var known: [IPAddress: String?] = [:]
    private let lookup = ReverseLookup()

    /// Takes in what a capture's Name Resolution Blocks say.
    func add(_ names: [NamedAddress]) {
        for entry in names where known[entry.address] == nil { known[entry.address] = entry.name }
    }

    func name(of address: IPAddress) -> String? {
        if let name = known[address] { return name }
        let name = lookup.name(of: address)
        known[address] = .some(name)
        return name
    }
}
