extension OutputBuffer {
    /// How a piece of text looks on a terminal with colours.
    public enum Style: Sendable {
        /// As the terminal's user has it; ends every other style.
        case plain
        case bold, dim, green, yellow, red, blue, magenta, cyan
    }

    /// Switches to a style where colours are on (ECMA-48 section 8.3.117, SGR).
    @inlinable @inline(__always)
    public mutating func append(style: Style) {
        if colours { write(style) }
    }

    @inline(never)
    @usableFromInline
    mutating func write(_ style: Style) {
        switch style {
        case .plain: append("\u{1B}[0m")
        case .bold: append("\u{1B}[1m")
        case .dim: append("\u{1B}[2m")
        case .red: append("\u{1B}[31m")
        case .green: append("\u{1B}[32m")
        case .yellow: append("\u{1B}[33m")
        case .blue: append("\u{1B}[34m")
        case .magenta: append("\u{1B}[35m")
        case .cyan: append("\u{1B}[36m")
        }
    }
}
