import Addressing
import Probe
import Sockets
import Text

/// The interfaces of a machine as one JSON object.
public enum InterfaceJSON {
    /// - Parameter families: for which the default gateway is told, too.
    public static func write(_ survey: InterfaceSurvey, families: [AddressFamily], to out: inout OutputBuffer) {
        var json = JSONWriter()
        json.beginObject(&out)
        json.key("interfaces", &out)
        json.beginArray(&out)
        for interface in survey.interfaces { write(interface, survey, &json, &out) }
        json.endArray(&out)
        json.key("default_gateways", &out)
        json.beginArray(&out)
        for route in survey.routesIPv4 { write(route, .ipv4, &json, &out) }
        for route in survey.routesIPv6 { write(route, .ipv6, &json, &out) }
        json.endArray(&out)
        json.key("internet", &out)
        json.beginObject(&out)
        for family in families {
            let source = family == .ipv4 ? survey.sourceIPv4 : survey.sourceIPv6
            json.key(family == .ipv4 ? "ipv4" : "ipv6", &out)
            if let source {
                json.beginObject(&out)
                json.member("source", "\(source)", &out)
                json.member("interface", survey.interface(having: source)?.name, &out)
                json.member("kind", source.kind.category.rawValue, &out)
                json.endObject(&out)
            } else {
                json.null(&out)
            }
        }
        json.endObject(&out)
        json.endObject(&out)
        json.endLine(&out)
    }

    private static func write(
        _ interface: NetworkInterface, _ survey: InterfaceSurvey, _ json: inout JSONWriter, _ out: inout OutputBuffer
    ) {
        let link = survey.links[interface.index]
        json.beginObject(&out)
        json.member("name", interface.name, &out)
        json.member("index", Int(interface.index), &out)
        json.member("up", interface.flags.contains(.up), &out)
        json.member("running", interface.flags.contains(.running), &out)
        json.member("loopback", interface.flags.contains(.loopback), &out)
        json.member("point_to_point", interface.flags.contains(.pointToPoint), &out)
        json.member("multicast", interface.flags.contains(.multicast), &out)
        json.member("state", link?.state?.text, &out)
        json.member("kind", link?.kind, &out)
        if let vlan = link?.vlan { json.member("vlan", Int(vlan), &out) }
        json.member("mtu", survey.mtus[interface.name], &out)
        let hardware = interface.hardwareAddress.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(
            separator: ":")
        json.member("mac", hardware.isEmpty ? nil : hardware, &out)
        json.key("addresses", &out)
        json.beginArray(&out)
        for address in interface.addresses { write(address, survey, &json, &out) }
        json.endArray(&out)
        for (name, counters) in [("received" as StaticString, link?.received), ("sent", link?.sent)] {
            guard let counters else { continue }
            json.key(name, &out)
            json.beginObject(&out)
            json.member("packets", Int(clamping: counters.packets), &out)
            json.member("bytes", Int(clamping: counters.bytes), &out)
            json.member("errors", Int(clamping: counters.errors), &out)
            json.member("dropped", Int(clamping: counters.dropped), &out)
            json.endObject(&out)
        }
        json.endObject(&out)
    }

    private static func write(
        _ address: InterfaceAddress, _ survey: InterfaceSurvey, _ json: inout JSONWriter, _ out: inout OutputBuffer
    ) {
        let kind = address.address.kind
        json.beginObject(&out)
        json.member("address", "\(address.address)", &out)
        json.member("family", AddressFamily(of: address.address) == .ipv4 ? "ipv4" : "ipv6", &out)
        json.member("prefix", address.prefixLength, &out)
        json.member("broadcast", address.broadcast.map { "\($0)" }, &out)
        json.member("peer", address.peer.map { "\($0)" }, &out)
        if let label = address.label { json.member("label", label, &out) }
        json.member("kind", kind.category.rawValue, &out)
        json.member("block", kind.block.isEmpty ? nil : kind.block, &out)
        json.member("source", kind.source.isEmpty ? nil : kind.source, &out)
        json.member("internet", survey.reachesInternet(from: address.address), &out)
        json.endObject(&out)
    }

    private static func write(
        _ route: DefaultRoute, _ family: AddressFamily, _ json: inout JSONWriter, _ out: inout OutputBuffer
    ) {
        json.beginObject(&out)
        json.member("family", family == .ipv4 ? "ipv4" : "ipv6", &out)
        json.member("gateway", route.gateway.map { "\($0)" }, &out)
        json.member("interface", route.interface, &out)
        json.member("metric", Int(route.metric), &out)
        json.endObject(&out)
    }
}
