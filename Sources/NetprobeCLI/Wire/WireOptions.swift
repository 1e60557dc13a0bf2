import ArgumentParser
import Lab
import Packets

/// The wire between two hosts, for `demo` and `run`.
struct WireOptions: ParsableArguments {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case loopback
        case twoHosts = "two-hosts"
    }

    static let discussion = """
        The wire: with --wire two-hosts the client runs on a host of its own, 10.0.0.1 (fd00::1), and the server on \
        another, 10.0.0.2 (fd00::2), joined by Ethernet with an MTU of 1500 and without offloads. Both ends are \
        captured, and the ladder has a column for each host. --delay, --jitter, --loss, --duplicate, --reorder, --rate \
        and --corrupt make the wire worse, both ways alike; with -up behind the name only from the client to the \
        server, with -down only back (--loss-down 5%). Each of them, and --drop, implies --wire two-hosts. The same \
        --seed hits the same packets.
        """

    @Option(help: ArgumentHelp("loopback, or two-hosts: client and server on hosts of their own.", valueName: "kind"))
    var wire: Kind?

    @Option(
        help: ArgumentHelp("How long a packet is under way, each way: 40ms, 1.5s, 250us.", valueName: "time"),
        transform: WireArgument.duration)
    var delay: Duration?

    @Option(
        help: ArgumentHelp("By how much the delay varies, up and down.", valueName: "time"),
        transform: WireArgument.duration)
    var jitter: Duration?

    @Option(
        help: ArgumentHelp("The share of packets that are lost: 10%.", valueName: "percent"),
        transform: WireArgument.share)
    var loss: Double?

    @Option(
        help: ArgumentHelp("The share of packets that arrive twice.", valueName: "percent"),
        transform: WireArgument.share)
    var duplicate: Double?

    @Option(
        help: ArgumentHelp(
            "The share of packets that are held back by 10 ms, so that others overtake them.", valueName: "percent"),
        transform: WireArgument.share)
    var reorder: Double?

    @Option(
        help: ArgumentHelp("Bits a second that fit through: 1mbit, 64kbit.", valueName: "rate"),
        transform: WireArgument.rate)
    var rate: Int?

    @Option(
        help: ArgumentHelp("The share of packets that arrive with a bit flipped.", valueName: "percent"),
        transform: WireArgument.share)
    var corrupt: Double?

    @Option(
        help: ArgumentHelp(
            """
            Lose exactly these packets: "client SYN 1", "server data 2-4", "client ACK all"; the kind is SYN, SYN-ACK, \
            ACK, data, FIN, RST, datagram or packet. May be given several times.
            """,
            valueName: "packets"), transform: WireArgument.drop)
    var drop: [ScriptedEvent] = []

    @Option(
        help: ArgumentHelp("Chooses which packets are hit: the same number, the same packets.", valueName: "number"))
    var seed: UInt64?

    @OptionGroup(visibility: .hidden) var up: UpOptions
    @OptionGroup(visibility: .hidden) var down: DownOptions

    /// What was asked for of one direction, or of both.
    struct Wishes {
        var delay, jitter: Duration?
        var loss, duplicate, reorder, corrupt: Double?
        var rate: Int?

        func apply(to impairment: inout LinkImpairment) {
            if let delay { impairment.delay = delay }
            if let jitter { impairment.jitter = jitter }
            if let loss { impairment.loss = loss }
            if let duplicate { impairment.duplicate = duplicate }
            if let reorder { impairment.reorder = reorder }
            if let corrupt { impairment.corrupt = corrupt }
            if let rate { impairment.rate = rate }
        }

        /// The first option that was given.
        func firstGiven(_ suffix: String) -> String? {
            let given: [(String, Bool)] = [
                ("delay", delay != nil), ("jitter", jitter != nil), ("loss", loss != nil),
                ("duplicate", duplicate != nil),
                ("reorder", reorder != nil), ("rate", rate != nil), ("corrupt", corrupt != nil),
            ]
            return given.first { $0.1 }.map { "--\($0.0)\(suffix)" }
        }
    }

    private var both: Wishes {
        Wishes(
            delay: delay, jitter: jitter, loss: loss, duplicate: duplicate, reorder: reorder, corrupt: corrupt,
            rate: rate)
    }

    /// The first option that wants two hosts.
    var firstGiven: String? {
        both.firstGiven("") ?? up.wishes.firstGiven("-up") ?? down.wishes.firstGiven("-down")
            ?? (drop.isEmpty ? nil : "--drop")
            ?? (seed == nil ? nil : "--seed")
    }

    func validate() throws {
        if wire == .loopback, let option = firstGiven {
            throw ValidationError("\(option) is for --wire two-hosts: loopback does nothing to packets.")
        }
    }

    /// The wire between two hosts that was asked for; nil for loopback.
    ///
    /// - Parameter needed: what a demo brings along; options change it.
    func impairments(needed: Impairments? = nil) -> Impairments? {
        guard wire == .twoHosts || firstGiven != nil || (needed != nil && wire == nil) else { return nil }
        var impairments = needed ?? Impairments()
        for direction in WireDirection.allCases {
            both.apply(to: &impairments[direction])
            (direction == .up ? up.wishes : down.wishes).apply(to: &impairments[direction])
        }
        if !drop.isEmpty { impairments.script = drop }
        if let seed { impairments.seed = seed }
        return impairments
    }
}

/// Only from the client to the server.
struct UpOptions: ParsableArguments {
    @Option(transform: WireArgument.duration) var delayUp: Duration?
    @Option(transform: WireArgument.duration) var jitterUp: Duration?
    @Option(transform: WireArgument.share) var lossUp: Double?
    @Option(transform: WireArgument.share) var duplicateUp: Double?
    @Option(transform: WireArgument.share) var reorderUp: Double?
    @Option(transform: WireArgument.rate) var rateUp: Int?
    @Option(transform: WireArgument.share) var corruptUp: Double?

    var wishes: WireOptions.Wishes {
        WireOptions.Wishes(
            delay: delayUp, jitter: jitterUp, loss: lossUp, duplicate: duplicateUp, reorder: reorderUp,
            corrupt: corruptUp, rate: rateUp)
    }
}

/// Only from the server to the client.
struct DownOptions: ParsableArguments {
    @Option(transform: WireArgument.duration) var delayDown: Duration?
    @Option(transform: WireArgument.duration) var jitterDown: Duration?
    @Option(transform: WireArgument.share) var lossDown: Double?
    @Option(transform: WireArgument.share) var duplicateDown: Double?
    @Option(transform: WireArgument.share) var reorderDown: Double?
    @Option(transform: WireArgument.rate) var rateDown: Int?
    @Option(transform: WireArgument.share) var corruptDown: Double?

    var wishes: WireOptions.Wishes {
        WireOptions.Wishes(
            delay: delayDown, jitter: jitterDown, loss: lossDown, duplicate: duplicateDown, reorder: reorderDown,
            corrupt: corruptDown,
            rate: rateDown)
    }
}

/// Reads the values of the options.
enum WireArgument {
    @Sendable static func duration(_ text: String) throws -> Duration {
        guard let value = WireQuantity.duration(text) else {
            throw ValidationError("write a time such as 40ms, 1.5s or 250us, an hour at most.")
        }
        return value
    }

    @Sendable static func share(_ text: String) throws -> Double {
        guard let value = WireQuantity.share(text) else {
            throw ValidationError("write a share from 0% to 100%, such as 10% or 0.1%.")
        }
        return value
    }

    @Sendable static func rate(_ text: String) throws -> Int {
        guard let value = WireQuantity.rate(text) else {
            throw ValidationError("write a rate such as 1mbit, 64kbit or 1.5gbit.")
        }
        return value
    }

    @Sendable static func drop(_ text: String) throws -> ScriptedEvent {
        do throws(ScriptedEvent.SyntaxError) { return try ScriptedEvent(.drop, text) } catch {
            throw ValidationError("\(error)")
        }
    }
}
