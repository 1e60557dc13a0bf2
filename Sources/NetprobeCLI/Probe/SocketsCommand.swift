import Addressing
import ArgumentParser
import Platform
import Probe
import Rendering
import Sockets
import SystemPackage

/// `netprobe sockets`
struct SocketsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sockets",
        abstract: "List this machine's TCP and UDP sockets, who has them and from where they can be reached.",
        discussion: """
            A passive socket waits for others (a listener, a bound UDP socket); an active one has a peer, and its \
            four-tuple is unique. "Reachable from" follows from the address that a socket is bound to; firewalls are \
            not looked at. Ports are well-known, registered or dynamic (RFC 6335). Owners of other users' sockets are \
            shown to root only. Linux only.
            Exit status: 0 there are such sockets, 1 there are none, 2 this system does not tell.
            """)

    @Flag(name: [.customShort("t"), .customLong("tcp")], help: "TCP only.")
    var tcp = false

    @Flag(name: [.customShort("u"), .customLong("udp")], help: "UDP only.")
    var udp = false

    @Flag(name: [.customShort("l"), .customLong("listening")], help: "Passive sockets only.")
    var listening = false

    @Flag(
        name: [.customShort("n"), .customLong("numeric")], help: "Taken as ss takes it; addresses are always numeric.")
    var numeric = false

    @Flag(name: [.customShort("p"), .customLong("processes")], help: "Taken as ss takes it; owners are always shown.")
    var processes = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var colour: ColourOption

    func run() throws {
        guard HostSystem.isLinux else {
            throw CommandFailure("this system has no /proc/net to read sockets from; `netstat -an` lists them")
        }
        let transports: Set<Transport> = tcp == udp ? [.tcp, .udp] : tcp ? [.tcp] : [.udp]
        let survey: SocketSurvey
        do throws(Errno) {
            survey = try SocketSurvey.take(transports, passiveOnly: listening)
        } catch {
            throw CommandFailure("cannot read /proc/net: \(error); is /proc mounted?")
        }
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        if json {
            SocketJSON.write(survey, to: &out)
        } else if !survey.entries.isEmpty {
            SocketText.write(survey, columns: Terminal.columns, to: &out)
        }
        try output.finish(&out)
        if survey.isPartlyHidden, !json { Diagnostics.write("other users' processes are hidden; sudo shows them") }
        if survey.entries.isEmpty {
            if !json { Diagnostics.write("no such sockets") }
            throw Status.no
        }
    }
}
