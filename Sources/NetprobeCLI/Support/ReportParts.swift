import ArgumentParser

/// Which parts of a report are printed behind the verdict, the picture and the programs' ends.
struct ReportParts: ParsableArguments {
    @Flag(help: "Also a line for each packet.")
    var packets = false

    @Flag(help: "Also the card of each handshake and teardown.")
    var cards = false

    @Flag(help: "Also what each conversation cost: packets, bytes, time.")
    var account = false

    @Flag(name: .shortAndLong, help: "All of these.")
    var verbose = false

    @Flag(help: "Leave out the ladder.")
    var noLadder = false

    @Flag(help: "Leave out what the packets carry.")
    var noData = false

    var showsPackets: Bool { packets || verbose }
    var showsCards: Bool { cards || verbose }
    var showsAccount: Bool { account || verbose }

    /// What else there is to see, for who asked for nothing.
    static let more = "More: --packets, --cards, --account, or -v for all of them."
}
