import ArgumentParser
import Probe
import Rendering
import Sockets

/// `netprobe ifaces`
struct IfacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ifaces",
        abstract: "List the interfaces, and say for each address what it is and who can reach it.",
        discussion: """
            From getifaddrs. Every address is classified: loopback, private (RFC 1918), carrier-grade NAT, link-local, \
            unique local, multicast, documentation, public. Which one reaches the Internet is found with connect() and \
            getsockname() on a datagram socket: no packet is sent.
            Exit status: 0 there is an address, 1 there is none.
            """)

    @OptionGroup var families: FamilyOptions

    @Flag(name: .customLong("br"), help: "A line an interface, as `ip -br addr`.")
    var brief = false

    @Flag(
        name: [.customShort("a"), .long],
        help: "Show interfaces that are down and have no address too (--br always does).")
    var all = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var colour: ColourOption

    func validate() throws {
        if brief && json { throw ValidationError("--br and --json exclude each other.") }
    }

    func run() throws {
        var survey: InterfaceSurvey
        do throws(SocketError) { survey = try InterfaceSurvey.take() } catch { throw CommandFailure(error) }
        if let family = families.family { survey = survey.only(family) }
        let everything = survey.interfaces.count
        survey.interfaces = survey.interfaces.filter { isWanted($0) }
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        let shown: [AddressFamily] = families.family.map { [$0] } ?? [.ipv4, .ipv6]
        if brief {
            InterfaceText.writeBrief(survey, to: &out)
        } else if json {
            InterfaceJSON.write(survey, families: shown, to: &out)
        } else {
            InterfaceText.write(survey, families: shown, to: &out)
        }
        try output.finish(&out)
        let left = everything - survey.interfaces.count
        if left > 0, !brief, !json, families.family == nil {
            Diagnostics.write(
                "\(left) interface\(left == 1 ? " that is" : "s that are") down and without address left out: --all")
        }
        if survey.interfaces.allSatisfy(\.addresses.isEmpty) { throw Status.no }
    }

    /// `ip` leaves out interfaces without an address only where one family was asked for.
    private func isWanted(_ interface: NetworkInterface) -> Bool {
        if !interface.addresses.isEmpty { return true }
        if families.family != nil { return all }
        return brief || all || interface.flags.contains(.up)
    }
}
