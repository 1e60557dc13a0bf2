import Text

/// Names with what each is for, under headings.
public enum GroupedList {
    /// A heading and the names under it.
    public typealias Group = (title: String, entries: [(name: String, summary: String)])

    /// Writes the groups with a blank line between; summaries begin in one column, and go on below themselves.
    /// - Parameter columns: where lines are broken.
    public static func write(_ groups: [Group], columns: Int, to out: inout OutputBuffer) {
        let width = (groups.flatMap(\.entries).map(\.name.count).max() ?? 0) + 2
        for (index, group) in groups.enumerated() {
            if index > 0 { out.append(ascii: 10) }
            out.append(style: .bold)
            out.append(text: group.title + "\n")
            out.append(style: .plain)
            for entry in group.entries {
                out.append(text: "  " + entry.name)
                out.append(spaces: width - entry.name.count)
                let lines = Paragraph.lines(
                    of: entry.summary, width: columns, first: width + 2, indent: width + 2)
                out.append(text: lines.joined(separator: "\n") + "\n")
            }
        }
    }
}
