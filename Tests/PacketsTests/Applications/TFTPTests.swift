import Testing

@testable import Packets

@Suite struct TFTPTests {
    private func message(_ bytes: [UInt8], cut: Int? = nil) -> Application {
        Application(bytes, over: .udp, from: 40_000, to: 69, cut: cut)
    }

    @Test func readRequestWithOptions() {
        let packet = message([0, 1] + "boot.img\0octet\0tsize\00\0blksize\01468\0".utf8)
        #expect(packet.kinds == [.ipv4, .udp, .tftp])
        #expect(packet.values("tftp.opcode") == ["1"])
        #expect(packet.values("tftp.source_file") == ["boot.img"])
        #expect(packet.values("tftp.destination_file") == [])
        #expect(packet.values("tftp.type") == ["octet"])
        #expect(packet.values("tftp.option.name") == ["tsize", "blksize"])
        #expect(packet.values("tftp.option.value") == ["0", "1468"])
        #expect(packet.summary == "TFTP read request \"boot.img\", octet, tsize 0, blksize 1468")
        #expect(packet.dissection.data == nil)
    }

    @Test func writeRequest() {
        let packet = message([0, 2] + "a\0netascii\0".utf8)
        #expect(packet.values("tftp.destination_file") == ["a"])
        #expect(packet.values("tftp.source_file") == [])
        #expect(packet.summary == "TFTP write request \"a\", netascii")
    }

    /// A file's bytes are data that nobody claims.
    @Test func dataAndItsAcknowledgment() {
        let data = message([0, 3, 0, 7, 1, 2, 3])
        #expect(data.values("tftp.block") == ["7"])
        #expect(data.dissection.data?.range.count == 3)
        #expect(data.summary == "TFTP data block 7")
        let acknowledgment = message([0, 4, 0, 7])
        #expect(acknowledgment.summary == "TFTP ACK block 7")
        #expect(acknowledgment.dissection.data == nil)
    }

    @Test func errorAndOptionAcknowledgment() {
        let error = message([0, 5, 0, 1] + "File not found\0".utf8)
        #expect(error.values("tftp.error.code") == ["1"])
        #expect(error.values("tftp.error.message") == ["File not found"])
        #expect(error.summary == "TFTP error 1 \"File not found\"")
        let options = message([0, 6] + "tsize\0512\0".utf8)
        #expect(options.values("tftp.option.name") == ["tsize"])
        #expect(options.values("tftp.option.value") == ["512"])
        #expect(options.summary == "TFTP options ACK tsize 512")
    }

    @Test func damage() {
        #expect(message([0]).dissection.stop != .complete)
        #expect(message([0, 9, 1]).summary == "TFTP opcode 9")
        // Strings without their end, an option without a value.
        let open = message([0, 1] + "boot\0oct".utf8)
        #expect(open.values("tftp.type") == ["oct"])
        let odd = message([0, 6] + "tsize\0".utf8)
        #expect(odd.values("tftp.option.name") == ["tsize"])
        #expect(odd.values("tftp.option.value") == [])
        let whole: [UInt8] = [0, 1] + "boot.img\0octet\0tsize\00\0".utf8
        for length in 28...28 + whole.count { #expect(message(whole, cut: length).readEverything()) }
        #expect(message([0, 1] + "\u{1b}[2J\0octet\0".utf8).readEverything())
    }
}
