/// The names of services by port, and ports by name: IANA's registry, built in, since `/etc/services` is not
/// everywhere.
public enum PortNames {
    /// The name of the service that is registered for a port: `ssh`. nil where none is. What really listens there may
    /// be something else.
    public static func name(of port: Port, _ transport: Transport = .tcp) -> String? {
        (transport == .tcp ? index.tcp : index.udp)[port.rawValue]
    }

    /// The ports of a service, in order; `*` stands for any text and `?` for any one character. Case does not count.
    public static func ports(named pattern: some StringProtocol, _ transport: Transport = .tcp) -> [Port] {
        let pattern = Array(pattern.lowercased().utf8)
        return (transport == .tcp ? index.tcp : index.udp).filter {
            matches(Array($0.value.lowercased().utf8), pattern)
        }.keys.sorted().map { Port($0) }
    }

    private struct Index: Sendable {
        var tcp: [UInt16: String] = [:]
        var udp: [UInt16: String] = [:]

        init() {
            tcp.reserveCapacity(6200)
            udp.reserveCapacity(6200)
            for token in portNamesTable.description.utf8.split(whereSeparator: { $0 == 32 || $0 == 10 }) {
                guard let colon = token.firstIndex(of: 58) else { continue }
                var port: UInt16 = 0
                for byte in token[..<colon] where (48...57).contains(byte) { port = port &* 10 &+ UInt16(byte &- 48) }
                let name = String(decoding: token[token.index(after: colon)...], as: UTF8.self)
                if token.first != UInt8(ascii: "u") { tcp[port] = name }
                if token.first != UInt8(ascii: "t") { udp[port] = name }
            }
        }
    }

    private static let index = Index()

    /// Wildcards, without recursion: on a mismatch the last `*` takes one more character.
    private static func matches(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
        var (t, p) = (0, 0)
        var star: (text: Int, pattern: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (t, p)
                p += 1
            } else if p < pattern.count, pattern[p] == text[t] || pattern[p] == UInt8(ascii: "?") {
                t += 1
                p += 1
            } else if let last = star {
                star = (last.text + 1, last.pattern)
                (t, p) = (last.text + 1, last.pattern + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension PortNames {
    /// The `count` TCP ports that are most worth a look, most common first: those of services that are met every day,
    /// then the other well-known ports that have a name, then the other named ones, then the rest.
    public static func mostCommon(_ count: Int) -> [Port] {
        var chosen: [Port] = []
        var seen = [Bool](repeating: false, count: 65536)
        func take(_ port: UInt16) {
            guard chosen.count < count, port > 0, !seen[Int(port)] else { return }
            seen[Int(port)] = true
            chosen.append(Port(port))
        }
        for port in everyday { take(port) }
        for port in UInt16(1)...1023 where index.tcp[port] != nil { take(port) }
        if chosen.count < count { for port in index.tcp.keys.sorted() { take(port) } }
        if chosen.count < count { for port in UInt16(1)...65535 { take(port) } }
        return chosen
    }

    /// Ports where one meets a service on servers, desktops, printers, routers and developers' machines; our own order,
    /// by how often: web and remote access first, then mail, files, databases, then what developers and devices use.
    private static let everyday: [UInt16] = [
        80, 443, 22, 21, 25, 3389, 445, 139, 53, 23, 110, 143, 135, 993, 995, 8080, 3306, 587, 465, 111, 8443, 5432,
        5900,
        1723, 8000, 8888, 2049, 631, 548, 88, 389, 636, 1433, 6379, 27017, 5060, 3000, 5000, 8081, 8008, 9090, 9100,
        515,
        514, 873, 2222, 179, 113, 119, 81, 82, 8082, 8090, 9000, 9200, 11211, 5672, 15672, 1883, 8883, 5222, 5269, 1521,
        3128, 1080, 554, 1900, 49152, 49153, 49154, 49155, 49156, 49157, 5357, 5985, 5986, 7, 9, 13, 19, 37, 79, 106,
        2000,
        2375, 2376, 2379, 2380, 6443, 10250, 10000, 20000, 4443, 4444, 7001, 7070, 7777, 8009, 8083, 8086, 8088, 8089,
        8161, 8181, 8200, 8500, 8880, 8983, 9001, 9042, 9092, 9093, 9300, 9418, 9443, 9999, 5001, 5003, 5005, 5173,
        5353,
        5355, 5555, 5601, 5631, 5666, 5800, 5901, 5902, 6000, 6001, 6002, 6660, 6666, 6667, 6668, 6669, 6697, 1025,
        1026,
        1027, 1028, 1029, 1030, 1110, 1194, 1234, 1337, 1434, 1494, 1701, 1720, 1755, 1812, 1863, 2020, 2021, 2082,
        2083,
        2086, 2087, 2095, 2096, 2121, 2181, 2323, 2404, 2483, 2484, 3001, 3030, 3050, 3260, 3268, 3269, 3283, 3333,
        3478,
        3632, 3689, 3690, 4000, 4001, 4040, 4045, 4100, 4200, 4369, 4500, 4567, 4711, 4848, 4899, 5009, 5051, 5101,
        5190,
        5223, 5280, 5432, 5433, 5500, 5560, 5683, 5984, 6080, 6081, 6112, 6346, 6379, 6432, 6514, 6543, 6646, 6881,
        7000,
        7002, 7007, 7100, 7199, 7443, 7474, 7547, 7687, 8001, 8002, 8003, 8010, 8031, 8042, 8060, 8069, 8084, 8085,
        8087,
        8091, 8096, 8112, 8123, 8139, 8140, 8222, 8291, 8333, 8384, 8400, 8444, 8545, 8686, 8765, 8834, 8843, 8899,
        9009,
        9010, 9022, 9043, 9050, 9060, 9080, 9081, 9091, 9101, 9111, 9150, 9160, 9191, 9389, 9500, 9600, 9696, 9876,
        9990,
        9993, 10001, 10010, 10080, 10443, 11210, 11300, 11371, 12345, 13000, 13306, 15000, 16010, 16080, 16992, 16993,
        17000, 18080, 19999, 22222, 24800, 25565, 26257, 27015, 27018, 28017, 30000, 31337, 32400, 32768, 32769, 32770,
        33060, 37777, 44818, 47001, 50000, 50030, 50070, 51413, 54321, 55555, 60000, 61616, 62078, 64738, 65432,
    ]
}
