import Addressing
import Conversations

/// The service that a server's port is registered for (IANA's Service Name and Transport Protocol Port Number
/// Registry): the few that a course or a lab meets. What really listens on a port may be something else.
public enum ServiceNames {
    /// The name for a port of TCP or UDP; nil for others, and for what is not among the few.
    public static func name(_ port: Port, _ flowProtocol: FlowProtocol) -> StaticString? {
        guard flowProtocol == .tcp || flowProtocol == .udp else { return nil }
        return switch port.rawValue {
        case 7: "echo"
        case 20: "ftp-data"
        case 21: "ftp"
        case 22: "ssh"
        case 23: "telnet"
        case 25: "smtp"
        case 53: "dns"
        case 67, 68: "dhcp"
        case 69: "tftp"
        case 80, 8080: "http"
        case 88: "kerberos"
        case 110: "pop3"
        case 123: "ntp"
        case 143: "imap"
        case 161: "snmp"
        case 389: "ldap"
        case 443, 8443: "https"
        case 445: "smb"
        case 514: "syslog"
        case 546, 547: "dhcpv6"
        case 587: "submission"
        case 636: "ldaps"
        case 853: "dns-over-tls"
        case 993: "imaps"
        case 995: "pop3s"
        case 1883: "mqtt"
        case 1900: "ssdp"
        case 3306: "mysql"
        case 3389: "rdp"
        case 3478: "stun"
        case 5060: "sip"
        case 5353: "mdns"
        case 5355: "llmnr"
        case 5432: "postgresql"
        case 6379: "redis"
        case 27017: "mongodb"
        default: nil
        }
    }
}
