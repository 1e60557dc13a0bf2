import Addressing
import Packets

/// One line a packet: time, who to whom, protocol, and what matters of it.
///
///     10:20:30.303981 127.0.0.1:43210 > 127.0.0.1:65432 TCP SYN seq 0 win 65495 [mss 65495, sackOK, TS 1 0, wscale 7] len 0
public struct PacketLine: Sendable {
    public struct Options: Sendable {
        /// `-#`: the record's number first.
        public var number = false
        /// `-S`: sequence numbers as sent instead of relative ones.
        public var absoluteNumbers = false
        /// `--link`: the link header's addresses.
        public var link = false

        public init() {}
    }

    private let options: Options
    private var time: TimeColumn

    public init(options: Options = Options(), time: TimeColumn) {
        self.options = options
        self.time = time
    }

    /// Writes the packet's line, with its line end.
    public mutating func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, to out: inout OutputBuffer
    ) {
        if options.number {
            out.append(decimal: UInt64(clamping: facts.number))
            out.append(ascii: 32)
        }
        time.write(facts.timestamp, to: &out)
        if options.link { Self.writeLink(record, dissection, &out) }
        Self.writeLayers(record, dissection, facts, options, &out)
        writeStop(dissection.stop, &out)
        out.append(ascii: 10)
    }

    private static func writeLink(_ record: RawSpan, _ dissection: borrowing Dissection, _ out: inout OutputBuffer) {
        guard let layer = dissection.first(.ethernet), let frame = try? EthernetFrame(record.extracting(layer.range)) else { return }
        frame.source.write(to: &out)
        out.append(" > ")
        frame.destination.write(to: &out)
        out.append(" type 0x")
        out.append(hex: UInt64(frame.etherType.rawValue))
        out.append(" length ")
        out.append(decimal: UInt64(record.byteCount))
        out.append(": ")
    }

    private static func writeLayers(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ options: Options, _ out: inout OutputBuffer
    ) {
        var carrier: LayerRange?
        var described = false
        for layer in dissection.layers {
            switch layer.kind {
            case .ipv4, .ipv6:
                if let outer = carrier {
                    // A tunnel: what follows is inside it.
                    writeAddresses(record, outer, ports: nil, &out)
                    out.append(": ")
                } else if described {
                    // The packet that an ICMP error quotes.
                    out.append(" about ")
                }
                carrier = layer
                described = true
            case .tcp:
                guard let network = carrier, let segment = try? TCPSegment(record.extracting(layer.range)) else { continue }
                writeAddresses(record, network, ports: (segment.sourcePort, segment.destinationPort), &out)
                TCPSummary.write(segment, layer, facts.stream, absolute: options.absoluteNumbers, to: &out)
                carrier = nil
            case .udp:
                guard let network = carrier, let datagram = try? UDPDatagram(record.extracting(layer.range)) else { continue }
                writeAddresses(record, network, ports: (datagram.sourcePort, datagram.destinationPort), &out)
                out.append(" UDP len ")
                out.append(decimal: UInt64(layer.claimedPayloadLength))
                carrier = nil
            case .icmp:
                guard let network = carrier, let message = try? ICMPMessage(record.extracting(layer.range)) else { continue }
                writeAddresses(record, network, ports: nil, &out)
                ICMPSummary.write(message, to: &out)
                carrier = nil
            case .icmpv6:
                guard let network = carrier, let message = try? ICMPv6Message(record.extracting(layer.range)) else { continue }
                writeAddresses(record, network, ports: nil, &out)
                ICMPSummary.write(message, to: &out)
                carrier = nil
            case .dns, .dnsOverTCP, .mdns, .llmnr, .dhcp, .ntp, .stun, .http, .tls:
                out.append(ascii: 32)
                ApplicationSummary.write(layer, record: record, to: &out)
            default:
                continue
            }
        }
        if let carrier {
            writeAddresses(record, carrier, ports: nil, &out)
        } else if dissection.network == nil {
            out.append("link type ")
            out.append(decimal: UInt64(facts.linkType.rawValue))
            out.append(", ")
            out.append(decimal: UInt64(record.byteCount))
            out.append(" bytes")
        }
    }

    private static func writeAddresses(_ record: RawSpan, _ network: LayerRange, ports: (Port, Port)?, _ out: inout OutputBuffer) {
        let bytes = record.extracting(network.range)
        if network.kind == .ipv4 {
            guard let packet = try? IPv4Packet(bytes) else { return }
            packet.source.write(to: &out)
            if let ports { writePort(ports.0, &out) }
            out.append(" > ")
            packet.destination.write(to: &out)
            if let ports { writePort(ports.1, &out) }
            if ports == nil, packet.fragmentOffset > 0 {
                out.append(" IPv4 fragment, offset ")
                out.append(decimal: UInt64(packet.fragmentOffset))
            }
        } else {
            guard let packet = try? IPv6Packet(bytes) else { return }
            if ports != nil { out.append(ascii: 91) }
            packet.source.write(to: &out)
            if let ports {
                out.append(ascii: 93)
                writePort(ports.0, &out)
            }
            out.append(" > ")
            if ports != nil { out.append(ascii: 91) }
            packet.destination.write(to: &out)
            if let ports {
                out.append(ascii: 93)
                writePort(ports.1, &out)
            }
        }
    }

    private static func writePort(_ port: Port, _ out: inout OutputBuffer) {
        out.append(ascii: 58)
        out.append(decimal: UInt64(port.rawValue))
    }

    /// Why there is no more to say, unless the line says it already.
    private func writeStop(_ stop: DissectionStop, _ out: inout OutputBuffer) {
        switch stop {
        case .complete, .fragment, .unsupported(after: .frame, number: _): return
        default:
            out.append(ascii: 32)
            StopText.write(stop, to: &out)
        }
    }
}
