import Testing
import Text

@Suite struct EscapingTests {
    private func json(_ bytes: [UInt8]) -> String {
        var text = ByteCollector()
        text.append(json: bytes.span)
        return text.text
    }

    private func shown(_ bytes: [UInt8]) -> String {
        var text = ByteCollector()
        text.append(escaping: bytes.span)
        return text.text
    }

    @Test func nothingActsOnATerminal() {
        #expect("a\u{1b}[2J\u{7f}\u{85}\u{202e}b".escapedForDisplay == "a\\x1b[2J\\x7f\\xc2\\x85\\xe2\\x80\\xaeb")
        #expect("C:\\tmp é → 日本".escapedForDisplay == "C:\\\\tmp é → 日本")
        #expect(shown([0x61, 0xc3, 0x28, 0xff, 0xed, 0xa0, 0x80]) == "a\\xc3(\\xff\\xed\\xa0\\x80")
        #expect(shown([0xf0, 0x9f, 0x98]) == "\\xf0\\x9f\\x98")
    }

    @Test func whatIsEscapedAlreadyKeepsItsBackslashes() {
        var text = ByteCollector()
        text.append(guarding: "a\\x1b\u{1b}")
        #expect(text.text == "a\\x1b\\x1b")
    }

    @Test func jsonStringsHoldAnything() {
        #expect(
            json(Array("\"\\\n\r\t\u{1}\u{7f}é\u{202e}\u{e0041}".utf8))
                == "\\\"\\\\\\n\\r\\t\\u0001\\u007fé\\u202e\\udb40\\udc41")
        // A replacement character for as many bytes as could have begun one character (Unicode 3.9, table 3-8).
        #expect(json([0x61, 0xf1, 0x80, 0x80, 0xe1, 0x80, 0xc2, 0x62]) == "a\u{fffd}\u{fffd}\u{fffd}b")
        #expect(json([0xc0, 0xaf]) == "\u{fffd}\u{fffd}")
        #expect(json([0xed, 0xa0, 0x80]) == "\u{fffd}\u{fffd}\u{fffd}")
    }

    @Test func everyPrefixOfEveryLengthOfCharacterIsRead() {
        let text = Array("é€😀".utf8)
        for length in 0...text.count {
            #expect(json(Array(text.prefix(length))) == String(decoding: text.prefix(length), as: UTF8.self))
        }
    }

    @Test func markup() {
        #expect("<b a=\"1\" b='2'>&".escapedForMarkup == "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;")
        #expect("a;b#c<d".escapedForMermaid == "a#59;b#35;c#lt;d")
        #expect("a|`b`".asMarkdownCode == "`a\\|'b'`")
        #expect("".asMarkdownCode == "")
    }
}

@Suite struct NumberTests {
    @Test(
        arguments: [
            (0, "0 ns"), (999, "999 ns"), (1_500, "2 µs"), (999_499, "999 µs"), (999_500, "1.00 ms"),
            (999_994_999, "999.99 ms"), (999_995_000, "1.000 s"), (-61_000, "-61 µs"),
        ] as [(Int64, String)])
    func durations(_ nanoseconds: Int64, _ text: String) {
        #expect(DurationText.text(nanoseconds: nanoseconds) == text)
    }

    @Test func durationsAreClamped() {
        #expect(Duration.seconds(Int64.max).clampedNanoseconds == .max)
        #expect(Duration.seconds(Int64.min).clampedNanoseconds == .min)
        #expect(Duration.milliseconds(-1500).clampedNanoseconds == -1_500_000_000)
        #expect(Duration.nanoseconds(41_400_000).inWords == "41 ms")
        #expect(Duration.seconds(Int64.max).inWords.hasSuffix(" s"))
    }

    @Test(
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (951_782_400, "2000-02-29"), (1_763_706_000, "2025-11-21"),
            (-62_167_219_200, "0000-01-01"), (-62_167_219_201, "-0001-12-31"), (253_402_300_800, "10000-01-01"),
        ] as [(Int64, String)])
    func dates(_ seconds: Int64, _ text: String) {
        var date = ByteCollector()
        CivilDate(seconds: seconds).write(to: &date)
        #expect(date.text == text)
    }
}
