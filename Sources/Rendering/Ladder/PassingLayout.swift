import Text
import Timeline

/// A ladder of what was captured at one place: times, the client's calls, its end of the wire, the server's end, its
/// calls.
///
///     µs  client calls          127.0.0.1:47280                    127.0.0.1:65432  server calls
///    524                        SYN-SENT     1 ── SYN seq 0 ────▶ SYN-RECEIVED
///
/// Where the terminal is too narrow for four lanes, or where there are no calls, calls stand in the same columns as the
/// arrows.
struct PassingLayout: LadderLayout {
    private let scene: Scene
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

    init(_ scene: Scene, _ rows: LadderRows, columns: Int?) {
        self.scene = scene
        unit = rows.clock.unit
        self.columns = columns
        timeWidth = max(4, rows.widest(\.time))
        let calls = (rows.widest(\.clientCall), rows.widest(\.serverCall))
        hasCalls = max(calls.0, calls.1) > 0
        clientCallWidth = max(12, calls.0)
        serverCallWidth = max(12, calls.1)
        let number = rows.widest { $0.arrow?.number ?? "" }
        stateWidth = max(rows.widest(\.clientState), number)
        serverStateWidth = rows.widest(\.serverState)
        numberWidth = max(1, number)
        let longest = rows.widest { $0.arrow?.briefLabel ?? "" }
        let longestWithData = rows.widest { $0.arrow?.label ?? "" }
        // The ends' addresses stand over the arrow's ends and must not touch.
        let heading = Self.client(scene).count + Self.server(scene).count + (hasCalls ? 2 : 16)
        let ends = stateWidth + serverStateWidth + numberWidth + 3
        arrowWidth = max(24, longest + 7, heading - ends)
        let wide =
            timeWidth + 2 + clientCallWidth + 2 + stateWidth + 1 + numberWidth + 1 + arrowWidth + 1
            + serverStateWidth + 2 + serverCallWidth
        var others = timeWidth + 2 + stateWidth + numberWidth + serverStateWidth + 3
        let label = longest + 6
        let withData = max(arrowWidth, longestWithData + 7)
        isStacked = columns.map { $0 < Self.stackedBelow && others + label > $0 || others + 20 > $0 } ?? false
        if isStacked {
            (stateWidth, serverStateWidth) = (0, 0)
            others = timeWidth + 2 + numberWidth + 1
        }
        let most = columns.map { max(12, $0 - others) } ?? .max
        if !hasCalls {
            isNarrow = true
            arrowWidth = min(withData, most)
        } else if let columns, wide > columns {
            isNarrow = true
            arrowWidth = most
        } else {
            isNarrow = false
            // What the packets carry takes the room that is left.
            arrowWidth = min(withData, columns.map { arrowWidth + $0 - wide } ?? .max)
        }
    }

    private static let stackedBelow = 72

    private static func client(_ scene: Scene) -> String {
        guard let ends = scene.exchanges.first else { return "" }
        return "\(ends.client)" + (ends.isSelfConnected ? " (connected to itself)" : "")
    }

    private static func server(_ scene: Scene) -> String {
        guard let ends = scene.exchanges.first, !ends.isSelfConnected else { return "" }
        return "\(ends.server)"
    }

    /// Columns between the outer edges of the two states.
    private var wireWidth: Int {
        isStacked
            ? numberWidth + 1 + arrowWidth : stateWidth + 1 + numberWidth + 1 + arrowWidth + 1 + serverStateWidth
    }

    func writeHeading(_ out: inout OutputBuffer) {
        let names =
            scene.exchanges.first.map { $0.transport.endNames(to: $0.server) } ?? (client: "client", server: "server")
        var client = (isNarrow ? names.client + " " : "") + Self.client(scene)
        var server = (isNarrow && !Self.server(scene).isEmpty ? names.server + " " : "") + Self.server(scene)
        if isStacked, let ends = scene.exchanges.first, ends.isSelfConnected {
            (client, server) = ("client \(ends.client)", "connected to itself")
        }
        out.append(style: .bold)
        let left = isNarrow ? "" : "client calls".padded(clientCallWidth) + "  "
        out.append(text: unit.padded(left: timeWidth) + "  " + left)
        if isNarrow, client.count + 1 + server.count > wireWidth {
            // Two long IPv6 addresses: a line each.
            out.append(text: client)
            out.append(ascii: 10)
            out.append(text: server.padded(left: timeWidth + 2 + wireWidth))
        } else {
            let ends = client.padded(max(client.count + 1, wireWidth - server.count)) + server
            out.append(text: isNarrow ? ends : ends.padded(wireWidth) + "  server calls")
        }
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    /// A line that stands for rows that are not there, in the wire's columns; broken between its parts where it is
    /// long.
    func write(note parts: [String], isSilence: Bool, _ out: inout OutputBuffer) {
        let indent = timeWidth + 2 + (isNarrow ? 0 : clientCallWidth + 2)
        let width = columns.map { $0 - indent } ?? .max
        var lines: [String] = []
        for part in isSilence ? ["··· \(parts.joined(separator: ", ")) ···"] : parts {
            if let last = lines.last, last.count + 2 + part.count <= width - 2 {
                lines[lines.count - 1] = last + ", " + part
            } else {
                lines.append(part)
            }
        }
        for (index, line) in lines.enumerated() {
            let place = isSilence ? max(0, (wireWidth - line.count) / 2) : 0
            out.append(spaces: indent + place)
            out.append(style: .yellow)
            out.append(
                text: (isSilence ? "" : index == 0 ? "⋮ " : "  ") + line
                    + (!isSilence && index + 1 < lines.count ? "," : ""))
            out.append(style: .plain)
            out.append(ascii: 10)
        }
    }

    func write(_ row: LadderCells, _ out: inout OutputBuffer) {
        out.append(style: .dim)
        out.append(text: row.time.padded(left: timeWidth))
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
        if let arrow = row.arrow {
            out.append(text: arrow.number.padded(left: numberWidth))
            out.append(ascii: 32)
            write(arrow, &out)
        } else if !row.clientCall.isEmpty {
            writeCall(row.clientCall.fitted(wireWidth), width: 0, row, &out)
        } else {
            writeCall(row.serverCall.fitted(wireWidth).padded(left: wireWidth), width: 0, row, &out)
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
            writeCall(row.clientCall.fitted(wireWidth), width: 0, row, &out)
        } else {
            let state = row.serverState.isEmpty ? "" : " \(row.serverState)"
            let call = row.serverCall.fitted(wireWidth - state.count)
            out.append(spaces: max(0, wireWidth - call.count - state.count))
            writeCall(call, width: 0, row, &out)
            writeState(state, &out)
        }
    }

    private func writeCall(_ text: String, width: Int, _ row: LadderCells, _ out: inout OutputBuffer) {
        out.append(style: row.failed ? .red : .plain)
        out.append(text: text.padded(width))
        if row.failed { out.append(style: .plain) }
    }

    private func writeWire(_ row: LadderCells, trailing: Bool, _ out: inout OutputBuffer) {
        writeState(row.clientState.padded(stateWidth), &out)
        out.append(ascii: 32)
        if let arrow = row.arrow {
            out.append(text: arrow.number.padded(left: numberWidth))
            out.append(ascii: 32)
            write(arrow, &out)
        } else {
            out.append(spaces: numberWidth + 1 + arrowWidth)
        }
        if trailing, row.serverState.isEmpty { return }
        out.append(ascii: 32)
        writeState(trailing ? row.serverState : row.serverState.padded(serverStateWidth), &out)
    }

    private func writeState(_ text: String, _ out: inout OutputBuffer) {
        out.append(style: .green)
        out.append(text: text)
        out.append(style: .plain)
    }

    /// `── SYN seq 0 ─────────▶` or `◀── SYN+ACK seq 0 ack 1 ──`; `── SYN seq 0 ─────────╮` comes back to its
    /// sender.
    private func write(_ arrow: LadderCells.Arrow, _ out: inout OutputBuffer) {
        // A label that needs the room has an arrow without much of a shaft.
        let isTight = arrow.label.count > arrowWidth - 6
        let room = arrowWidth - (isTight ? 4 : 6)
        let shown = arrow.label(fitting: room)
        let line = String(repeating: "─", count: max(0, room - shown.count))
        out.append(style: arrow.isRemarkable ? .red : .cyan)
        switch arrow.direction {
        case .right where isTight: out.append(text: "─ \(shown) \(line)▶")
        case .left where isTight: out.append(text: "◀ \(shown) \(line)─")
        case .right: out.append(text: "── \(shown) \(line)─▶")
        case .left: out.append(text: "◀─ \(shown) \(line)──")
        case .back: out.append(text: "◀─ \(shown) \(line)─╯")
        }
        out.append(style: .plain)
    }
}
