/// The type of a resource record (IANA "Domain Name System (DNS) Parameters"); an open number.
public struct DNSType: RawRepresentable, Hashable, Sendable {
    /// The number as it is sent.
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    static let a = DNSType(rawValue: 1)
    static let ns = DNSType(rawValue: 2)
    static let cname = DNSType(rawValue: 5)
    static let soa = DNSType(rawValue: 6)
    static let ptr = DNSType(rawValue: 12)
    static let hinfo = DNSType(rawValue: 13)
    static let mx = DNSType(rawValue: 15)
    static let txt = DNSType(rawValue: 16)
    static let aaaa = DNSType(rawValue: 28)
    static let srv = DNSType(rawValue: 33)
    static let naptr = DNSType(rawValue: 35)
    static let dname = DNSType(rawValue: 39)
    static let opt = DNSType(rawValue: 41)
    static let ds = DNSType(rawValue: 43)
    static let sshfp = DNSType(rawValue: 44)
    static let rrsig = DNSType(rawValue: 46)
    static let nsec = DNSType(rawValue: 47)
    static let dnskey = DNSType(rawValue: 48)
    static let tlsa = DNSType(rawValue: 52)
    static let svcb = DNSType(rawValue: 64)
    static let https = DNSType(rawValue: 65)
    static let caa = DNSType(rawValue: 257)

    /// The mnemonic: `AAAA`.
    public var name: StaticString? {
        switch rawValue {
        case 1: "A"
        case 2: "NS"
        case 5: "CNAME"
        case 6: "SOA"
        case 10: "NULL"
        case 12: "PTR"
        case 13: "HINFO"
        case 15: "MX"
        case 16: "TXT"
        case 17: "RP"
        case 18: "AFSDB"
        case 24: "SIG"
        case 25: "KEY"
        case 28: "AAAA"
        case 29: "LOC"
        case 33: "SRV"
        case 35: "NAPTR"
        case 36: "KX"
        case 37: "CERT"
        case 39: "DNAME"
        case 41: "OPT"
        case 42: "APL"
        case 43: "DS"
        case 44: "SSHFP"
        case 45: "IPSECKEY"
        case 46: "RRSIG"
        case 47: "NSEC"
        case 48: "DNSKEY"
        case 49: "DHCID"
        case 50: "NSEC3"
        case 51: "NSEC3PARAM"
        case 52: "TLSA"
        case 53: "SMIMEA"
        case 55: "HIP"
        case 59: "CDS"
        case 60: "CDNSKEY"
        case 61: "OPENPGPKEY"
        case 62: "CSYNC"
        case 63: "ZONEMD"
        case 64: "SVCB"
        case 65: "HTTPS"
        case 99: "SPF"
        case 108: "EUI48"
        case 109: "EUI64"
        case 249: "TKEY"
        case 250: "TSIG"
        case 251: "IXFR"
        case 252: "AXFR"
        case 255: "ANY"
        case 256: "URI"
        case 257: "CAA"
        default: nil
        }
    }
}

extension DNSType {
    /// How many bytes of a record's data stand in front of the domain name in it; nil for types without one, or with
    /// names at places of their own.
    var bytesBeforeName: Int? {
        switch self {
        case .ns, .cname, .ptr, .dname, .nsec, .soa: 0
        case .mx, .svcb, .https: 2
        case .srv: 6
        default: nil
        }
    }
}

/// The numbers of a DNS header, by name.
enum DNSNames {
    static func responseCode(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "NOERROR"
        case 1: "FORMERR"
        case 2: "SERVFAIL"
        case 3: "NXDOMAIN"
        case 4: "NOTIMP"
        case 5: "REFUSED"
        case 6: "YXDOMAIN"
        case 7: "YXRRSET"
        case 8: "NXRRSET"
        case 9: "NOTAUTH"
        case 10: "NOTZONE"
        case 11: "DSOTYPENI"
        default: nil
        }
    }

    static func opcode(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "standard query"
        case 1: "inverse query"
        case 2: "server status"
        case 4: "notify"
        case 5: "update"
        case 6: "stateful operation"
        default: nil
        }
    }

    static func recordClass(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "IN"
        case 3: "CH"
        case 4: "HS"
        case 254: "NONE"
        case 255: "ANY"
        default: nil
        }
    }

    static func type(_ number: UInt64) -> StaticString? { DNSType(rawValue: UInt16(truncatingIfNeeded: number)).name }
}
