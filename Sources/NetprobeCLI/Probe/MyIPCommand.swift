import ArgumentParser
import Probe
import Rendering
import Sockets

/// `netprobe myip`
struct MyIPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "myip",
        abstract: "Say which addresses this machine has, and under which one others see it.",
        discussion: """
            Local: gethostname, gethostbyname(gethostname()) as the course does it, and what the interfaces say. \
            Public: several providers are asked at once by STUN (RFC 8489) and by plain HTTP; as soon as two agree the \
            rest is not waited for.
            The mapped address beside the socket's own tells whether a NAT stands between.
            --stun and --http replace the built-in providers. There is no TLS here, so no https.
            Exit status: 0 there is an answer, 1 there is none (each provider's failure is told), 2 could not ask.

            Examples:
              netprobe myip --local
              netprobe myip --stun 192.0.2.7:3478 --public
            """)

    @Option(parsing: .singleValue, help: ArgumentHelp("Ask this STUN server; may be repeated.", valueName: "host:port"))
    var stun: [String] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Ask this web service, which answers with a line of text; may be repeated.", valueName: "url"))
    var http: [String] = []

    @Flag(help: "Only what this machine itself knows; nothing is sent.")
    var local = false

    @Flag(name: .customLong("public"), help: "Only what others see.")
    var onlyPublic = false

    @OptionGroup var families: FamilyOptions

    @Option(help: ArgumentHelp("How long to wait for answers.", valueName: "seconds"))
    var timeout = 5.0

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var colour: ColourOption

    func validate() throws {
        for text in stun where AddressProvider.stun(text) == nil {
            throw ValidationError("--stun '\(text)' is not HOST:PORT.")
        }
        for text in http where PlainHTTP.URL(text) == nil {
            throw ValidationError(
                text.lowercased().hasPrefix("https:")
                    ? "--http \(text): there is no TLS here; give an http:// address."
                    : "--http '\(text)' is not an http:// URL.")
        }
        if local && onlyPublic {
            throw ValidationError("--local and --public exclude each other; leave both out for both.")
        }
        if local && !(stun.isEmpty && http.isEmpty) {
            throw ValidationError("--local asks nobody: leave out --stun and --http.")
        }
        if !(timeout > 0 && timeout < 1e6) { throw ValidationError("--timeout must be a positive number of seconds.") }
    }

    private var providers: [AddressProvider] {
        let given =
            stun.compactMap { AddressProvider.stun($0) } + http.compactMap { PlainHTTP.URL($0).map { .http($0) } }
        return given.isEmpty ? AddressProvider.wellKnown : given
    }

    func run() throws {
        let asked: [AddressFamily] = families.family.map { [$0] } ?? [.ipv4, .ipv6]
        let time = Duration.seconds(timeout)
        let start = ContinuousClock.now
        // The own name may take as long to resolve as any other: beside the rest.
        let name = onlyPublic ? nil : try? HostLookup.ownName()
        let lookup = try name.map { name in
            try attempt { () throws(SocketError) in
                try BackgroundCall {
                    let begin = ContinuousClock.now
                    return (HostLookup.entry(of: name), ContinuousClock.now - begin)
                }
            }
        }
        let reports =
            local
            ? nil
            : try attempt { () throws(SocketError) in
                try PublicAddressQuestion(providers: providers, families: asked, timeout: time).ask()
            }
        var identity: LocalIdentity?
        if !onlyPublic {
            let entry: Lookup<HostEntry>? = try lookup.map { call in
                let left = max(.zero, time - (ContinuousClock.now - start))
                switch try attempt({ () throws(SocketError) in try call.wait(atMost: left) }) {
                case (.success(let entry), let taken)?: return .answered(entry, after: taken)
                case (.failure(let error), let taken)?: return .failed(error, after: taken)
                case nil: return .silent(after: time)
                }
            }
            var survey = try attempt { () throws(SocketError) in try InterfaceSurvey.take() }
            if let family = families.family { survey = survey.only(family) }
            identity = LocalIdentity(name: name, entry: entry, survey: survey)
        }
        try write(identity, reports, asked)
        let hasLocal =
            identity?.survey.interfaces.contains { !$0.flags.contains(.loopback) && !$0.addresses.isEmpty } ?? false
        let hasPublic = reports?.contains { $0.address != nil } ?? false
        // What was asked for is the public address, except with --local.
        if local ? !hasLocal : !hasPublic { throw Status.no }
    }

    private func write(_ identity: LocalIdentity?, _ reports: [ProviderReport]?, _ asked: [AddressFamily]) throws {
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        if json {
            PublicAddressText.writeJSON(identity, reports, families: asked, to: &out)
        } else {
            if let identity { PublicAddressText.write(identity, to: &out) }
            if let reports {
                if identity != nil { out.append(ascii: 10) }
                PublicAddressText.write(reports, families: asked, to: &out)
            }
        }
        try output.finish(&out)
    }
}
