import Lab
import Packets
import Rendering
import Sockets
import SystemPackage
import Text

/// Passes the output of programs through, a prefix before each line: `server│ listening`. Errors go where errors go.
///
/// A program may write anything, so what could do harm on a terminal is escaped as in everything that others wrote. A
/// backslash does none and stays as it is: students' programs print `b'HELLO\n'`.
final class ProgramOutput {
    private struct Stream: Hashable {
        let end: String
        let isError: Bool
    }

    private let width: Int
    private let sink: (FileDescriptor, RawSpan) -> Void
    private var lines: [Stream: [UInt8]] = [:]
    /// A line that has no end is cut here.
    private static let longestLine = 4096

    /// - Parameter ends: the names of all programs, so that prefixes are equally long.
    init(ends: [String], sink: @escaping (FileDescriptor, RawSpan) -> Void) {
        width = ends.map(\.count).max() ?? 0
        self.sink = sink
    }

    func take(_ end: SocketCall.End, isError: Bool, _ bytes: [UInt8]) {
        let stream = Stream(end: end.rawValue, isError: isError)
        var line = lines[stream] ?? []
        for byte in bytes {
            if byte == 10 || line.count >= Self.longestLine {
                write(line, stream)
                line = byte == 10 ? [] : [byte]
            } else {
                line.append(byte)
            }
        }
        lines[stream] = line
    }

    /// Writes the last line of a program that has ended, where that line has no newline.
    func finish(_ end: SocketCall.End) {
        for isError in [false, true] {
            let stream = Stream(end: end.rawValue, isError: isError)
            if let line = lines.removeValue(forKey: stream), !line.isEmpty { write(line, stream) }
        }
    }

    private func write(_ line: [UInt8], _ stream: Stream) {
        var text = ByteCollector()
        for byte in stream.end.utf8 { text.append(ascii: byte) }
        for _ in 0..<max(0, width - stream.end.count) { text.append(ascii: 32) }
        for byte in "│ ".utf8 { text.append(ascii: byte) }
        // A carriage return before the newline is a line's end elsewhere; tabs are no harm.
        let shown = line.last == 13 ? line.dropLast() : line[...]
        for part in shown.split(separator: 9, omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 { for _ in 0..<4 { text.append(ascii: 32) } }
            for piece in part.element.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false)
                .enumerated()
            {
                if piece.offset > 0 { text.append(ascii: UInt8(ascii: "\\")) }
                text.append(escaping: Array(piece.element).rawSpan)
            }
        }
        text.append(ascii: 10)
        sink(stream.isError ? .standardError : .standardOutput, text.bytes.rawSpan)
    }
}
