import Sockets

/// The terminal that standard output goes to.
enum Terminal {
    /// Its columns; nil where the output goes to a file or a pipe. COLUMNS overrules, as for other programs.
    static var columns: Int? {
        if let text = environmentVariable("COLUMNS"), let columns = Int(text), columns > 0 { return columns }
        return StandardStreams.columns(.standardOutput)
    }
}
