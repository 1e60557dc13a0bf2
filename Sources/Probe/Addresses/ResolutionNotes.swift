import Addressing
import Sockets

/// Why the answers of a resolution are as they are, or differ.
public enum ResolutionNote: Hashable, Sendable {
    /// gethostbyname has no IPv6: so many addresses only getaddrinfo gave.
    case onlyIPv4FromOldCall(missing: Int)
    /// A line of /etc/hosts has the name, so the DNS was not asked for it.
    case hostsFile(HostsLine)
    /// 127.0.1.1: Debian and Ubuntu give it to the machine's own name.
    case ownNameOnLoopback(IPAddress)
    /// The same IPv4 addresses, in another order.
    case otherOrder
    /// IPv4 addresses that only one of the two calls gave.
    case otherAddresses
    /// The same address several times in gethostbyname's list: /etc/hosts has several lines for it.
    case repeated(IPAddress)
    /// One call answered, the other did not.
    case onlyOneAnswered
    /// The name of the address is another one.
    case otherNameBack(IPAddress, String)
    /// No name leads to this address.
    case noWayBack(IPAddress)
    /// The question is a number that inet_aton(3) reads as this address.
    case numberForm(IPAddress)
    /// A resolver did not answer in time.
    case silence(Duration)

    /// What is worth saying about an answer, in the order in which it is shown.
    public static func notes(on resolution: NameResolution) -> [ResolutionNote] {
        var notes: [ResolutionNote] = resolution.hostsLines.map { .hostsFile($0) }
        let old = resolution.hostEntry?.answer?.addresses ?? []
        let new = resolution.addressList.answer?.endpoints.map(\.address) ?? []
        for address in Set(old + new) where isDebianLoopback(address) { notes.append(.ownNameOnLoopback(address)) }
        if resolution.address == nil {
            if let number = NumberForm.address(resolution.question), (old + new).contains(.v4(number)) {
                notes.append(.numberForm(.v4(number)))
            }
            notes += comparison(resolution, old, new)
        }
        notes += wayBack(resolution)
        for case .silent(let time)? in [resolution.hostEntry.flatMap(erased), erased(resolution.addressList)]
            + resolution.names.map({ erased($0.lookup) })
        {
            notes.append(.silence(time))
            break
        }
        return notes
    }

    private static func isDebianLoopback(_ address: IPAddress) -> Bool { address == .v4(IPv4Address(127, 0, 1, 1)) }

    private static func comparison(_ resolution: NameResolution, _ old: [IPAddress], _ new: [IPAddress])
        -> [ResolutionNote]
    {
        guard let entry = resolution.hostEntry else { return [] }
        var notes: [ResolutionNote] = []
        let newIPv4 = new.filter { AddressFamily(of: $0) == .ipv4 }
        if new.count > newIPv4.count, !newIPv4.isEmpty || entry.answer == nil {
            notes.append(.onlyIPv4FromOldCall(missing: new.count - newIPv4.count))
        }
        for address in Set(old) where old.count(where: { $0 == address }) > 1 { notes.append(.repeated(address)) }
        if (entry.answer == nil) != (resolution.addressList.answer == nil) {
            notes.append(.onlyOneAnswered)
        } else if entry.answer != nil, Set(old) != Set(newIPv4) {
            notes.append(.otherAddresses)
        } else if Set(old).count > 1, unique(old) != newIPv4 {
            notes.append(.otherOrder)
        }
        return notes
    }

    private static func wayBack(_ resolution: NameResolution) -> [ResolutionNote] {
        guard resolution.address == nil else { return [] }
        let known =
            [resolution.question, resolution.hostEntry?.answer?.name, resolution.addressList.answer?.canonicalName]
            .compactMap(\.self)
            + (resolution.hostEntry?.answer?.aliases ?? [])
        return resolution.names.compactMap { reverse -> ResolutionNote? in
            switch reverse.lookup {
            case .answered(let name, _):
                known.contains { HostsFile.plain($0) == HostsFile.plain(name) }
                    ? nil : .otherNameBack(reverse.endpoint.address, name)
            case .failed(let error, _) where error.meaning == .notFound: .noWayBack(reverse.endpoint.address)
            default: nil
            }
        }
    }

    private static func unique(_ addresses: [IPAddress]) -> [IPAddress] {
        var seen: Set<IPAddress> = []
        return addresses.filter { seen.insert($0).inserted }
    }

    /// The silence in a lookup, whatever was asked for.
    private static func erased<Answer>(_ lookup: Lookup<Answer>) -> Lookup<Never>? {
        if case .silent(let time) = lookup { .silent(after: time) } else { nil }
    }
}
