import Addressing
import Packets

/// The text of a display filter. What compiles is asked of every sample packet; what does not must say so in harmless
/// text.
enum FilterTarget {
    static func run(_ input: [UInt8]) throws {
        let text = String(decoding: input, as: UTF8.self)
        do {
            var filter = try DisplayFilter(text)
            for sample in Sample.all {
                var dissection = Dissection()
                Dissector().dissect(
                    sample.bytes.rawSpan, linkType: .ethernet, wireLength: sample.bytes.count, into: &dissection)
                let first = filter.matches(sample.bytes.rawSpan, dissection, sample.facts, sample.notes)
                let second = filter.matches(sample.bytes.rawSpan, dissection, sample.facts, sample.notes)
                try require(first == second, "asked twice, it answers \(first), then \(second)")
            }
        } catch let error as DisplayFilterError {
            try require(
                0 <= error.range.lowerBound && error.range.upperBound <= text.utf8.count,
                "the place \(error.range) is not in the text")
            let told = error.description
            try require(
                !told.utf8.contains { $0 < 32 && $0 != 10 || $0 == 127 }, "an error that acts on terminals: \(told)")
        }
    }

    private struct Sample: Sendable {
        let bytes: [UInt8]
        var facts = PacketFacts()
        let notes = PacketNotes(comments: ["a comment", "tcp"], interfaceName: "lo")

        init(_ hex: String) {
            let digits = hex.compactMap(\.hexDigitValue)
            bytes = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
            facts.number = 7
            facts.timestamp = Timestamp(seconds: 1_763_708_400, nanoseconds: 303_981_123)
            facts.capturedLength = bytes.count
            facts.wireLength = bytes.count
            facts.sinceFirst = 1_500_000_000
            facts.sincePrevious = -1
            facts.commentCount = 2
            facts.interface = 0
            facts.hasInterfaceName = true
            var numbers = TransportFacts()
            numbers.tcpStream = 3
            numbers.sequence = 1
            numbers.has = [.stream, .sequence]
            facts.transport = numbers
        }

        static let all = [
            // TCP with timestamps, "GET /a HTTP/1.1", Host.
            Sample(
                """
                140c768ffe28d0509956ddf90800 4500005d37324000800600000a000001 0a000002
                fcba00504a3f089772bc8d66801804020589 0000 0101080a0000000100000002
                474554202f6120485454502f312e310d0a486f73743a20622e6578616d706c650d0a0d0a0000
                """),
            // DNS over UDP over IPv6: A www.example.com.
            Sample(
                """
                33330000000102000000000186dd 60000000002911402001 0db80000000000000000000000012001 \
                0db8000000000000000000000002
                d4310035 00290000 123401000001000000000000 03777777076578616d706c6503636f6d0000010001
                """),
            // An ICMP error that quotes a datagram.
            Sample(
                """
                0200000000010200000000020800 45000038000100004001 00000a0000010a000002 0303000000000000
                4500001c000200003f1100000a0000020b0000011234003500080000
                """),
            // ARP, and nothing at all.
            Sample("ffffffffffff0200000000010806 0001080006040001 0200000000010a000001 0000000000000a000002"),
            Sample(""),
        ]
    }
}
