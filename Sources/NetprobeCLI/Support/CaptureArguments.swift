import ArgumentParser

/// `FILE [FILTER …]`: what the commands read that tell of conversations.
struct CaptureArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The capture file; - is standard input.", valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("A capture filter in tcpdump's language.", valueName: "filter"))
    var filter: [String] = []
}
