import ArgumentParser
import Probe
import Rendering
import Sockets

/// `netprobe resolve NAME|ADDRESS`
struct ResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Ask gethostbyname and getaddrinfo for a name, and for the way back, and say why the answers differ.",
        discussion: """
            An address is asked for its name. Waits for the resolver no longer than --timeout.
            Exit status: 0 found, 1 there is no such name or address, 2 nobody answered.

            Examples:
              netprobe resolve localhost
              netprobe resolve 127.0.0.1
              netprobe resolve fe80::1%eth0
            """)

    @Argument(help: "A host name or an address.")
    var name: String

    @OptionGroup var families: FamilyOptions

    @Option(help: ArgumentHelp("How long to wait for answers.", valueName: "seconds"))
    var timeout = 5.0

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var colour: ColourOption

    func validate() throws {
        if name.isEmpty { throw ValidationError("Name a host or an address.") }
        if !(timeout > 0 && timeout < 1e6) { throw ValidationError("--timeout must be a positive number of seconds.") }
    }

    func run() throws {
        let hosts = HostsFile.parse((try? SystemFile.read("/etc/hosts", limit: 16 << 20)) ?? [])
        let resolution: NameResolution
        do throws(SocketError) {
            resolution = try NameResolver(timeout: .seconds(timeout)).resolve(
                name, family: families.family, hosts: hosts)
        } catch {
            throw CommandFailure(error)
        }
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        if json {
            ResolutionJSON.write(resolution, to: &out)
        } else {
            ResolutionText.write(resolution, scopeName: HostLookup.interfaceName, to: &out)
        }
        try output.finish(&out)
        switch resolution.verdict {
        case .found: return
        case .notFound: throw Status.no
        case .couldNotAsk: throw Status.failed
        }
    }
}
