import Addressing
import Platform
import SystemPackage

/// Makes pairs of Ethernet links that are each other's far end (veth(4)), and gives links addresses: rtnetlink(7).
/// Linux only, and with CAP_NET_ADMIN in every network namespace that is concerned.
public enum VirtualLinks {
    /// One end of a pair.
    public struct End: Sendable {
        /// The interface's name in its namespace.
        public let name: String
        /// The interface's number in its namespace. The two ends should differ: where they are the same, Linux takes
        /// the link for one without a far end and may leave it without a carrier for a second (linkwatch_urgent_event).
        public let index: UInt32
        /// The address that frames are sent to.
        public let hardwareAddress: MACAddress
        /// Where it shows up.
        public let namespace: NetworkNamespace

        /// One end of a pair that is still to be made.
        public init(name: String, index: UInt32, hardwareAddress: MACAddress, namespace: NetworkNamespace) {
            self.name = name
            self.index = index
            self.hardwareAddress = hardwareAddress
            self.namespace = namespace
        }
    }

    // linux/rtnetlink.h and linux/if_link.h.
    private static let newLink: UInt16 = 16
    private static let newAddress: UInt16 = 20
    private enum Attribute {
        static let hardwareAddress: UInt16 = 1
        static let name: UInt16 = 3
        static let mtu: UInt16 = 4
        static let linkInfo: UInt16 = 18
        static let familySpecific: UInt16 = 26
        static let namespace: UInt16 = 28
    }

    /// RTM_NEWLINK: both ends, each in its namespace, both off.
    public static func makePair(_ first: End, _ second: End, mtu: Int) throws(SocketError) {
        var kind = NativeBytes()
        kind.append(attribute: 1, Array("veth".utf8))
        // IFLA_INFO_DATA with VETH_INFO_PEER: a request of its own.
        var peer = NativeBytes()
        peer.append(attribute: 1, request(second, mtu))
        kind.append(attribute: 2, Array(peer.bytes))
        var body = NativeBytes(request(first, mtu))
        body.append(attribute: Attribute.linkInfo, Array(kind.bytes))
        try NetlinkDump.change(type: newLink, creating: true, body: Array(body.bytes))
    }

    private static func request(_ end: End, _ mtu: Int) -> [UInt8] {
        var body = NativeBytes(linkMessage(index: end.index))
        body.append(attribute: Attribute.name, Array(end.name.utf8) + [0])
        let address = end.hardwareAddress.rawValue
        body.append(
            attribute: Attribute.hardwareAddress, (0..<6).map { UInt8(truncatingIfNeeded: address >> (40 - 8 * $0)) })
        body.append(attribute: Attribute.mtu, word(UInt32(clamping: mtu)))
        body.append(attribute: Attribute.namespace, word(end.namespace.number))
        return Array(body.bytes)
    }

    /// Keeps Linux from giving a link an IPv6 address of its own (IFLA_INET6_ADDR_GEN_MODE, none): no duplicate address
    /// detection, no router solicitation, nothing on the wire that nobody asked for. In the calling thread's namespace,
    /// before the link is switched on. Where the kernel has no IPv6, there is nothing to do.
    public static func makeNoOwnAddress(on name: String) throws(SocketError) {
        var mode = NativeBytes()
        mode.append(attribute: 8, [1])
        var family = NativeBytes()
        family.append(attribute: UInt16(truncatingIfNeeded: AddressFamily.ipv6.number), Array(mode.bytes))
        var body = NativeBytes(linkMessage(index: try index(of: name)))
        body.append(attribute: Attribute.familySpecific, Array(family.bytes))
        do throws(SocketError) {
            try NetlinkDump.change(type: newLink, creating: false, body: Array(body.bytes))
        } catch {
            if error.code != .addressFamilyNotSupported { throw error }
        }
    }

    /// RTM_NEWADDR: an address and its network, usable at once (IFA_F_NODAD). In the calling thread's namespace.
    public static func add(_ address: IPAddress, prefixLength: UInt8, to name: String) throws(SocketError) {
        let bytes: [UInt8] =
            switch address {
            case .v4(let v4): (0..<4).map { UInt8(truncatingIfNeeded: v4.rawValue >> (24 - 8 * $0)) }
            case .v6(let v6):
                [v6.high, v6.low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
            }
        let family = bytes.count == 4 ? AddressFamily.ipv4.number : AddressFamily.ipv6.number
        // struct ifaddrmsg: family, prefix length, flags, scope, index.
        var body = NativeBytes()
        body.append([UInt8(family), prefixLength, 0, 0])
        body.append(try index(of: name))
        body.append(attribute: 2, bytes)
        body.append(attribute: 1, bytes)
        body.append(attribute: 8, word(0x02))
        try NetlinkDump.change(type: newAddress, creating: true, body: Array(body.bytes))
    }

    /// struct ifinfomsg: family, type, index, flags, change.
    private static func linkMessage(index: UInt32) -> [UInt8] {
        var bytes = NativeBytes()
        bytes.append(UInt32(0))
        bytes.append(index)
        bytes.append(UInt32(0))
        bytes.append(UInt32(0))
        return Array(bytes.bytes)
    }

    private static func index(of name: String) throws(SocketError) -> UInt32 {
        guard let index = HostLookup.scope(ofInterface: name) else {
            throw SocketError("if_nametoindex", Errno.noSuchAddressOrDevice.rawValue, subject: name)
        }
        return index
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        var bytes = NativeBytes()
        bytes.append(value)
        return Array(bytes.bytes)
    }
}
