import Testing
import Text

@testable import Rendering

@Suite struct ShellWordTests {
    @Test(arguments: [
        ("captures/tcp-echo.pcapng", "captures/tcp-echo.pcapng"), ("a b;$(id).pcap", "'a b;$(id).pcap'"),
        ("it's.pcap", #"'it'\''s.pcap'"#),
        ("-w.pcap", "./-w.pcap"), ("", "''"), ("größe.pcap", "'größe.pcap'"),
    ]) func oneWordWhateverItHolds(text: String, word: String) {
        #expect(text.asShellWord == word)
    }
}
