import Addressing
import Conversations
import Packets
import Text

/// Writes the two streams of a conversation as they come out of reassembly: what the client sent behind `→`, what the
/// server sent behind `←`, each in its colour. Nothing of it can act on a terminal, except in `raw`.
public struct FollowText {
    /// How the bytes are shown.
    public enum Style: Sendable {
        /// Text: line ends as they are, everything else that is not printable spelled out.
        case text
        /// Sixteen bytes a line, with their position in the stream.
        case hex
        /// The bytes themselves: for files and pipes.
        case raw
        /// Sixty-four bytes a line, and below them where segments and calls begin.
        case ruler
    }

    private let style: Style
    private var turn: Bool?
    private var atLineStart = true
    private var rows: RulerRows

    /// - Parameter boundaries: for `ruler`: where the calls' shares begin.
    public init(_ style: Style, boundaries: StreamBoundaries = StreamBoundaries()) {
        self.style = style
        rows = RulerRows(boundaries)
    }

    /// Writes the next piece of the conversation, or says that bytes are missing there; `raw` leaves gaps out.
    public mutating func write(_ piece: StreamReassembler.Piece, fromClient: Bool, to out: inout OutputBuffer) {
        switch (piece.content, style) {
        case (.gap, .raw): return
        case (.gap(let length), _):
            finish(to: &out)
            out.append(style: .red)
            out.append(fromClient ? "→ " : "← ")
            out.append(
                text: "[\(length) byte\(length == 1 ? "" : "s") not captured, seen from packet \(piece.packet)]\n")
            out.append(style: .plain)
        case (.bytes(let bytes), .raw): out.append(raw: bytes.rawSpan)
        case (.bytes(let bytes), .hex):
            begin(fromClient, &out)
            writeHex(bytes, piece.position, fromClient, &out)
        case (.bytes(let bytes), .text):
            begin(fromClient, &out)
            writeText(bytes, fromClient, &out)
        case (.bytes(let bytes), .ruler):
            if turn != fromClient { finish(to: &out) }
            turn = fromClient
            rows.add(bytes, at: piece.position, packet: piece.packet, fromClient: fromClient, to: &out)
        }
    }

    /// Ends the turn.
    public mutating func finish(to out: inout OutputBuffer) {
        rows.flush(to: &out)
        if turn != nil, style == .text, !atLineStart {
            out.append(ascii: 10)
            atLineStart = true
        }
        if turn != nil { out.append(style: .plain) }
        turn = nil
    }

    /// Names the segments that brought bytes a second time: they do not show in the stream.
    public static func writeRepetitions(_ stream: StreamReassembler, fromClient: Bool, to out: inout OutputBuffer) {
        guard stream.repetitionCount > 0 || stream.strayed > 0 else { return }
        out.append(style: .yellow)
        for repetition in stream.repetitions {
            out.append(fromClient ? "→ " : "← ")
            out.append(
                text:
                    """
                    [packet \(repetition.packet) brought \(repetition.length) byte\(repetition.length == 1 ? "" : "s") \
                    from position \(repetition.position) \
                    again\(repetition.differs ? ", with other content: what came first stands" : "")]\n
                    """
            )
        }
        if stream.repetitionCount > stream.repetitions.count {
            out.append(fromClient ? "→ " : "← ")
            out.append(text: "[and so on, \(stream.repetitionCount) times with \(stream.repeatedBytes) bytes in all]\n")
        }
        if stream.strayed > 0 {
            out.append(fromClient ? "→ " : "← ")
            out.append(
                text:
                    """
                    [\(stream.strayed) segment\(stream.strayed == 1 ? "" : "s") with numbers \
                    outside of any window left out]\n
                    """
            )
        }
        out.append(style: .plain)
    }

    private mutating func begin(_ fromClient: Bool, _ out: inout OutputBuffer) {
        guard turn != fromClient else { return }
        finish(to: &out)
        turn = fromClient
        out.append(style: fromClient ? .cyan : .magenta)
    }

    private mutating func writeText(_ bytes: [UInt8], _ fromClient: Bool, _ out: inout OutputBuffer) {
        var start = 0
        while start < bytes.count {
            if atLineStart { out.append(fromClient ? "→ " : "← ") }
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            FieldText.write(text: bytes.rawSpan.extracting(start..<end), .display, to: &out)
            atLineStart = end < bytes.count
            if atLineStart { out.append(ascii: 10) }
            start = end + 1
        }
    }

    private func writeHex(_ bytes: [UInt8], _ position: UInt64, _ fromClient: Bool, _ out: inout OutputBuffer) {
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = bytes[start..<min(start + 16, bytes.count)]
            out.append(fromClient ? "→ " : "← ")
            let here = position &+ UInt64(start)
            for shift in stride(from: 24, through: 0, by: -8) {
                out.append(hexByte: UInt8(here >> UInt64(shift) & 255))
            }
            out.append(ascii: 32)
            for (index, byte) in row.enumerated() {
                out.append(index == 8 ? "  " : " ")
                out.append(hexByte: byte)
            }
            out.append(spaces: (16 - row.count) * 3 + (row.count <= 8 ? 1 : 0) + 2)
            for byte in row { out.append(ascii: byte >= 32 && byte < 127 ? byte : 46) }
            out.append(ascii: 10)
        }
    }
}

/// Where the shares of the socket calls begin in the two streams: TCP itself keeps no such boundaries.
public struct StreamBoundaries: Sendable {
    /// A call's share of a stream.
    public struct Share: Hashable, Sendable {
        /// Where it begins, in bytes from the stream's first.
        public let position: UInt64
        /// Its bytes.
        public let length: Int

        /// A share that begins at a position.
        public init(position: UInt64, length: Int) {
            self.position = position
            self.length = length
        }
    }

    /// By the sender: `send()` and its like.
    public var sent: (client: [Share], server: [Share]) = ([], [])
    /// By the receiver of what that end sent: `recv()` and its like.
    public var received: (client: [Share], server: [Share]) = ([], [])

    /// No calls are known.
    public init() {}

    /// Lays shares end to end.
    public static func shares(_ lengths: [Int]) -> [Share] {
        var position: UInt64 = 0
        return lengths.map { length in
            defer { position += UInt64(max(0, length)) }
            return Share(position: position, length: length)
        }
    }
}
