import Addressing
import Packets
import Text

/// One line a packet: time, who to whom, protocol, and what matters of it.
///
///     10:20:30.303981 127.0.0.1:43210 > 127.0.0.1:65432 TCP SYN seq 0 win 65495 [mss 65495, sackOK, TS 1 0, wscale 7]
///     len 0
public struct PacketLine {
    public struct Options: Sendable {
        /// `-#`: the record's number first.
        public var number = false
        /// `-S`: sequence numbers as sent instead of relative ones.
        public var absoluteNumbers = false
        /// `--link`: the link header's addresses.
        public var link = false

        public init() {}
    }

    /// The name of an address, where one is known. Whoever gives it decides where names come from.
    public typealias Names = (IPAddress) -> String?

    private let options: Options
    private var time: TimeColumn
    private let names: Names?

    public init(options: Options = Options(), time: TimeColumn, names: Names? = nil) {
        self.options = options
        self.time = time
        self.names = names
    }

    /// Writes the packet's line, with its line end.
    public mutating func write(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts,
        to out: inout OutputBuffer
    ) {
        if options.number {
            out.append(decimal: UInt64(clamping: facts.number))
            out.append(ascii: 32)
        }
        out.append(style: .dim)
        time.write(facts.timestamp, to: &out)
        out.append(style: .plain)
        if options.link { LinkText.write(record, dissection, wireLength: facts.wireLength, to: &out) }
        writeLayers(record, dissection, facts, &out)
        if case .complete = dissection.stop {} else { writeStop(dissection.stop, &out) }
        MissingBytes(record, dissection, facts)?.write(before: " ", after: "", to: &out)
        out.append(ascii: 10)
    }

    private func writeLayers(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ out: inout OutputBuffer
    ) {
        // The IP layer whose addresses are still to be written: beside the ports, if there are any.
        var carrier = -1
        // What was written last, and what was passed over without a word.
        var written: LayerKind?
        var silent = -1
        for index in 0..<dissection.layers.count {
            let layer = dissection.layers[index]
            switch layer.kind {
            case .ipv4, .ipv6:
                if carrier >= 0 {
                    // A tunnel: what follows is inside it.
                    writeAddresses(record, dissection.layers[carrier], ports: nil, &out)
                    if silent >= 0 { Self.writeName(dissection.layers[silent].kind, &out) }
                    out.append(": ")
                } else if written == .icmp || written == .icmpv6 {
                    // The packet that an error quotes.
                    out.append(" about ")
                } else if written != nil {
                    if silent >= 0 { Self.writeName(dissection.layers[silent].kind, &out) }
                    out.append(": ")
                }
                carrier = index
                silent = -1
            case .tcp:
                guard carrier >= 0, let segment = try? TCPSegment(record.extracting(layer.range)) else { continue }
                writeAddresses(
                    record, dissection.layers[carrier], ports: (segment.sourcePort, segment.destinationPort), &out)
                // What is known of the stream is the outermost segment's; one in OpenFlow's frames has numbers as sent.
                TCPSummary.write(
                    segment, layer, written == nil ? facts.stream : StreamFacts(), absolute: options.absoluteNumbers,
                    to: &out)
                if !facts.transport.marks.isEmpty, facts.transport.tcpLayer == layer.start {
                    TCPMarksText.write(facts.transport, to: &out)
                }
                if layer.isPartOfDatagram { Self.writeFragment(layer, &out) }
                carrier = -1
                written = .tcp
            case .udp:
                guard carrier >= 0, let datagram = try? UDPDatagram(record.extracting(layer.range)) else { continue }
                writeAddresses(
                    record, dissection.layers[carrier], ports: (datagram.sourcePort, datagram.destinationPort), &out)
                out.append(style: .blue)
                out.append(" UDP")
                out.append(style: .plain)
                out.append(" len ")
                // A first fragment, and what an ICMP error quotes, has the whole datagram's length.
                let whole = Int(datagram.length) - UDPDatagram.headerLength
                let length = layer.isPartOfDatagram && whole >= 0 ? whole : layer.claimedPayloadLength
                out.append(decimal: UInt64(clamping: length))
                if layer.isPartOfDatagram { Self.writeFragment(layer, &out) }
                if UDPDatagram.claimsTooMuch(layer, in: record) { StopText.writeWrongLength(datagram, &out) }
                carrier = -1
                written = .udp
            case .udplite:
                guard carrier >= 0, let datagram = try? UDPLiteDatagram(record.extracting(layer.range)) else {
                    continue
                }
                writeAddresses(
                    record, dissection.layers[carrier], ports: (datagram.sourcePort, datagram.destinationPort), &out)
                out.append(" UDP-Lite len ")
                out.append(decimal: UInt64(clamping: layer.claimedPayloadLength))
                carrier = -1
                written = .udplite
            case .icmp:
                guard carrier >= 0, let message = try? ICMPMessage(record.extracting(layer.range)) else { continue }
                writeAddresses(record, dissection.layers[carrier], ports: nil, &out)
                out.append(style: .yellow)
                ICMPSummary.write(message, to: &out)
                out.append(style: .plain)
                if layer.isPartOfDatagram { Self.writeFragment(layer, &out) }
                carrier = -1
                written = .icmp
            case .icmpv6:
                guard carrier >= 0, let message = try? ICMPv6Message(record.extracting(layer.range)) else { continue }
                writeAddresses(record, dissection.layers[carrier], ports: nil, &out)
                out.append(style: .yellow)
                ICMPSummary.write(message, to: &out)
                out.append(style: .plain)
                if layer.isPartOfDatagram { Self.writeFragment(layer, &out) }
                carrier = -1
                written = .icmpv6
            case .igmp:
                guard carrier >= 0, let message = try? IGMPMessage(record.extracting(layer.range)) else {
                    silent = index
                    continue
                }
                writeAddresses(record, dissection.layers[carrier], ports: nil, &out)
                MulticastSummary.write(message, to: &out)
                carrier = -1
                written = .igmp
            case .arp:
                guard let packet = try? ARPPacket(record.extracting(layer.range)) else { continue }
                if carrier >= 0 { writeAddresses(record, dissection.layers[carrier], ports: nil, &out) }
                if carrier >= 0 || written != nil {
                    if silent >= 0 { Self.writeName(dissection.layers[silent].kind, &out) }
                    out.append(": ")
                }
                carrier = -1
                ARPSummary.write(packet, to: &out)
                written = .arp
            case .dns, .mdns, .llmnr, .dhcp, .ntp, .stun, .http, .tls:
                out.append(ascii: 32)
                ApplicationSummary.write(layer, record: record, to: &out)
            case .sctp:
                guard carrier >= 0, let packet = try? SCTPHeader(record.extracting(layer.range)) else {
                    silent = index
                    continue
                }
                writeAddresses(
                    record, dissection.layers[carrier], ports: (packet.sourcePort, packet.destinationPort), &out)
                out.append(" SCTP len ")
                out.append(decimal: UInt64(clamping: layer.claimedPayloadLength))
                if layer.isPartOfDatagram { Self.writeFragment(layer, &out) }
                carrier = -1
                written = .sctp
            case .vxlan, .geneve, .gtp, .gre, .openFlow:
                if carrier >= 0 { writeAddresses(record, dissection.layers[carrier], ports: nil, &out) }
                TunnelSummary.write(layer, record, to: &out)
                if index == dissection.layers.count - 1 { Self.writeLength(layer.claimedPayloadLength, &out) }
                carrier = -1
                written = layer.kind
            default:
                silent = index
            }
        }
        if carrier >= 0 {
            writeAddresses(record, dissection.layers[carrier], ports: nil, &out)
            if silent >= 0 {
                let silent = dissection.layers[silent]
                if silent.kind == .ipv6Fragment, let header = try? IPv6FragmentHeader(record.extracting(silent.range)),
                    header.fragmentOffset > 0
                {
                    FragmentText.write(header, length: silent.claimedPayloadLength, to: &out)
                } else {
                    Self.writeName(silent.kind, &out)
                    Self.writeLength(Int(silent.claimedEnd) - Int(silent.start), &out)
                }
            }
        } else if written == nil {
            writeUnnamed(record, dissection, facts, &out)
        }
    }

    /// A packet without anything that has a sentence of its own: its innermost layer's name and its length.
    private func writeUnnamed(
        _ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ out: inout OutputBuffer
    ) {
        if !options.link, let layer = dissection.first(.ethernet),
            let frame = try? EthernetFrame(record.extracting(layer.range))
        {
            frame.source.write(to: &out)
            out.append(" > ")
            frame.destination.write(to: &out)
            out.append(ascii: 32)
        }
        if let last = dissection.layers.last, last.kind == .ieee80211,
            let frame = try? WirelessFrame(record.extracting(last.range))
        {
            WirelessSummary.write(frame, to: &out)
        } else if let last = dissection.layers.last, let group = FieldCatalog.fields(of: last.kind) {
            out.append(text: group.title)
        } else if facts.linkType == .notAPacket {
            out.append("pcapng block that is no packet")
        } else {
            out.append("link type ")
            out.append(decimal: UInt64(facts.linkType.rawValue))
        }
        out.append(", ")
        out.append(decimal: UInt64(clamping: facts.wireLength))
        out.append(facts.wireLength == 1 ? " byte" : " bytes")
    }

    private static func writeName(_ kind: LayerKind, _ out: inout OutputBuffer) {
        guard kind != .ethernet, let group = FieldCatalog.fields(of: kind) else { return }
        out.append(ascii: 32)
        // Wireshark's names of protocols are their abbreviations in lower case, apart from those of IPv6's headers.
        out.append(text: group.name.utf8.contains(46) ? group.name : group.name.uppercased())
    }

    private static func writeLength(_ length: Int, _ out: inout OutputBuffer) {
        out.append(" len ")
        out.append(decimal: UInt64(clamping: max(0, length)))
    }

    /// The first fragment has the ports; the datagram goes on in others.
    private static func writeFragment(_ layer: LayerRange, _ out: inout OutputBuffer) {
        if !layer.isQuoted { out.append(" [first fragment]") }
    }

    private func writeAddresses(
        _ record: RawSpan, _ network: LayerRange, ports: (Port, Port)?, _ out: inout OutputBuffer
    ) {
        let bytes = record.extracting(network.range)
        if network.kind == .ipv4 {
            guard let packet = try? IPv4Packet(bytes) else { return out.append("IPv4") }
            writeEnd(.v4(packet.source), ports?.0, &out)
            out.append(" > ")
            writeEnd(.v4(packet.destination), ports?.1, &out)
            if ports == nil, packet.fragmentOffset > 0 {
                FragmentText.write(packet, length: network.claimedPayloadLength, to: &out)
            }
        } else {
            guard let packet = try? IPv6Packet(bytes) else { return out.append("IPv6") }
            writeEnd(.v6(packet.source), ports?.0, &out)
            out.append(" > ")
            writeEnd(.v6(packet.destination), ports?.1, &out)
        }
    }

    /// An address, by its name where one is wanted and known, and a port.
    @inline(__always)
    private func writeEnd(_ address: IPAddress, _ port: Port?, _ out: inout OutputBuffer) {
        if let names, let name = names(address) {
            out.append(escaping: name)
        } else {
            switch address {
            case .v4(let address): address.write(to: &out)
            case .v6(let address):
                if port != nil { out.append(ascii: 91) }
                address.write(to: &out)
                if port != nil { out.append(ascii: 93) }
            }
        }
        if let port { out.append(ascii: 58, decimal: UInt64(port.rawValue)) }
    }

    /// Why there is no more to say, unless the line says it already.
    private func writeStop(_ stop: DissectionStop, _ out: inout OutputBuffer) {
        switch stop {
        case .complete, .fragment, .unsupported(after: .frame, number: _): return
        default:
            out.append(ascii: 32)
            out.append(style: .red)
            StopText.write(stop, to: &out)
            out.append(style: .plain)
        }
    }
}
