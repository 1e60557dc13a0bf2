import Testing

@testable import Packets

/// TCP options that say less than their definition has: the options that follow and the payload stay unread, as in
/// tshark 4.0.17, where each of these was tried. Options of one fixed length are merely passed when theirs is another.
@Suite struct TCPOptionSizeTests {
    private static let question: [UInt8] = [0, 17, 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]

    private func segment(_ options: [UInt8]) -> [UInt8] {
        var options = options
        while options.count % 4 != 0 { options.append(0) }
        let ports: [UInt8] = [0x9c, 0x40, 0, 53, 0, 0, 0, 1, 0, 0, 0, 2]
        return ports + [UInt8(5 + options.count / 4) << 4, 0x18, 1, 0, 0, 0, 0, 0] + options + Self.question
    }

    private func dissect(_ options: [UInt8]) -> Dissected {
        Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.tcp, segment(options)))
    }

    /// Whether the option behind this one and the payload are read.
    private func passes(_ option: [UInt8]) -> Bool {
        let dissected = dissect(option + [3, 3, 7])
        let isRead = dissected.number("tcp.options.wscale.shift") == 7
        #expect(dissected.values("dns.id").isEmpty == !isRead, "\(option)")
        #expect(dissected.number("tcp.len") == UInt64(Self.question.count), "\(option)")
        return isRead
    }

    private func option(_ kind: UInt8, length: Int, _ first: [UInt8] = []) -> [UInt8] {
        [kind, UInt8(length)] + (first + [UInt8](repeating: 0, count: length)).prefix(length - 2)
    }

    @Test(
        arguments: [
            ([0x00], 4), ([0x10], 3), ([0x30], 4), ([0x40], 3), ([0x50], 3), ([0x60], 12), ([0x70], 12), ([0x80], 4),
            ([0x90], 3),
            ([0x20, 0], 4), ([0x20, 1], 8), ([0x20, 3], 12), ([0x20, 4], 14), ([0x20, 12], 18), ([0x20, 5], 18),
            ([0x20, 15], 26),
        ] as [([UInt8], Int)])
    func multipathOptionsHaveWhatTheirSubtypeAndFlagsSay(first: [UInt8], least: Int) {
        for length in max(3, 2 + first.count)...26 {
            #expect(passes(option(30, length: length, first)) == (length >= least), "\(first), \(length)")
        }
        #expect(!passes([30, 2]))
    }

    @Test func blocksProbesAndCapabilities() {
        for length in 2..<12 { #expect(passes(option(5, length: length)) == (length >= 10), "\(length)") }
        // Riverbed's probes, first and second version; types that nobody knows are passed.
        for (byte, least) in [
            (0x01, 10), (0x11, 14), (0x21, 3), (0x51, 18), (0x61, 8), (0xf1, 3), (0x0c, 4), (0x10, 8), (0x20, 3),
        ] as [(UInt8, Int)] {
            for length in 3..<20 {
                #expect(passes(option(76, length: length, [byte])) == (length >= least), "\(byte), \(length)")
            }
        }
        // Extended capabilities mean nothing before the capabilities were announced.
        #expect(passes(option(20, length: 7)) && passes([20, 4, 0, 0] + [20, 4, 0, 0]))
        #expect(passes([20, 4, 0, 0] + [20, 6, 1, 0x10, 0, 0]) && !passes([20, 4, 0, 0] + [20, 5, 1, 0x10, 0]))
    }

    @Test func optionsOfAnotherLengthAreOnlyOdd() {
        for kind: UInt8 in [2, 4, 6, 7, 8, 11, 12, 13, 19, 27, 28, 29, 34, 69, 253] {
            for length in 2..<20 { #expect(passes(option(kind, length: length)), "kind \(kind), length \(length)") }
        }
        #expect(dissect(option(30, length: 2) + [3, 3, 7]).stop == .malformed(.tcp, .optionLength, offset: 54))
    }

    @Test func quotedSegmentsAreReadAsFarAsTheyMakeSense() {
        let quoted = Sample.ipv4(.tcp, segment([30, 2, 3, 3, 7]))
        let error = Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.icmp, [3, 0, 0, 0, 0, 0, 0, 0] + quoted))
        #expect(error.kinds == [.ethernet, .ipv4, .icmp, .ipv4, .tcp, .dns])
    }
}
