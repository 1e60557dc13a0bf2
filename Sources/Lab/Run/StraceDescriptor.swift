import Addressing
import Sockets

/// A descriptor as `strace -yy` writes it: `3<TCP:[127.0.0.1:43210->127.0.0.1:65432]>`, `4<UDPv6:[1097006]>`.
struct StraceDescriptor: Hashable {
    let number: Int32
    /// nil where it is no socket of TCP, UDP or AF_UNIX; then it may be a file, or strace could not find out.
    let transport: SocketProtocol?
    /// Whether strace named something else than a socket that it could not look into.
    let isOther: Bool
    let local: Endpoint?
    let peer: Endpoint?
    /// The socket's inode, which strace writes while it has no address.
    let inode: UInt64?

    init(number: Int32, _ decoration: ArraySlice<UInt8>) {
        self.number = number
        let colon = decoration.firstIndex(of: 58) ?? decoration.endIndex
        let kind = decoration[..<colon].text
        switch kind {
        case "TCP", "TCPv6": transport = .tcp
        case "UDP", "UDPv6": transport = .udp
        case "UNIX-STREAM", "UNIX-DGRAM", "UNIX-SEQPACKET": transport = .unix
        default: transport = nil
        }
        isOther = transport == nil && !decoration.isEmpty && kind != "socket"
        let inside = decoration[colon...].dropFirst()
        guard transport != nil, inside.first == 91, inside.last == 93 else {
            (local, peer, inode) = (nil, nil, nil)
            return
        }
        let text = inside.dropFirst().dropLast()
        if transport == .unix {
            // `123`, `123->124`, `123->124,"/tmp/path"`
            (local, peer, inode) = (nil, nil, UInt64(text.prefix { 48...57 ~= $0 }.text))
        } else if let arrow = StraceText(text).find("->") {
            (local, peer, inode) = (Endpoint(text[..<arrow].text), Endpoint(text[(arrow + 2)...].text), nil)
        } else if let number = UInt64(text.text) {
            (local, peer, inode) = (nil, nil, number)
        } else {
            (local, peer, inode) = (Endpoint(text.text), nil, nil)
        }
    }

    /// Reads an argument that is a descriptor.
    init?(_ argument: ArraySlice<UInt8>) {
        var text = StraceText(argument)
        guard let value = text.integer(), let number = Int32(exactly: value) else { return nil }
        if let decoration = text.decoration() {
            self.init(number: number, decoration)
        } else if text.rest.isEmpty {
            self.init(number: number, [])
        } else {
            return nil
        }
    }

    /// Whether strace wrote anything behind the number.
    var isDecorated: Bool { transport != nil || isOther }
}

/// An address as strace writes it:
///
///     {sa_family=AF_INET, sin_port=htons(7000), sin_addr=inet_addr("127.0.0.1")}
///     {sa_family=AF_INET6, sin6_port=htons(9), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr),
///     sin6_scope_id=0}
enum StraceAddress {
    static func endpoint(in argument: ArraySlice<UInt8>) -> Endpoint? {
        let text = StraceText(argument)
        guard
            let port = number(after: "_port=htons(", in: text).flatMap(UInt16.init(exactly:))
                ?? number(after: "6_port=htons(", in: text).flatMap(UInt16.init(exactly:))
        else { return nil }
        let address = quoted(after: "inet_addr(\"", in: text) ?? quoted(after: "inet_pton(AF_INET6, \"", in: text)
        guard let address, let parsed = IPAddress(address) else { return nil }
        // A scope is written as a number, or as if_nametoindex("eth0").
        let scope = number(after: "sin6_scope_id=", in: text).flatMap(UInt32.init(exactly:)) ?? 0
        return Endpoint(parsed, Port(port), scope: scope)
    }

    private static func number(after prefix: StaticString, in text: StraceText) -> Int? {
        guard let start = text.find(prefix) else { return nil }
        var behind = StraceText(text.rest[(start + prefix.utf8CodeUnitCount)...])
        return behind.integer()
    }

    private static func quoted(after prefix: StaticString, in text: StraceText) -> String? {
        guard let start = text.find(prefix) else { return nil }
        return text.rest[(start + prefix.utf8CodeUnitCount)...].prefix { $0 != 34 }.text
    }

    /// The path of an AF_UNIX address, as strace quotes it: `{sa_family=AF_UNIX, sun_path=@"name"}`. nil where it has
    /// none.
    static func path(in argument: ArraySlice<UInt8>) -> String? {
        let text = StraceText(argument)
        guard let start = text.find("sun_path=") else { return nil }
        var behind = StraceText(text.rest[(start + 9)...])
        let isAbstract = behind.take("@")
        return behind.quoted().map { (isAbstract ? "@" : "") + $0.text }
    }
}
