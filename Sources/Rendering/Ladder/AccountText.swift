import Conversations
import Packets
import Text

/// What a conversation cost, in a few lines; two of them side by side.
public enum AccountText {
    /// Writes one conversation's account.
    public static func write(_ account: ConversationAccount, to out: inout OutputBuffer) {
        writeTable([("", account)], &out)
    }

    /// TCP and UDP side by side: the same message, what each protocol needed for it.
    public static func writeComparison(
        _ columns: [(name: String, account: ConversationAccount)], to out: inout OutputBuffer
    ) {
        writeTable(columns, &out)
    }

    private static func writeTable(_ columns: [(name: String, account: ConversationAccount)], _ out: inout OutputBuffer)
    {
        let rows: [(String, (ConversationAccount) -> String)] = [
            (
                "packets",
                { "\($0.packets) (\($0.fromClient.packets) from the client, \($0.fromServer.packets) from the server)" }
            ),
            ("bytes on the wire", { "\($0.wireBytes)" }),
            ("payload bytes", { "\($0.payloadBytes)" }),
            ("overhead", { "\($0.overheadBytes) bytes\(share($0))" }),
            ("time", { DurationText.text(known: $0.duration) }),
        ]
        let width = columns.map { column in
            max(column.name.count, rows.map { $0.1(column.account).count }.max() ?? 0) + 3
        }
        func write(_ label: String, _ cells: [String]) {
            var line = label + String(repeating: " ", count: max(1, 20 - label.count))
            for (cell, width) in zip(cells, width) {
                line += cell + String(repeating: " ", count: max(0, width - cell.count))
            }
            while line.last == " " { line.removeLast() }
            out.append(text: line + "\n")
        }
        if columns.count > 1 { write("", columns.map(\.name)) }
        for (label, cell) in rows { write(label, columns.map { cell($0.account) }) }
    }

    private static func share(_ account: ConversationAccount) -> String {
        guard account.wireBytes > 0 else { return "" }
        return " (\((account.overheadBytes * 100 + account.wireBytes / 2) / account.wireBytes) % of the wire)"
    }
}
