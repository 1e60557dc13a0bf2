extension Debts {
    /// What is left to do. Each number may only fall; a module that is not named has none.
    static let platformConditionals = Debts(rule: "platform conditionals", allowed: [:])
    static let imports = Debts(rule: "imports", allowed: [:])
    static let dissectorCalls = Debts(rule: "calls of the dissector", allowed: [:])
    static let layerKindOrder = Debts(rule: "raw values of LayerKind", allowed: [:])
    static let printing = Debts(rule: "printing and exiting", allowed: [:])
    static let traps = Debts(rule: "traps", allowed: [:])
    static let clocks = Debts(rule: "clocks", allowed: [:])
    static let unsafeCode = Debts(rule: "unsafe code", allowed: [:])
    static let longFiles = Debts(rule: "long files", allowed: [:])
    static let longLines = Debts(rule: "long lines", allowed: [:])
    static let comments = Debts(rule: "comments", allowed: [:])
    /// Files beyond a protocol's folder that speak of it: what a connection remembers of DNS, HTTP, TLS and ICMP, the
    /// detectors that tell the stories of ARP, DHCP, DNS, ICMP, groups and 802.11, frames that carry frames of another
    /// kind, the probe that asks by STUN, and TLS, which carries certificates.
    static let protocolMentions = Debts(
        rule: "mentions of a protocol elsewhere",
        allowed: [
            "ARP": 2, "CiscoHDLC": 2, "DHCP": 2, "DNS": 4, "ERF": 1, "HTTP": 2, "ICMP": 8, "ICMPv6": 2, "IGMP": 2,
            "LLC": 1, "STUN": 1,
            "TLS": 3, "Wireless": 2, "X509": 1,
        ])
}
