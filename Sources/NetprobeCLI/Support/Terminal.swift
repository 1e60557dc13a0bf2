import Sockets

/// The layout of a whole output: how wide it may be.
enum Terminal {
    /// COLUMNS where that is set, as for other programs, else those of the terminal; 100 where the output goes to a
    /// file or a pipe, perhaps to a pager.
    static var columns: Int { known ?? 100 }

    /// The same without a default.
    static var known: Int? {
        if let text = environmentVariable("COLUMNS"), let columns = Int(text), columns > 0 { return columns }
        return StandardStreams.columns(.standardOutput)
    }
}
