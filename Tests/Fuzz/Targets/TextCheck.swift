import Packets
import Rendering
import Text

/// Looks at everything that is rendered: it must be UTF-8 without anything that acts on a terminal.
final class TextCheck {
    private(set) var bytes: [UInt8] = []
    private(set) var lines = 0

    /// A buffer whose text comes here. A small block makes every write meet its end sooner or later.
    func buffer(small: Bool) -> OutputBuffer {
        OutputBuffer(capacity: small ? 64 : 1 << 14) { span in
            for offset in 0..<span.byteCount {
                let byte = span.uint8(at: offset)
                self.bytes.append(byte)
                if byte == 10 { self.lines += 1 }
            }
            return true
        }
    }

    /// Checks what came since the last time, and forgets it.
    /// - Parameter lines: how many line ends it must have; nil for any number.
    func check(_ what: String, _ out: inout OutputBuffer, lines expected: Int? = nil) throws(FuzzFinding) {
        out.flush()
        defer {
            bytes.removeAll(keepingCapacity: true)
            lines = 0
        }
        if let expected { try require(lines == expected, "\(what): \(lines) line ends, not \(expected)") }
        var isASCII = true
        for byte in bytes {
            try require(
                byte >= 32 && byte != 127 || byte == 10 || byte == 9, "\(what): writes the control character \(byte)")
            if byte > 127 { isASCII = false }
        }
        if isASCII { return }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FuzzFinding("\(what): is not UTF-8") }
        for scalar in text.unicodeScalars {
            // C1 controls, and what turns the direction of text or hides.
            try require(!(0x80...0x9f).contains(scalar.value), "\(what): writes the control character \(scalar.value)")
            try require(
                scalar.properties.generalCategory != .format, "\(what): writes the format character \(scalar.value)")
        }
    }
}
