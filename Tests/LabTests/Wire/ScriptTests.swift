import Packets
import Testing

@testable import Lab

@Suite struct ScriptTests {
    private func event(_ text: String) throws -> ScriptedEvent { try ScriptedEvent(.drop, text) }

    @Test func theGrammar() throws {
        #expect(try event("client SYN 1") == ScriptedEvent(.drop, .up, .syn))
        #expect(try event("client syn") == ScriptedEvent(.drop, .up, .syn))
        #expect(try event("  server   data 3 ") == ScriptedEvent(.drop, .down, .data, [3...3]))
        #expect(try event("server SYN-ACK 2-4") == ScriptedEvent(.drop, .down, .synACK, [2...4]))
        #expect(
            try event("client datagram 1,3,5-") == ScriptedEvent(.drop, .up, .datagram, [1...1, 3...3, 5 ... .max]))
        #expect(try event("client packet all") == ScriptedEvent(.drop, .up, .packet, [1 ... .max]))
    }

    @Test(arguments: [
        "", "client", "nobody SYN 1", "client SYNC 1", "client SYN 0", "client SYN 3-2", "client SYN x",
        "client SYN 1,", "client SYN 1 2",
        "client SYN 99999999999999999999", "client SYN -1", "client SYN 1--2",
    ])
    func whatIsWrongIsTold(text: String) {
        do {
            _ = try ScriptedEvent(.drop, text)
            Issue.record("accepted: \(text)")
        } catch {
            #expect("\(error)".count > 20 && !"\(error)".contains("\n"))
        }
    }

    /// Each kind is counted by itself, each side too, and repetitions count.
    @Test func packetsAreCountedByKind() {
        var impairments = Impairments()
        impairments.script = [
            ScriptedEvent(.drop, .up, .syn, [1...1]), ScriptedEvent(.drop, .up, .data, [2...3]),
            ScriptedEvent(.copy, .up, .ack, [1...1]),
            ScriptedEvent(.hold(.milliseconds(30)), .up, .fin, [1...1]), ScriptedEvent(.damage, .up, .data, [4...4]),
            ScriptedEvent(.drop, .down, .packet, [1 ... .max]),
        ]
        var link = ImpairedLink(.up, impairments)
        var now: Int64 = 0
        func send(_ flags: TCPFlags, _ payload: Int = 0) -> FrameFate {
            now += 1000
            return link.fate(
                of: WireFrame(
                    kind: .tcp(flags: flags, payloadLength: payload), length: 66 + payload, transportStart: 34), at: now
            )
        }
        #expect(send(.syn).ending == .dropped(.script))
        #expect(!send(.syn).isLost)
        #expect(send(.ack).isDuplicated)
        #expect(!send(.ack).isDuplicated)
        #expect(!send([.psh, .ack], 10).isLost)
        #expect(send([.psh, .ack], 10).ending == .dropped(.script))
        #expect(send([.psh, .ack], 10).ending == .dropped(.script))
        #expect(send([.psh, .ack], 10).isCorrupted)
        #expect(!send([.psh, .ack], 10).isCorrupted)
        let fin = send([.fin, .ack])
        #expect(fin.heldBack == 30_000_000 && fin.deliveries.map(\.time) == [fin.arrival + 30_000_000])
        #expect(!send(.rst).isLost)
    }

    @Test func quantities() {
        #expect(WireQuantity.duration("40ms") == .milliseconds(40))
        #expect(WireQuantity.duration("1.5s") == .milliseconds(1500))
        #expect(WireQuantity.duration("250us") == .microseconds(250))
        #expect(WireQuantity.duration("7") == .milliseconds(7))
        #expect(WireQuantity.share("10%") == 0.1)
        #expect(WireQuantity.share("0.1") == 0.001)
        #expect(WireQuantity.rate("1mbit") == 1_000_000)
        #expect(WireQuantity.rate("9600") == 9600)
        for text in ["", "ms", "-1ms", "1e3ms", "nan", "inf s", "2h", "99999999s"] {
            #expect(WireQuantity.duration(text) == nil, "\(text)")
        }
        for text in ["", "%", "101%", "-1%", "x%"] { #expect(WireQuantity.share(text) == nil, "\(text)") }
        for text in ["", "mbit", "0", "0.5bit", "1mb", "99999gbit"] {
            #expect(WireQuantity.rate(text) == nil, "\(text)")
        }
    }
}
