import ArgumentParser

/// `--color`, as every command has it that prints for people.
struct ColourOption: ParsableArguments {
    @Option(
        name: .customLong("color"),
        help: ArgumentHelp("Colour: auto, always or never. NO_COLOR turns auto off.", valueName: "when"))
    var choice = ColourChoice.auto
}
