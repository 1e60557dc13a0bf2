import Diagnosis
import Packets
import Sockets
import Testing

@testable import Lab
@testable import NetprobeCLI

/// What `netprobe run` and `netprobe serve` say, without running anything.
@Suite struct RunWordsTests {
    /// A backslash does no harm and stays; what could move a cursor does not.
    @Test func outputIsPassedThrough() {
        var shown: [UInt8] = []
        let output = ProgramOutput(ends: ["client"]) { _, bytes in
            for index in 0..<bytes.byteCount { shown.append(bytes.uint8(at: index)) }
        }
        output.take(.client, isError: false, Array("b'HELLO\\n' \\\\host\\\u{1b}[2J\u{202e}é\n".utf8))
        #expect(String(decoding: shown, as: UTF8.self) == "client│ b'HELLO\\n' \\\\host\\\\x1b[2J\\xe2\\x80\\xaeé\n")
    }

    @Test func theEndOfALookIsNoFailure() {
        func recording(_ ending: ProgramEnding, _ stop: RunRecording.Stop?) -> RunRecording {
            RunRecording(
                records: [], interfaces: [], statistics: [], wire: nil, calls: [],
                endings: [("program", false, ending)], ended: [:], isTraced: true,
                unreadableLines: 0, withRings: [], traceErrors: [], stop: stop, gap: nil)
        }
        #expect(RunReport.succeeded(recording(.leftRunning, .timeout)))
        #expect(!RunReport.succeeded(recording(.stopped, .timeout)))
        #expect(!RunReport.succeeded(recording(.neverStarted, .timeout)))
        #expect(RunReport.succeeded(recording(.exited(0), nil)))
    }

    @Test func adviceOnAnAddressInUse() {
        #expect(ServiceSession.addressAdvice(reuses: true).hasPrefix("--reuseaddr does not help"))
        #expect(ServiceSession.addressAdvice(reuses: false).contains("a server that had it, too"))
        #expect(ServiceSession.advice(on: UnixPath("/tmp/a\u{1b}"), .nobody).contains(#"(rm /tmp/a\x1b)"#))
    }
}
