import ArgumentParser
import Services
import Testing

@testable import NetprobeCLI

/// What the command line means, without running anything.
@Suite struct ServeParseTests {
    @Test func flags() throws {
        let command = try ServeCommand.parse([
            "tcp-echo", "--bind", "::1", "--port", "0", "--max", "3", "--timeout", "0", "--calls", "--nodelay",
        ])
        #expect(
            command.name == .tcpEcho && command.sockets.bind == ["::1"] && command.sockets.port == 0
                && command.limits.max == 3)
        #expect(command.limits.idle == nil && command.logs.calls && command.sockets.options(idle: nil).noDelay)
    }

    @Test func progress() {
        #expect(
            ProgressBar.line(512_000_000, 1_024_000_000, rate: 256_000_000, columns: 80)
                == "[#################.................] 50 %  512 MB of 1.0 GB  256 MB/s  2 s left")
        #expect(ProgressBar.line(0, 0, rate: 0, columns: 60).hasSuffix("] 100 %  0 B of 0 B  0 B/s"))
        #expect(ProgressBar.line(1, 3, rate: 0, columns: 20) == "33 %  1 B of 3 B  0 B/s")
        #expect(
            ProgressBar.size(999) == "999 B" && ProgressBar.size(1000) == "1.0 kB"
                && ProgressBar.size(123_456) == "123 kB")
    }
}
