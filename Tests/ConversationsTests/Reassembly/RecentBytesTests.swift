import Packets
import Testing

@testable import Conversations

/// Bytes that come again are compared with those that came first.
@Suite struct RecentBytesTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func overlapsWithOtherBytesAreFound() throws {
        var recent = RecentBytes()
        recent.note(sequence: 100, bytes("0123456789").rawSpan, packet: 4)
        let found0 = recent.conflict(sequence: 100, bytes("0123456789").rawSpan)
        #expect(found0 == nil)
        let found1 = recent.conflict(sequence: 110, bytes("ABCDE").rawSpan)
        #expect(found1 == nil)
        let found2 = recent.conflict(sequence: 105, bytes("ABCDEFGHIJ").rawSpan)
        let conflict = try #require(found2)
        #expect(conflict.sequence == 105 && conflict.length == 5 && conflict.packet == 4)
        #expect(conflict.earlier == bytes("56789") && conflict.later == bytes("ABCDE"))
        let found3 = recent.conflict(sequence: 95, bytes("abcde0x2").rawSpan)
        let before = try #require(found3)
        #expect(before.sequence == 101 && before.length == 1)
    }

    /// Numbers wrap, and what came first stands.
    @Test func numbersWrap() throws {
        var recent = RecentBytes()
        recent.note(sequence: .max - 1, bytes("abcd").rawSpan, packet: 1)
        recent.note(sequence: .max - 1, bytes("aXcd").rawSpan, packet: 2)
        let found4 = recent.conflict(sequence: 0, bytes("cd").rawSpan)
        #expect(found4 == nil)
        let found5 = recent.conflict(sequence: .max, bytes("X").rawSpan)
        let conflict = try #require(found5)
        #expect(conflict.earlier == bytes("b") && conflict.packet == 1)
    }

    @Test func theOldestSegmentsAreForgotten() {
        var recent = RecentBytes(runs: 2, bytes: 4)
        for (index, sequence) in [0, 10, 20].enumerated() as EnumeratedSequence<[UInt32]> {
            recent.note(sequence: sequence, bytes("abcdefgh").rawSpan, packet: index)
        }
        let found6 = recent.conflict(sequence: 0, bytes("X").rawSpan)
        #expect(found6 == nil)
        let found7 = recent.conflict(sequence: 10, bytes("X").rawSpan)
        #expect(found7 != nil)
        // Of each only so many bytes are kept.
        let found8 = recent.conflict(sequence: 14, bytes("X").rawSpan)
        #expect(found8 == nil)
    }

    @Test func emptyPayloadsAreNoConflict() {
        var recent = RecentBytes()
        recent.note(sequence: 0, [UInt8]().rawSpan, packet: 1)
        let found9 = recent.conflict(sequence: 0, bytes("a").rawSpan)
        #expect(found9 == nil)
    }
}

@Suite struct PayloadTextTests {
    @Test(arguments: [
        ("Hello", "Hello", false), ("a\r\n", "a\r\n", false), ("\u{1}", "", false), ("grüß", "grüß", false),
        (String(repeating: "a", count: 50), String(repeating: "a", count: 40), true),
        // A character that the limit would cut through is left out.
        (String(repeating: "a", count: 39) + "ü!", String(repeating: "a", count: 39), true),
        ("\u{202e}abc", "", false), ("", "", false),
    ])
    func whatIsText(payload: String, text: String, isCut: Bool) {
        let bytes = Array(payload.utf8)
        let found = PayloadText(bytes.rawSpan)
        #expect(found.text == text && (found.isCut == isCut || text.isEmpty))
    }

    @Test func brokenUTF8IsNone() {
        #expect(PayloadText([0xff, 0xfe]).isEmpty)
        #expect(PayloadText([0x61, 0xc3]).isEmpty)
    }
}
