import Addressing
import Foundation
import Packets
import TestSupport
import Testing

/// Packets that were captured twice were sent once: they are told once, and `show --marks` says which are the copies.
@Suite struct CopyTests {
    /// An echo between two hosts; its packets have identifications where `isNumbered`.
    private static func echo(isVersion6: Bool = false, isNumbered: Bool = true) -> [[UInt8]] {
        let addresses = isVersion6 ? ["fd00::1", "fd00::2"] : ["10.0.0.1", "10.0.0.2"]
        let (a, b) = (IPAddress(addresses[0]) ?? .v4(.loopback), IPAddress(addresses[1]) ?? .v4(.loopback))
        let packets = TestPacket.hello(Endpoint(a, 40_000), Endpoint(b, 7))
        guard isNumbered, !isVersion6 else { return packets }
        return packets.enumerated().map { numbered($0.element, UInt16(100 + $0.offset)) }
    }

    private static func numbered(_ packet: [UInt8], _ identification: UInt16) -> [UInt8] {
        var packet = packet
        (packet[18], packet[19]) = (UInt8(identification >> 8), UInt8(identification & 0xff))
        return packet
    }

    /// The packet behind a router: other link addresses, a hop less.
    private static func routed(_ packet: [UInt8]) -> [UInt8] {
        var packet = packet
        packet[11] = 9
        packet[packet[14] >> 4 == 4 ? 22 : 21] -= 1
        return packet
    }

    private static func tagged(_ packet: [UInt8]) -> [UInt8] { packet[..<12] + [0x81, 0, 0, 7] + packet[12...] }

    /// - Parameter copy: what a packet's copy looks like, so many microseconds later; nil for no copy of it.
    private func capture(
        _ packets: [[UInt8]], after apart: Int = 5, in folder: TemporaryFolder, copy: (Int, [UInt8]) -> [UInt8]?
    ) throws -> String {
        var all: [(microseconds: Int, bytes: [UInt8])] = []
        for (index, packet) in packets.enumerated() {
            all.append((index * 1000, packet))
            if let copy = copy(index, packet) { all.append((index * 1000 + apart, copy)) }
        }
        return try TestCapture.pcap(at: all, in: folder)
    }

    /// The story without its numbers of packets, which copies change.
    private func story(_ file: String) throws -> String {
        try Netprobe.run("explain", "--ndjson", file).output.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return (object?["text"] as? String ?? "").replacing(/[Pp]ackets? [0-9]+/, with: "packet")
        }.joined(separator: "\n")
    }

    @Test(arguments: [false, true], ["mirror", "router", "tag", "one way"])
    func theyAreToldOnce(isVersion6: Bool, kind: String) throws {
        let folder = try TemporaryFolder()
        let packets = Self.echo(isVersion6: isVersion6)
        let plain = try capture(packets, in: folder) { _, _ in nil }
        let expected = try story(plain)
        let file = try capture(packets, in: folder) { index, packet in
            switch kind {
            case "router": Self.routed(packet)
            case "tag": Self.tagged(packet)
            case "one way": [0, 2, 3, 5, 6, 8].contains(index) ? packet : nil
            default: packet
            }
        }
        #expect(try story(file) == expected)
        let run = try Netprobe.run("flows", file, environment: ["COLUMNS": "250"])
        #expect(run.output.hasSuffix(" bytes, \(kind == "one way" ? 6 : 9) of them copies\n"))
        #expect(run.errors.contains("(packets 1 and 2: the same"))
        #expect(run.output.contains("ShADdFf"))
        for command in ["handshakes", "ladder", "stats"] {
            #expect(try !Netprobe.run(command, file).output.contains("again in"), "\(command)")
        }
        #expect(try Netprobe.run("stats", file).output.contains("sent again: 0"))
        let marks = try Netprobe.run("show", "--marks", file).output.split(separator: "\n")
        #expect(marks.count { $0.contains(": captured twice]") } == (kind == "one way" ? 6 : 9))
        #expect(marks[1].hasSuffix(" [Copy of 1: captured twice]"))
        #expect(!marks.contains { $0.contains("Retransmission]") })
        // Wireshark's fields keep their meaning.
        #expect(try Netprobe.run("show", "--count", "-Y", "tcp.analysis.retransmission", file).output != "0\n")
    }

    /// A real retransmission has an identification of its own, or comes after a time that is long beside a copy's.
    @Test func whatIsSentAgainIsNoCopy() throws {
        let folder = try TemporaryFolder()
        let again = try capture(Self.echo(), after: 300, in: folder) { index, packet in
            index == 3 ? Self.numbered(packet, 777) : nil
        }
        #expect(try story(again).contains("sent bytes 1–5 again"))
        let late = try capture(Self.echo(isVersion6: true), after: 999_000, in: folder) { index, packet in
            index == 8 ? packet : nil
        }
        #expect(try !Netprobe.run("show", "--marks", late).output.contains("captured twice"))
        // A system that numbers nothing tells nothing by it.
        let constant = try capture(Self.echo(isNumbered: false).map { Self.numbered($0, 1) }, in: folder) {
            $0 == 3 ? $1 : nil
        }
        #expect(try story(constant).contains("sent bytes 1–5 again"))
    }

    /// A program may send a datagram twice; with one identification, the network or the capture doubled it.
    @Test func datagramsThatAreSentTwice() throws {
        let folder = try TemporaryFolder()
        let (client, server) = (EchoExchange.client, EchoExchange.server)
        let questions = (UInt8(0)..<4).map { TestPacket.udp(client, server, payload: [1, $0]) }
        let twice = try Netprobe.run("explain", capture(questions, in: folder) { $1 })
        #expect(twice.output.contains("In all 8 packets"))
        #expect(twice.errors.contains("4 datagrams have the bytes of one less than a millisecond before"))
        let numbered = questions.enumerated().map { Self.numbered($0.element, UInt16(50 + $0.offset)) }
        let again = try capture(numbered, in: folder) { Self.numbered($1, UInt16(90 + $0)) }
        #expect(try Netprobe.run("explain", again).output.contains("In all 8 packets"))
        let one = try Netprobe.run("explain", capture(numbered, in: folder) { $0 == 2 ? $1 : nil })
        #expect(one.output.contains("In all 4 packets"))
        #expect(one.errors.contains("one packet is in the capture a second time (packets 3 and 4: "))
        #expect(one.errors.contains("captured twice or doubled on the way"))
    }

    /// From a pipe nothing can be read before: what identifications tell is told all the same.
    @Test func standardInputIsReadOnce() throws {
        let folder = try TemporaryFolder()
        let file = try capture(Self.echo(), in: folder) { $1 }
        let run = try Netprobe.execute(["/bin/sh", "-c", "'\(Netprobe.path)' flows - < '\(file)'"])
        #expect(run.output.contains("; 18 packets,"))
        let report = try Netprobe.execute(["/bin/sh", "-c", "'\(Netprobe.path)' report - -o - < '\(file)'"])
        #expect(report.output.contains("<dt>packets</dt><dd>9</dd>"))
    }
}
