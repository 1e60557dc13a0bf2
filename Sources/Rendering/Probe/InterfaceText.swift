import Addressing
import Packets
import Probe
import Sockets
import Text

/// The interfaces of a machine as text: a paragraph each, or a line each as `ip -br addr` has it.
public enum InterfaceText {
    /// A line an interface: name, state, addresses.
    public static func writeBrief(_ survey: InterfaceSurvey, to out: inout OutputBuffer) {
        for interface in survey.interfaces {
            pad(nameWithParent(interface, survey), to: 16, &out)
            let state =
                survey.links[interface.index]?.state ?? (interface.flags.contains([.up, .running]) ? .up : .down)
            out.append(ascii: 32)
            out.append(style: state == .up ? .green : state == .unknown ? .plain : .red)
            out.append(text: state.text)
            out.append(style: .plain)
            out.append(spaces: max(0, 14 - state.text.utf8.count))
            out.append(ascii: 32)
            for address in interface.addresses {
                write(address, to: &out)
                out.append(ascii: 32)
            }
            out.append(ascii: 10)
        }
    }

    /// A paragraph an interface, then the gateways and the way to the Internet.
    public static func write(_ survey: InterfaceSurvey, families: [AddressFamily], to out: inout OutputBuffer) {
        var explained: Set<AddressKind.Category> = []
        for interface in survey.interfaces {
            writeHead(interface, survey, &out)
            for address in interface.addresses { writeAddress(address, survey, &explained, &out) }
            if interface.addresses.isEmpty { out.append("    no address\n") }
            writeCounters(interface, survey, &out)
            out.append(ascii: 10)
        }
        for family in families { writeWay(family, survey, &out) }
    }

    // MARK: One interface

    private static func writeHead(_ interface: NetworkInterface, _ survey: InterfaceSurvey, _ out: inout OutputBuffer) {
        out.append(style: .bold)
        out.append(escaping: nameWithParent(interface, survey))
        out.append(style: .plain)
        out.append(text: "  index \(interface.index)")
        let link = survey.links[interface.index]
        for word in words(for: interface.flags) { out.append(text: ", \(word)") }
        if link?.state == .lowerLayerDown { out.append(", the other end is down") }
        if let mtu = survey.mtus[interface.name] { out.append(text: ", MTU \(mtu)") }
        if !interface.hardwareAddress.isEmpty {
            out.append(interface.hardwareAddress.count == 6 ? ", MAC " : ", hardware address ")
            writeHardware(interface.hardwareAddress, &out)
        }
        if let kind = link?.kind {
            out.append(", ")
            out.append(escaping: kind)
            if let vlan = link?.vlan { out.append(text: " \(vlan)") }
        }
        out.append(ascii: 10)
    }

    /// `lo`, `eth0.100@eth0`, `veth0@if7` when the other end is in another network namespace.
    private static func nameWithParent(_ interface: NetworkInterface, _ survey: InterfaceSurvey) -> String {
        guard let link = survey.links[interface.index], let parent = link.parent else { return interface.name }
        if parent == 0 { return interface.name + "@NONE" }
        let other = link.parentIsElsewhere ? nil : survey.links[parent]?.name
        return "\(interface.name)@\(other ?? "if\(parent)")"
    }

    private static func words(for flags: InterfaceFlags) -> [String] {
        var words = [flags.contains(.up) ? "up" : "down"]
        if flags.contains(.up) {
            words.append(flags.contains(.running) ? "running" : "not running (no cable, or nobody at the other end)")
        }
        let others: [(InterfaceFlags, String)] = [
            (.loopback, "loopback"), (.pointToPoint, "point-to-point"), (.broadcast, "broadcast"),
            (.multicast, "multicast"), (.noARP, "no ARP"),
            (.promiscuous, "promiscuous"),
        ]
        return words + others.filter { flags.contains($0.0) }.map(\.1)
    }

    private static func writeHardware(_ bytes: [UInt8], _ out: inout OutputBuffer) {
        for (index, byte) in bytes.enumerated() {
            if index > 0 { out.append(ascii: 58) }
            out.append(hexByte: byte)
        }
    }

    private static func write(_ address: InterfaceAddress, to out: inout OutputBuffer) {
        address.address.write(to: &out)
        if let peer = address.peer {
            out.append(" peer ")
            peer.write(to: &out)
        }
        if let prefix = address.prefixLength { out.append(text: "/\(prefix)") }
    }

    /// What a kind means is said where it is met first.
    private static func writeAddress(
        _ address: InterfaceAddress, _ survey: InterfaceSurvey, _ explained: inout Set<AddressKind.Category>,
        _ out: inout OutputBuffer
    ) {
        if case .v4 = address.address { out.append("    inet  ") } else { out.append("    inet6 ") }
        write(address, to: &out)
        if let broadcast = address.broadcast {
            out.append("  broadcast ")
            broadcast.write(to: &out)
        }
        if let label = address.label {
            out.append("  label ")
            out.append(escaping: label)
        }
        let kind = address.address.kind
        out.append("\n          ")
        out.append(style: .cyan)
        out.append(text: "\(kind)")
        out.append(style: .plain)
        if explained.insert(kind.category).inserted { out.append(text: meaning(of: kind)) }
        if survey.reachesInternet(from: address.address) {
            out.append("; ")
            out.append(style: .green)
            out.append("used to reach the Internet")
            out.append(style: .plain)
        }
        out.append(ascii: 10)
    }

    /// What a kind of address means for a program that listens on it.
    static func meaning(of kind: AddressKind) -> String {
        switch kind.category {
        case .loopback: ": only programs on this machine reach it"
        case .privateUse: ": reached inside this network only, from outside through a NAT"
        case .carrierGradeNAT: ": shared by customers of one provider, who reach the Internet through its NAT"
        case .linkLocal: ": reached on this link only, routers do not forward it"
        case .uniqueLocal: ": reached inside this network only"
        case .public: ": reached from everywhere where no firewall forbids it"
        case .documentation: ": meant for examples, the Internet does not route it"
        case .benchmarking: ": meant for measurements, the Internet does not route it"
        case .multicast, .broadcast, .unspecified, .transition, .reserved: ""
        }
    }

    private static func writeCounters(
        _ interface: NetworkInterface, _ survey: InterfaceSurvey, _ out: inout OutputBuffer
    ) {
        guard let link = survey.links[interface.index], let received = link.received, let sent = link.sent else {
            return
        }
        func text(_ counters: LinkFacts.Counters) -> String {
            """
            \(counters.packets) packets, \(counters.bytes) bytes, \(counters.errors) errors, \(counters.dropped) dropped
            """
        }
        out.append(text: "    received \(text(received))\n    sent     \(text(sent))\n")
    }

    // MARK: The way out

    private static func writeWay(_ family: AddressFamily, _ survey: InterfaceSurvey, _ out: inout OutputBuffer) {
        let routes = family == .ipv4 ? survey.routesIPv4 : survey.routesIPv6
        let name = family == .ipv4 ? "IPv4" : "IPv6"
        out.append(text: "\(name) default gateway: ")
        for (index, route) in routes.enumerated() {
            if index > 0 { out.append(", then ") }
            if let gateway = route.gateway { gateway.write(to: &out) } else { out.append("none needed") }
            out.append(" on ")
            out.append(escaping: route.interface)
            if routes.count > 1 { out.append(text: " (metric \(route.metric))") }
        }
        if routes.isEmpty { out.append("none") }
        out.append(text: "\n\(name) to the Internet: ")
        if let source = family == .ipv4 ? survey.sourceIPv4 : survey.sourceIPv6 {
            out.append("from ")
            source.write(to: &out)
            if let interface = survey.interface(having: source) {
                out.append(" on ")
                out.append(escaping: interface.name)
            }
            if source.kind.category != .public {
                out.append(
                    text:
                        """
                        , which is \(source.kind.category.rawValue): others see another address, if any (netprobe myip)
                        """
                )
            }
        } else {
            out.append("no route")
        }
        out.append(ascii: 10)
    }

    private static func pad(_ text: String, to width: Int, _ out: inout OutputBuffer) {
        let shown = text.escapedForDisplay
        out.append(text: shown)
        out.append(spaces: max(0, width - shown.count))
    }
}
