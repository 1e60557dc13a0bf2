import Addressing
import Probe
import Sockets

/// The targets of a scan: read, resolved, counted. What cannot be used is told at once, and the others are scanned.
struct ScanTargets {
    private(set) var blocks: [TargetBlock] = []
    private(set) var hasFailures = false
    private let family: AddressFamily?
    /// Whether every address of a name is a target, or only the first.
    private let takesAllAddresses: Bool
    private let interfaces: [NetworkInterface]

    /// How many addresses a scan takes without asking.
    private static let mostAddresses: UInt64 = 256
    private static let resolverTimeout = Duration.seconds(5)

    init(family: AddressFamily?, takesAllAddresses: Bool) {
        self.family = family
        self.takesAllAddresses = takesAllAddresses
        interfaces = (try? InterfaceAddresses.all()) ?? []
    }

    mutating func add(_ text: String) {
        do {
            for block in try blocks(of: TargetText(text)) {
                if let family, AddressFamily(of: block.ends.first) != family {
                    let digit = family == .ipv4 ? 4 : 6
                    throw CommandFailure("'\(text)' is not an IPv\(digit) address, as -\(digit) asks for")
                }
                try UnaskableTarget.check(block, text, interfaces)
                blocks.append(block)
            }
        } catch let error as CommandFailure {
            fail(error.message)
        } catch {
            fail("\(error)")
        }
    }

    /// Reads a file of targets: any number a line, set apart by blanks; what follows # is a comment.
    mutating func read(file path: String) throws(CommandFailure) {
        let bytes: [UInt8]
        do throws(CommandFailure) { bytes = try TextFile.read(path) } catch { throw error }
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.split(whereSeparator: \.isNewline) {
            for word in line.prefix(while: { $0 != "#" }).split(whereSeparator: \.isWhitespace) { add(String(word)) }
        }
    }

    /// Asks for `--yes` before many addresses or public ones are scanned, so that a typing error does no harm.
    func confirm(yes: Bool) throws(CommandFailure) {
        if yes { return }
        let count = blocks.reduce(UInt64(0)) { $0.addingReportingOverflow($1.count).overflow ? .max : $0 + $1.count }
        if count > Self.mostAddresses {
            throw CommandFailure("these are \(count) addresses; say --yes to scan more than \(Self.mostAddresses)")
        }
        if let block = blocks.first(where: \.isPublicBlock) {
            throw CommandFailure(
                """
                \(block.ends.first) to \(block.ends.last) are public addresses, other people's \
                machines; say --yes if you may scan them
                """
            )
        }
    }

    /// What is left out of a scan: addresses, blocks and names, in a list with commas. One that cannot be read ends
    /// the command: the user wants it left alone.
    func excluded(_ list: String) throws(CommandFailure) -> [TargetBlock] {
        do {
            return try TargetText.list(list).flatMap { try blocks(of: TargetText($0), all: true) }
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure("--exclude: \(error)")
        }
    }

    private func blocks(of text: TargetText, all: Bool = false) throws -> [TargetBlock] {
        switch text {
        case .block(let block):
            return [block]
        case .zoned(let address, let zone):
            guard let scope = UInt32(zone) ?? HostLookup.scope(ofInterface: zone) else {
                throw CommandFailure("there is no interface '\(zone)'; `netprobe ifaces` lists those there are")
            }
            let name = HostLookup.interfaceName(ofScope: scope)
            return [.single(ScanTarget(.v6(address), scope: scope, zone: name))]
        case .name(let name, let prefix):
            var endpoints = try resolve(name)
            var others: [IPAddress] = []
            if !all, !takesAllAddresses {
                others = endpoints.dropFirst().map(\.address)
                endpoints = Array(endpoints.prefix(1))
            }
            return try endpoints.map { endpoint in
                let length = if case .v4 = endpoint.address { 32 } else { 128 }
                if let prefix, prefix < length { return try TargetBlock(endpoint.address, prefix: prefix) }
                let zone = endpoint.scope == 0 ? nil : HostLookup.interfaceName(ofScope: endpoint.scope)
                return .single(
                    ScanTarget(
                        endpoint.address, scope: endpoint.scope, zone: zone, name: name, otherAddresses: others))
            }
        }
    }

    /// The addresses of a name, each once: first IPv4, if it has one and -6 was not asked for, as nmap chooses.
    private func resolve(_ name: String) throws(CommandFailure) -> [Endpoint] {
        let family = family
        let answer: Result<AddressList, ResolverError>?
        do throws(SocketError) {
            answer = try BackgroundCall { HostLookup.addresses(of: name, family: family) }.wait(
                atMost: Self.resolverTimeout)
        } catch {
            throw CommandFailure("cannot look up '\(name)': \(error)")
        }
        switch answer {
        case nil:
            throw CommandFailure(
                "cannot look up '\(name)': no name server answered within \(Self.resolverTimeout.components.seconds) s")
        case .failure(let error): throw CommandFailure("cannot look up '\(name)': \(error.reason)")
        case .success(let list):
            var found: [Endpoint] = []
            for endpoint in list.endpoints where !found.contains(endpoint) { found.append(endpoint) }
            if found.isEmpty { throw CommandFailure("'\(name)' has no address") }
            return found.filter { AddressFamily(of: $0.address) == .ipv4 }
                + found.filter { AddressFamily(of: $0.address) != .ipv4 }
        }
    }

    private mutating func fail(_ message: String) {
        hasFailures = true
        Diagnostics.write(message)
    }
}

/// The names of scanned addresses. Once the resolver has kept a lookup waiting, no other is made: a scan must not wait
/// for it.
struct HostNames {
    private var looksUp: Bool
    private static let patience = Duration.milliseconds(500)

    init(looksUp: Bool) { self.looksUp = looksUp }

    mutating func name(of host: HostScan) -> String? {
        if let name = host.target.name { return name }
        guard looksUp, !host.isSkipped else { return nil }
        let endpoint = Endpoint(host.target.address, 0, scope: host.target.scope)
        guard let answer = try? BackgroundCall({ HostLookup.name(of: endpoint) }).wait(atMost: Self.patience) else {
            looksUp = false
            return nil
        }
        return try? answer.get()
    }
}
