import Text

/// Writes the text between values. What stands behind a value waits for what stands in front of the next one: they lie
/// side by side where no line was left out, and are one copy then.
struct TreeWords: ~Escapable {
    private let bytes: RawSpan
    /// What has still to be written.
    private var start = 0
    private var end = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func write(before line: TreeText.Line, _ out: inout OutputBuffer) {
        if end == line.start {
            out.append(raw: bytes.extracting(start..<line.front))
        } else {
            out.append(raw: bytes.extracting(start..<end))
            out.append(raw: bytes.extracting(line.start..<line.front))
        }
        (start, end) = (line.front, line.front)
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func keep(behind line: TreeText.Line) { (start, end) = (line.front, line.end) }

    @_lifetime(self: copy self)
    mutating func finish(_ out: inout OutputBuffer) {
        if end > start { out.append(raw: bytes.extracting(start..<end)) }
        start = end
    }
}
