import Addressing

/// As much of HTTP/1.1 (RFC 9110, RFC 9112) as it takes to ask a service for a line of text.
public enum PlainHTTP {
    /// The parts of an `http://` URL (RFC 3986).
    public struct URL: Hashable, Sendable {
        /// A name or an address; IPv6 without brackets.
        public let host: String
        /// Digits, `80` where the URL has none.
        public let port: String
        /// Path and query, at least `/`.
        public let target: String

        /// nil: not such a URL. There is no TLS here, so no `https`.
        public init?(_ text: String) {
            guard text.lowercased().hasPrefix("http://") else { return nil }
            let rest = text.dropFirst(7)
            // What a URL may hold is visible ASCII (RFC 3986 section 2); anything else could end the request line
            // early.
            guard rest.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
            let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            var path = rest.dropFirst(authority.count).prefix { $0 != "#" }
            if path.isEmpty || path.first == "?" { path = "/" + path }
            target = String(path)
            guard !authority.contains("@") else { return nil }
            if authority.first == "[" {
                guard let close = authority.firstIndex(of: "]") else { return nil }
                host = String(authority[authority.index(after: authority.startIndex)..<close])
                let after = authority[authority.index(after: close)...]
                guard after.isEmpty || after.first == ":" else { return nil }
                port = after.count > 1 ? String(after.dropFirst()) : "80"
            } else {
                let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                host = String(parts[0])
                port = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : "80"
            }
            guard !host.isEmpty, let number = UInt16(port), number > 0 else { return nil }
        }

        var hostField: String { (host.contains(":") ? "[\(host)]" : host) + (port == "80" ? "" : ":\(port)") }
    }

    /// A GET of the URL that asks for text and ends the connection.
    public static func request(_ url: URL) -> [UInt8] {
        Array(
            """
            GET \(url.target) HTTP/1.1\r\nHost: \(url.hostField)\r\nUser-Agent: netprobe\r\n\
            Accept: text/plain\r\nConnection: close\r\n\r\n
            """
            .utf8)
    }

    /// What a service said: an address, or why what it said is none.
    public enum Answer: Hashable, Sendable {
        case address(IPAddress)
        case useless(String)
    }

    /// So much at most is read: an address is one line.
    public static let most = 65_536

    /// Whether an answer says itself that it is complete, so that nobody has to wait for the end of the connection.
    public static func isWhole(_ bytes: [UInt8]) -> Bool {
        guard let (_, fields, body) = parts(bytes) else { return false }
        if fields["transfer-encoding"]?.lowercased() == "chunked" { return dechunked(body) != nil }
        return fields["content-length"].flatMap { Int($0) }.map { body.count >= $0 } ?? false
    }

    /// Finds the address in an answer that has ended.
    public static func judge(_ bytes: [UInt8]) -> Answer {
        guard let (status, fields, rest) = parts(bytes) else { return .useless("no HTTP answer") }
        if (300..<400).contains(status) {
            return .useless("HTTP status \(status): it sends on to \(fields["location"] ?? "elsewhere")")
        }
        guard status == 200 else { return .useless("HTTP status \(status)") }
        var body = rest
        if fields["transfer-encoding"]?.lowercased() == "chunked" {
            guard let joined = dechunked(body) else { return .useless("the answer ended too early") }
            body = joined
        } else if let text = fields["content-length"] {
            guard let length = Int(text), length >= 0, length <= body.count else {
                return .useless("the answer ended too early")
            }
            body = Array(body.prefix(length))
        }
        let text = trimmed(String(decoding: body, as: UTF8.self)[...])
        guard let address = IPAddress(text) else { return .useless("the answer is not an address: \(text.prefix(40))") }
        return .address(address)
    }

    /// Status, fields (names in lower case) and what follows the head.
    private static func parts(_ bytes: [UInt8]) -> (status: Int, fields: [String: String], body: [UInt8])? {
        guard let end = endOfHead(bytes) else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        // A line's end is CR LF, one Character in Swift.
        let lines = head.split(whereSeparator: { $0 == "\r\n" || $0 == "\n" })
        let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = trimmed(line[line.index(after: colon)...])
        }
        return (status, fields, Array(bytes[end...]))
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        var index = 0
        while index + 3 < bytes.count {
            if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 {
                return index + 4
            }
            index += 1
        }
        return nil
    }

    /// RFC 9112 section 7.1: size in hexadecimal, CR LF, so many bytes, CR LF; 0 is the end.
    private static func dechunked(_ bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 10) {
            let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
            guard let size = Int(trimmed(line.prefix { $0 != ";" }), radix: 16), size >= 0, size <= most else {
                return nil
            }
            rest = rest[(end + 1)...]
            if size == 0 { return result }
            guard rest.count >= size + 2 else { return nil }
            result += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
