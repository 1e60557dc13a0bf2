import ArgumentParser
import Lab

/// How a demo's run is told on standard error, and its exit status.
enum DemoEnding {
    /// What went wrong; nil where the programs came to their end.
    static func text(_ ending: DemoRecording.Ending) -> String? {
        switch ending {
        case .finished: nil
        case .interrupted: "ended by a signal; what was recorded until then is shown"
        case .failed(let error): "\(error)"
        case .stalled(let demo, let time):
            "the demo \(demo) came to a halt: no call and no packet for \(time.components.seconds) s"
        case .captureFailed(let error): NamespaceAdvice.explain(error)
        }
    }

    /// Ends the command with the status of the run; returns where that is 0.
    static func finish(_ recording: DemoRecording, failed: Bool) throws {
        // As a shell tells that a program was ended by a signal.
        if case .interrupted(let signal) = recording.ending { throw ExitCode(128 + signal) }
        if failed || recording.verdicts.contains(where: { if case .notSeen = $0 { true } else { false } }) {
            throw Status.failed
        }
        if recording.verdicts.contains(where: { if case .no = $0 { true } else { false } }) { throw Status.no }
    }
}
