import Addressing
import Conversations
import Packets
import Text
import Timeline

extension LadderText {
    /// Where the lanes of one ladder stand: as wide as what is in them.
    struct Layout {
        private var timeWidth: Int
        private var clientCallWidth: Int
        private var stateWidth: Int
        private var serverStateWidth: Int
        private var numberWidth: Int
        private var arrowWidth: Int
        private var serverCallWidth: Int
        /// Calls stand in the wire's columns.
        private let isNarrow: Bool
        /// States stand below their arrow: beside it there is no room for its label.
        private let isStacked: Bool
        private let hasCalls: Bool
        private let unit: String
        private let columns: Int?

        init(_ diagram: SequenceDiagram, _ cells: [LadderCells], unit: String, columns: Int?) {
            self.unit = unit
            self.columns = columns
            hasCalls = cells.contains { !$0.clientCall.isEmpty || !$0.serverCall.isEmpty }
            func widest(_ text: (LadderCells) -> String) -> Int { cells.map { text($0).count }.max() ?? 0 }
            timeWidth = max(4, widest(\.time))
            clientCallWidth = max(12, widest(\.clientCall))
            serverCallWidth = max(12, widest(\.serverCall))
            stateWidth = max(widest(\.clientState), widest(\.number))
            serverStateWidth = widest(\.serverState)
            numberWidth = max(1, widest(\.number))
            // The ends' addresses stand over the arrow's ends and must not touch.
            let heading = Self.client(diagram).count + Self.server(diagram).count + (hasCalls ? 2 : 16)
            let ends = stateWidth + serverStateWidth + numberWidth + 3
            arrowWidth = max(24, (cells.compactMap { $0.arrow?.count }.max() ?? 0) + 7, heading - ends)
            let wide =
                timeWidth + 2 + clientCallWidth + 2 + stateWidth + 1 + numberWidth + 1 + arrowWidth + 1
                + serverStateWidth + 2 + serverCallWidth
            var others = timeWidth + 2 + stateWidth + numberWidth + serverStateWidth + 3
            let label = (cells.compactMap { $0.arrow?.count }.max() ?? 0) + 6
            isStacked = columns.map { $0 < Self.stackedBelow && others + label > $0 || others + 20 > $0 } ?? false
            if isStacked {
                (stateWidth, serverStateWidth) = (0, 0)
                others = timeWidth + 2 + numberWidth + 1
            }
            let most = columns.map { max(12, $0 - others) } ?? .max
            if !hasCalls {
                isNarrow = true
                arrowWidth = min(arrowWidth, most)
            } else if let columns, wide > columns {
                isNarrow = true
                arrowWidth = most
            } else {
                isNarrow = false
            }
        }

        private static let stackedBelow = 72

        private static func client(_ diagram: SequenceDiagram) -> String {
            guard let conversation = diagram.conversation else { return "" }
            return "\(conversation.client)" + (diagram.isSelfConnected ? " (connected to itself)" : "")
        }

        private static func server(_ diagram: SequenceDiagram) -> String {
            guard let conversation = diagram.conversation else { return "" }
            return diagram.isSelfConnected ? "" : "\(conversation.server)"
        }

        /// Columns between the outer edges of the two states.
        private var wireWidth: Int {
            isStacked
                ? numberWidth + 1 + arrowWidth : stateWidth + 1 + numberWidth + 1 + arrowWidth + 1 + serverStateWidth
        }

        func writeHeading(_ diagram: SequenceDiagram, _ out: inout OutputBuffer) {
            var client = (isNarrow ? "client " : "") + Self.client(diagram)
            var server = (isNarrow && !Self.server(diagram).isEmpty ? "server " : "") + Self.server(diagram)
            if isStacked, diagram.isSelfConnected, let conversation = diagram.conversation {
                (client, server) = ("client \(conversation.client)", "connected to itself")
            }
            out.append(style: .bold)
            let left = isNarrow ? "" : pad("client calls", clientCallWidth) + "  "
            out.append(text: padLeft(unit, timeWidth) + "  " + left)
            if isNarrow, client.count + 1 + server.count > wireWidth {
                // Two long IPv6 addresses: a line each.
                out.append(text: client)
                out.append(ascii: 10)
                out.append(text: padLeft(server, timeWidth + 2 + wireWidth))
            } else {
                let ends = pad(client, max(client.count + 1, wireWidth - server.count)) + server
                out.append(text: isNarrow ? ends : pad(ends, wireWidth) + "  server calls")
            }
            out.append(style: .plain)
            out.append(ascii: 10)
        }

        /// A line that stands for rows that are not there, in the wire's columns; broken between its parts where it is
        /// long.
        func writeNote(_ parts: [String], centred: Bool, _ out: inout OutputBuffer) {
            let indent = timeWidth + 2 + (isNarrow ? 0 : clientCallWidth + 2)
            let width = columns.map { $0 - indent } ?? .max
            var lines: [String] = []
            for part in parts {
                if let last = lines.last, last.count + 2 + part.count <= width - 2 {
                    lines[lines.count - 1] = last + ", " + part
                } else {
                    lines.append(part)
                }
            }
            for (index, line) in lines.enumerated() {
                let place = centred ? max(0, (wireWidth - line.count) / 2) : 0
                out.append(spaces: indent + place)
                out.append(style: .yellow)
                out.append(
                    text: (centred ? "" : index == 0 ? "⋮ " : "  ") + line
                        + (!centred && index + 1 < lines.count ? "," : ""))
                out.append(style: .plain)
                out.append(ascii: 10)
            }
        }

        func write(_ row: LadderCells, _ out: inout OutputBuffer) {
            out.append(style: .dim)
            out.append(text: padLeft(row.time, timeWidth))
            out.append(style: .plain)
            out.append("  ")
            if isStacked {
                writeStacked(row, &out)
            } else if isNarrow {
                writeNarrow(row, &out)
            } else {
                writeWide(row, &out)
            }
            out.append(ascii: 10)
        }

        private func writeStacked(_ row: LadderCells, _ out: inout OutputBuffer) {
            if let label = row.arrow {
                out.append(text: padLeft(row.number, numberWidth))
                out.append(ascii: 32)
                writeArrow(label, row, &out)
            } else if !row.clientCall.isEmpty {
                writeCall(fitted(row.clientCall, wireWidth), width: 0, row, &out)
            } else {
                writeCall(padLeft(fitted(row.serverCall, wireWidth), wireWidth), width: 0, row, &out)
            }
            guard !row.clientState.isEmpty || !row.serverState.isEmpty else { return }
            out.append(ascii: 10)
            out.append(spaces: timeWidth + 2)
            let between =
                row.serverState.isEmpty ? 0 : max(1, wireWidth - row.clientState.count - row.serverState.count)
            writeState(row.clientState + String(repeating: " ", count: between) + row.serverState, &out)
        }

        private func writeWide(_ row: LadderCells, _ out: inout OutputBuffer) {
            let right = row.serverCall.isEmpty && row.serverState.isEmpty && row.arrow == nil
            writeCall(row.clientCall, width: right ? 0 : clientCallWidth, row, &out)
            if right { return }
            out.append("  ")
            writeWire(row, trailing: row.serverCall.isEmpty, &out)
            if row.serverCall.isEmpty { return }
            out.append("  ")
            writeCall(row.serverCall, width: 0, row, &out)
        }

        /// Calls take the wire's columns: the client's from the left, the server's from the right.
        private func writeNarrow(_ row: LadderCells, _ out: inout OutputBuffer) {
            if row.arrow != nil {
                writeWire(row, trailing: true, &out)
            } else if !row.clientCall.isEmpty {
                writeCall(fitted(row.clientCall, wireWidth), width: 0, row, &out)
            } else {
                let state = row.serverState.isEmpty ? "" : " \(row.serverState)"
                let call = fitted(row.serverCall, wireWidth - state.count)
                out.append(spaces: max(0, wireWidth - call.count - state.count))
                writeCall(call, width: 0, row, &out)
                writeState(state, &out)
            }
        }

        private func writeCall(_ text: String, width: Int, _ row: LadderCells, _ out: inout OutputBuffer) {
            out.append(style: row.failed ? .red : .plain)
            out.append(text: pad(text, width))
            if row.failed { out.append(style: .plain) }
        }

        private func writeWire(_ row: LadderCells, trailing: Bool, _ out: inout OutputBuffer) {
            writeState(pad(row.clientState, stateWidth), &out)
            out.append(ascii: 32)
            if let label = row.arrow {
                out.append(text: padLeft(row.number, numberWidth))
                out.append(ascii: 32)
                writeArrow(label, row, &out)
            } else {
                out.append(spaces: numberWidth + 1 + arrowWidth)
            }
            if trailing, row.serverState.isEmpty { return }
            out.append(ascii: 32)
            writeState(trailing ? row.serverState : pad(row.serverState, serverStateWidth), &out)
        }

        private func writeState(_ text: String, _ out: inout OutputBuffer) {
            out.append(style: .green)
            out.append(text: text)
            out.append(style: .plain)
        }

        /// `── SYN seq 0 ─────────▶` or `◀── SYN+ACK seq 0 ack 1 ──`; `── SYN seq 0 ─────────╮` comes back to its
        /// sender.
        private func writeArrow(_ label: String, _ row: LadderCells, _ out: inout OutputBuffer) {
            let shown = label.count > arrowWidth - 6 ? fitted(row.cutArrow ?? label, arrowWidth - 6) : label
            let line = String(repeating: "─", count: max(0, arrowWidth - shown.count - 6))
            out.append(style: row.remarkable ? .red : .cyan)
            switch row.direction {
            case .right: out.append(text: "── \(shown) \(line)─▶")
            case .left: out.append(text: "◀─ \(shown) \(line)──")
            case .back: out.append(text: "◀─ \(shown) \(line)─╯")
            }
            out.append(style: .plain)
        }

        /// The text, cut off on the right where it is too long.
        private func fitted(_ text: String, _ width: Int) -> String {
            text.count > width ? String(text.prefix(max(0, width - 1))) + "…" : text
        }

        private func pad(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        private func padLeft(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
    }
}
