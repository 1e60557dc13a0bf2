import Addressing
import Testing

@testable import Sockets

@Suite struct CallArgumentTests {
    private static let peer = Endpoint(.v4(.loopback), 53)
    private static let linkLocal = Endpoint("[fe80::1%2]:80")

    /// Each kind is written in one way and read from it again.
    @Test func everyKindHasOneSpelling() throws {
        let kinds: [(CallArgument, String)] = [
            (.address(Self.peer), "127.0.0.1:53"), (.address(try #require(Self.linkLocal)), "[fe80::1%2]:80"),
            (.bytes(1), "1 byte"), (.bytes(12), "12 bytes"), (.bytes(-1), "-1 bytes"),
            (.message(bytes: 7, peer: Self.peer), "7 bytes 127.0.0.1:53"),
            (.message(bytes: 1, peer: Self.peer), "1 byte 127.0.0.1:53"),
            (.messages(1), "1 message"), (.messages(4), "4 messages"),
            (.number(1024), "1024"), (.number(-1), "-1"), (.number(.max), "\(Int.max)"),
            (.symbol("AF_INET"), "AF_INET"), (.symbols(["MSG_PEEK", "MSG_DONTWAIT"]), "MSG_PEEK|MSG_DONTWAIT"),
            (.symbols(["MSG_PEEK", "0x8000"]), "MSG_PEEK|0x8000"),
            (.descriptor(4, toWrite: false), "fd 4"), (.descriptor(4, toWrite: true), "fd 4 to write"),
            (.timeout(milliseconds: 500), "500 ms"), (.timeout(milliseconds: nil), "no timeout"),
            (.unknown, "?"), (.text("on, 0 s"), "on, 0 s"),
        ]
        for (kind, text) in kinds {
            #expect(kind.description == text)
            #expect(CallArgument(text) == kind)
        }
    }

    /// What is spelled otherwise than a kind's value is would not come back the same: it is text.
    @Test(arguments: [
        "", " ", "1 bytes", "12 byte", "01", "+1", "-0", "1  byte", "12 bytes ", "12 bytes 127.0.0.1", "4 ms ",
        "04 ms", "1 messages", "fd", "fd x", "fd 04", "fd 4 to read", "fd 4 to write ", "no timeout ", "some timeout",
        "99999999999999999999", "127.0.0.1:080", "[0:0::1]:1", "A||B", "|A", "A|", "A b", "Ab", "A|0xG", "?1", "/tmp/x",
        "é", "\u{0}", "x byte",
    ])
    func everythingElseIsText(text: String) {
        #expect(CallArgument(text) == .text(text))
        #expect(CallArgument(text).description == text)
    }

    @Test func constantsAreFoundAloneAndJoined() {
        var call = SocketCallCommentTests.connect
        for (text, isThere) in [
            ("MSG_PEEK", true), ("MSG_DONTWAIT|MSG_PEEK", true), ("MSG_PEEKED", false), ("", false),
        ] {
            call.arguments = ["1024", CallArgument(text)]
            #expect(call.has("MSG_PEEK") == isThere)
        }
    }
}
