import Capture
import Packets
import Testing

@Suite(.serialized) struct LiveTests {
    /// Ethernet, IPv4, UDP from port 1 to port 2.
    static let datagram: [UInt8] = [
        2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0,
        0x45, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 1, 0, 2, 0, 10, 0, 0, 0x68, 0x69,
    ]

    /// Bytes for the macros, which take no borrowed views.
    static func passes(_ filter: CaptureFilter, _ bytes: [UInt8], wireLength: Int? = nil) -> Bool {
        filter.matches(bytes: bytes.rawSpan, wireLength: wireLength ?? bytes.count)
    }

    @Test(arguments: [
        ("udp", true), ("tcp", false), ("udp dst port 2", true), ("host 10.0.0.1 and not port 7", true), ("", true),
        ("greater 1000", false), ("ether src 02:00:00:00:00:02", true),
    ])
    func filtersMatch(text: String, matches: Bool) throws {
        let filter = try CaptureFilter(text, linkType: .ethernet)
        #expect(Self.passes(filter, Self.datagram) == matches)
    }

    @Test func filtersAreOfALinkType() throws {
        let raw = try CaptureFilter("udp port 2", linkType: .raw)
        #expect(Self.passes(raw, Array(Self.datagram[14...])))
        #expect(!Self.passes(raw, Self.datagram))
        #expect(!Self.passes(raw, [], wireLength: 44))
        let long = try CaptureFilter("greater 1000", linkType: .ethernet)
        #expect(Self.passes(long, Self.datagram, wireLength: 1000))
    }

    @Test(arguments: ["tcp prt 80", "port 99999", "inbound", "outbound and tcp", "ifname lo"])
    func filtersThatDoNotCompileSayWhy(text: String) {
        do {
            _ = try CaptureFilter(text, linkType: .ethernet)
            Issue.record("no error")
        } catch {
            #expect(error.kind == .filter)
            #expect(error.subject == text)
            #expect(!error.message.contains("\n"))
            #expect(error.message.count > 20)
        }
    }

    @Test func aDeviceThatDoesNotExist() {
        do {
            _ = try LiveCapture(device: "nope0")
            Issue.record("no error")
        } catch {
            // Without rights Linux may not even look whether it exists.
            #expect(error.kind == .noSuchDevice || error.kind == .permissionDenied)
            #expect(error.description.hasPrefix("nope0: no "))
        }
    }

    private static func loopback() throws -> CaptureDevice? {
        try CaptureDevices.all().first { $0.isLoopback && $0.isUp }
    }

    private static func mayCapture() -> Bool {
        do {
            guard let name = try loopback()?.name else { return false }
            _ = try LiveCapture(device: name)
            return true
        } catch {
            return false
        }
    }

    @Test(.enabled("needs the right to capture on loopback") { mayCapture() })
    func capturesOnLoopback() throws {
        let name = try #require(try Self.loopback()).name
        var capture = try LiveCapture(device: name)
        let warnings = capture.warnings
        #expect(warnings.isEmpty)
        let port = UInt16.random(in: 20_000...60_000)
        try capture.setFilter("udp dst port \(port)")
        let interface = capture.interface
        #expect(interface.filter == "udp dst port \(port)")
        #expect(interface.name == name)
        var refused: CaptureDeviceError?
        do throws(CaptureDeviceError) { try capture.setFilter("no such filter") } catch { refused = error }
        #expect(refused?.kind == .filter)
        let nothing = try capture.next()
        #expect(nothing == nil)
        let noBytes = capture.bytes.byteCount
        #expect(noBytes == 0)
        let selectable = capture.selectableDescriptor
        #expect(selectable != nil)

        let payloads: [[UInt8]] = (0..<1000).map { [UInt8]("datagram \($0)".utf8) }
        for payload in payloads { #expect(sendDatagram(payload, toLoopbackPort: port)) }
        var seen: [[UInt8]] = []
        var last: RecordHeader?
        for _ in 0..<100 where seen.count < payloads.count {
            _ = capture.wait(milliseconds: 100)
            _ = try capture.dispatch { header, bytes in
                #expect(header.capturedLength == bytes.byteCount)
                #expect(header.number == (last?.number ?? 0) + 1)
                if let earlier = last?.timestamp, let now = header.timestamp { #expect(earlier <= now) }
                last = header
                var data: [UInt8] = []
                for offset in 42..<max(42, bytes.byteCount) { data.append(bytes.uint8(at: offset)) }
                seen.append(data)
            }
        }
        // Counted, not printed: a thousand payloads are no message.
        let isComplete = seen == payloads
        #expect(isComplete, "\(seen.count) of \(payloads.count) datagrams")
        let counts = try capture.statistics()
        #expect(counts.received >= 1000)
        #expect(counts.dropped == 0)
    }
}
