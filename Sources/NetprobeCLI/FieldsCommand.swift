import ArgumentParser
import Packets
import Rendering

/// `netprobe fields`
struct FieldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fields",
        abstract: "List the fields that show, filters and -e know: name, type and meaning.",
        discussion: """
            With PATTERN only fields whose name or meaning contains it, letters of either case alike. Names are \
            Wireshark's.
            Exit status: 0; 1 when no field matches.

            Examples:
              netprobe fields tcp.flags
              netprobe fields checksum
            """)

    @Argument(help: ArgumentHelp("A part of a name or meaning.", valueName: "pattern"))
    var pattern: String?

    func run() throws {
        let output = StandardOutput()
        var out = output.buffer(colour: .never)
        var rows: [(name: String, type: String, meaning: String)] = []
        var seen: Set<String> = []
        for group in FieldCatalog.protocols {
            rows.append((group.name, "protocol", group.title))
            for field in group.fields { rows.append((field.name, field.type.name, field.meaning)) }
        }
        rows = rows.filter { row in
            guard seen.insert(row.name).inserted else { return false }
            guard let wanted = pattern?.lowercased() else { return true }
            return row.name.lowercased().contains(wanted) || row.meaning.lowercased().contains(wanted)
        }
        let widths = (rows.map(\.name.utf8.count).max() ?? 0, rows.map(\.type.utf8.count).max() ?? 0)
        for row in rows {
            out.append(text: row.name)
            out.append(spaces: widths.0 - row.name.utf8.count + 2)
            out.append(text: row.type)
            out.append(spaces: widths.1 - row.type.utf8.count + 2)
            out.append(text: row.meaning)
            out.append(ascii: 10)
        }
        try output.finish(&out)
        if rows.isEmpty {
            Diagnostics.write("no field has \"\(pattern ?? "")\" in its name or meaning")
            throw Status.no
        }
    }
}
