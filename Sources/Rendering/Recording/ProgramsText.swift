import Diagnosis
import Text

/// How the programs of a run ended, a line each.
public enum ProgramsText {
    /// Writes the lines.
    public static func write(_ programs: [ProgramEnd], to out: inout OutputBuffer) {
        let width = (programs.map(\.end.rawValue.count).max() ?? 0) + 2
        for program in programs {
            out.append(escaping: program.end.rawValue)
            out.append(spaces: max(1, width - program.end.rawValue.count))
            out.append(text: text(program) + "\n")
        }
    }

    /// `ended with status 1`
    public static func text(_ program: ProgramEnd) -> String {
        switch program.ending {
        case .exited(let status): "ended with status \(status)"
        case .killed(let signal): "was killed by signal \(signal)"
        case .notStarted(let errno): "could not be started (\(errno.escapedForDisplay))"
        case .stopped: program.isServer ? "was ended: it would have gone on" : "was ended"
        case .leftRunning: "goes on"
        case .neverStarted: "was not started: a server did not listen by then"
        }
    }
}
