import Addressing
import Testing

@testable import Packets

/// The views of the transport layer: literal bytes, encode and decode, every short prefix, impossible lengths.
@Suite struct TransportViewTests {
    private func overIP(_ number: IPProtocol, _ payload: [UInt8]) -> Dissected {
        Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(number, payload))
    }

    @Test func tcp() throws {
        let bytes: [UInt8] = [
            0x9c, 0x40, 0, 80, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x80, 0x18, 1, 0xf4, 0xab, 0xcd, 0, 0,
            1, 1, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6, 0x68, 0x69,
        ]
        let segment = try TCPSegment(bytes.rawSpan)
        #expect(segment.sourcePort == 40_000 && segment.destinationPort == 80)
        #expect(
            segment.sequence == SequenceNumber(0x1122_3344) && segment.acknowledgment == SequenceNumber(0x5566_7788))
        #expect(
            segment.headerLength == 32 && segment.flags == [.psh, .ack] && segment.window == 500
                && segment.checksum == 0xabcd)
        let header = TCPHeader(segment)
        #expect(header.options == [.noOperation, .noOperation, .timestamps(value: 5, echo: 6)])
        #expect(header.encoded() == Array(bytes.prefix(32)))
        expectExactPrefixErrors(TCPSegment.self, bytes, required: 20, layer: .tcp)
    }

    @Test func tcpOptionsAsFields() {
        let header = TCPHeader(
            sourcePort: 1, destinationPort: 2, sequence: SequenceNumber(0), flags: .syn, window: 1,
            options: [
                .maximumSegmentSize(1460), .sackPermitted, .timestamps(value: 5, echo: 6), .noOperation,
                .windowScale(7),
            ])
        let dissected = overIP(.tcp, header.encoded())
        #expect(dissected.number("tcp.options.mss_val") == 1460)
        #expect(dissected.number("tcp.options.wscale.shift") == 7)
        #expect(dissected.number("tcp.options.wscale.multiplier") == 128)
        #expect(dissected.values("tcp.options.timestamp.tsval") == [.unsigned(5)])
        #expect(dissected.values("tcp.options.timestamp.tsecr") == [.unsigned(6)])
        #expect(dissected.values("tcp.option_kind") == [2, 4, 8, 1, 3].map { .unsigned($0) })
        // A capture that ends between the two time stamps shows the first.
        let cut = Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.tcp, header.encoded()), cut: 34 + 20 + 4 + 2 + 7)
        #expect(cut.number("tcp.options.timestamp.tsval") == 5)
        #expect(cut.values("tcp.options.timestamp.tsecr").isEmpty)
    }

    @Test func rarerTCPOptions() {
        func options(_ bytes: [UInt8]) -> Dissected {
            var header = TCPHeader(
                sourcePort: 1, destinationPort: 2, sequence: SequenceNumber(0), flags: .ack, window: 1
            ).encoded()
            let padded = bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
            header[12] = UInt8((20 + padded.count) / 4) << 4
            return overIP(.tcp, header + padded)
        }
        #expect(options([5, 10, 0, 0, 0, 1, 0, 0, 0, 9]).values("tcp.options.sack_re") == [.unsigned(9)])
        #expect(options([30, 4, 0x20, 0]).number("tcp.options.mptcp.subtype") == 2)
        #expect(options([28, 4, 0x80, 5]).number("tcp.options.user_to_val") == 5)
        #expect(options([34, 4, 7, 7]).values("tcp.options.tfo.cookie") == [.bytes(start: 56, end: 58)])
        #expect(options([29, 6, 1, 2, 9, 9]).number("tcp.options.ao.rnextkeyid") == 2)
        // A length of 0, 1 or beyond the header ends the list: what follows cannot be told apart.
        for length: UInt8 in [0, 1, 13] {
            #expect(options([2, length, 5, 0xb4, 3, 3, 7, 0]).values("tcp.options.wscale.shift").isEmpty)
        }
    }

    @Test func tcpWithImpossibleLengths() {
        var short = Sample.tcp
        short[12] = 0x40
        let dissected = overIP(.tcp, short)
        #expect(dissected.stop == .malformed(.tcp, .headerLength, offset: 46))
        #expect(dissected.number("tcp.hdr_len") == 16)
        #expect(dissected.number("tcp.seq_raw") == 1)
        #expect(dissected.values("tcp.flags").isEmpty)
        var long = Array(Sample.tcp.prefix(24))
        long[12] = 0xf0
        #expect(
            overIP(.tcp, long).stop
                == .truncatedOnWire(LengthError(required: 60, available: 24, layer: .tcp, offset: 34, source: .wire)))
        #expect(overIP(.tcp, long).values("tcp.len").isEmpty)
    }

    @Test func udp() throws {
        let bytes = Sample.udp([1, 2, 3], from: 53, to: 40_000)
        #expect(bytes.prefix(8) == [0, 53, 0x9c, 0x40, 0, 11, 0, 0])
        let datagram = try UDPDatagram(bytes.rawSpan)
        #expect(UDPHeader(datagram) == UDPHeader(sourcePort: 53, destinationPort: 40_000, length: 11))
        expectExactPrefixErrors(UDPDatagram.self, bytes, required: 8, layer: .udp)
        // The length says less than the header, nothing (IPv4 has no jumbograms), more than there is, or less than
        // there is.
        func stop(_ length: UInt16) -> Dissected {
            overIP(.udp, UDPHeader(sourcePort: 1, destinationPort: 9, length: length).encoded() + [1, 2, 3, 4])
        }
        #expect(stop(7).stop == .malformed(.udp, .totalLength, offset: 38))
        #expect(stop(7).number("udp.length") == 7)
        #expect(stop(0).stop == .malformed(.udp, .totalLength, offset: 38))
        #expect(stop(500).stop == .complete)
        #expect(stop(10).dissection.payload.count == 2)
    }

    @Test func udpLite() throws {
        let bytes: [UInt8] = [0, 1, 0, 2, 0, 8, 0x12, 0x34, 1, 2]
        let datagram = try UDPLiteDatagram(bytes.rawSpan)
        #expect(
            datagram.sourcePort == 1 && datagram.destinationPort == 2 && datagram.coverage == 8
                && datagram.checksum == 0x1234)
        expectExactPrefixErrors(UDPLiteDatagram.self, bytes, required: 8, layer: .udplite)
        #expect(overIP(.udplite, bytes).number("udp.length") == 10)
        #expect(overIP(.udplite, bytes).number("udp.checksum_coverage") == 8)
    }

    @Test func sctp() throws {
        let values = SCTPValues(sourcePort: 2905, destinationPort: 2906, verificationTag: 7, checksum: 0xdead_beef)
        let bytes = values.encoded()
        #expect(bytes == [0x0b, 0x59, 0x0b, 0x5a, 0, 0, 0, 7, 0xde, 0xad, 0xbe, 0xef])
        #expect(SCTPValues(try SCTPHeader(bytes.rawSpan)) == values)
        expectExactPrefixErrors(SCTPHeader.self, bytes, required: 12, layer: .sctp)
        #expect(overIP(.sctp, bytes).kinds == [.ethernet, .ipv4, .sctp])
    }
}
