import ArgumentParser
import Packets
import Rendering
import Text

/// `-T`: the shape of the output.
enum OutputShape: String, ExpressibleByArgument, CaseIterable {
    case text
    case fields
    case json
    case ndjson
}

/// What lines show, and what goes with them.
struct LineOptions: ParsableArguments {
    @Flag(
        name: .customShort("t"),
        help:
            """
            Times: -t none, -tt since 1970, -ttt since the line before, -tttt with the \
            date, -ttttt since the first line.
            """
    )
    var time: Int

    @Flag(name: .long, help: "Times with nine decimals instead of six.")
    var nano = false

    @Flag(name: [.customShort("#"), .customLong("number")], help: "Number the packets.")
    var number = false

    @Flag(
        name: [.customShort("S"), .customLong("absolute")],
        help: "Sequence numbers as sent, not relative to the connection's first.")
    var absolute = false

    @Flag(name: .long, help: "Show the link header (tcpdump's -e).")
    var link = false

    @Flag(
        name: .long,
        help:
            "Mark what TCP analysis finds, in Wireshark's words ([TCP Dup ACK 12#3]), and packets captured twice."
    )
    var marks = false

    @Flag(name: [.customShort("n"), .customLong("numeric")], help: "Numbers instead of names: the default.")
    var numeric: Int

    @Flag(name: .customShort("v"), help: "All fields of all layers as a tree instead of a line.")
    var tree: Int

    @Flag(name: .long, help: "Draw each header as its RFC does, with the values of the packet.")
    var headers = false

    @Flag(name: .customShort("x"), help: "The bytes in hexadecimal; -xx with the link header.")
    var hex: Int

    @Flag(name: .customShort("X"), help: "The bytes in hexadecimal and ASCII; -XX with the link header.")
    var hexAndASCII: Int

    @Flag(name: .customShort("A"), help: "The bytes in ASCII; -AA with the link header.")
    var ascii: Int

    func validate() throws {
        if [hex, hexAndASCII, ascii].count(where: { $0 > 0 }) > 1 {
            throw ValidationError("-x, -X and -A exclude each other.")
        }
    }

    /// Whether anything but lines is asked for: trees, header boxes, bytes.
    var showsMore: Bool { tree > 0 || headers || dump != nil }

    var timeStyle: TimeStyle {
        switch time {
        case 0: .timeOfDay
        case 1: .none
        case 2: .epoch
        case 3: .sincePrevious
        case 4: .dateAndTime
        default: .sinceFirst
        }
    }

    var lineOptions: PacketLine.Options {
        var options = PacketLine.Options()
        options.number = number
        options.absoluteNumbers = absolute
        options.link = link
        return options
    }

    /// What to dump, and whether with the link header.
    var dump: (style: HexDump.Style, whole: Bool)? {
        if hexAndASCII > 0 { return (.hexAndASCII, hexAndASCII > 1) }
        if hex > 0 { return (.hex, hex > 1) }
        if ascii > 0 { return (.ascii, ascii > 1) }
        return nil
    }
}

/// `-T`, `-e`, `-E`: fields instead of lines.
struct FieldOptions: ParsableArguments {
    @Option(
        name: .customShort("T", allowingJoined: true),
        help: ArgumentHelp("text, fields, json or ndjson.", valueName: "shape"))
    var shape = OutputShape.text

    @Option(
        name: .customShort("e", allowingJoined: true),
        help: ArgumentHelp("A field to print with -T fields, json or ndjson; several times.", valueName: "field"))
    var fields: [String] = []

    @Option(
        name: .customShort("E", allowingJoined: true),
        help: ArgumentHelp(
            """
            For -T fields: separator=/t|/s|CHAR, occurrence=f|l|a, aggregator=,|/s|CHAR, \
            header=y|n, quote=d|s|n, bom=y|n.
            """,
            valueName: "option"))
    var settings: [String] = []

    func validate() throws {
        if shape == .text, !fields.isEmpty { throw ValidationError("-e needs -T fields, -T json or -T ndjson.") }
        if shape == .fields, fields.isEmpty { throw ValidationError("-T fields needs -e FIELD.") }
        if shape != .fields, !settings.isEmpty { throw ValidationError("-E needs -T fields.") }
        _ = try tableOptions()
    }

    /// tshark's `-E`.
    func tableOptions() throws -> FieldTable.Options {
        var options = FieldTable.Options()
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[1].isEmpty else {
                throw ValidationError("-E wants NAME=VALUE, not \"\(setting.escapedForDisplay)\".")
            }
            switch (parts[0], parts[1]) {
            case ("separator", let value): options.separator = try Self.character(value, setting)
            case ("aggregator", let value): options.aggregator = try Self.character(value, setting)
            case ("occurrence", "f"): options.occurrence = .first
            case ("occurrence", "l"): options.occurrence = .last
            case ("occurrence", "a"): options.occurrence = .all
            case ("header", "y"): options.header = true
            case ("header", "n"): options.header = false
            case ("bom", "y"): options.byteOrderMark = true
            case ("bom", "n"): options.byteOrderMark = false
            case ("quote", "d"): options.quote = UInt8(ascii: "\"")
            case ("quote", "s"): options.quote = UInt8(ascii: "'")
            case ("quote", "n"): options.quote = nil
            default: throw ValidationError("-E does not know \"\(setting.escapedForDisplay)\": see --help.")
            }
        }
        return options
    }

    private static func character(_ value: String, _ setting: String) throws -> UInt8 {
        switch value {
        case "/t", "\\t": return 9
        case "/s": return 32
        default:
            guard value.utf8.count == 1, let byte = value.utf8.first else {
                throw ValidationError("-E \(setting.escapedForDisplay): one ASCII character, /t or /s.")
            }
            return byte
        }
    }

    /// The fields, looked up.
    func namedFields() throws(CommandFailure) -> [NamedField] {
        var found: [NamedField] = []
        for name in fields {
            guard let field = NamedField(name) else { throw CommandFailure(Self.unknown(name)) }
            found.append(field)
        }
        return found
    }

    static func unknown(_ name: String) -> String {
        let near = FieldCatalog.nearest(to: name)
        let advice =
            near.isEmpty ? "\"netprobe fields\" lists all of them" : "did you mean \(near.joined(separator: ", "))?"
        return "no field is called \"\(name)\": \(advice)"
    }
}
