import Addressing
import Text

/// The fields of an HTTP/1 message.
enum HTTPFields {
    static let all = ProtocolFields(.http, "http", "Hypertext Transfer Protocol", startLine + headers + exchange)
    static let discovery = ProtocolFields(.ssdp, "ssdp", "Simple Service Discovery Protocol", startLine + headers)

    /// A field read from one piece of the start line.
    private static func piece(
        _ kind: UInt32, _ name: String, _ type: FieldType, _ meaning: String,
        _ read: @escaping @Sendable (_ piece: Range<Int>, _ record: borrowing RawSpan) -> FieldValue?
    ) -> FieldDefinition {
        .inParts(PartKinds(kind), foundBy: HTTPParts.find, name, type, meaning) { context, part, values in
            if let value = read(part.range, context.record) { values.append(value) }
        }
    }

    /// The piece itself.
    private static func piece(_ kind: UInt32, _ name: String, _ meaning: String) -> FieldDefinition {
        piece(kind, name, .text, meaning) { range, _ in .text(range) }
    }

    private static let startLine: [FieldDefinition] = [
        piece(HTTPParts.method, "http.request", .boolean, "Request") { _, _ in .boolean(true) },
        piece(HTTPParts.method, "http.request.method", "Method"),
        piece(HTTPParts.target, "http.request.uri", "Request target"),
        piece(HTTPParts.target, "http.request.uri.path", .text, "Path, where a query follows") { target, record in
            HTTPQuery(target, record).map { .text($0.path) }
        },
        piece(HTTPParts.target, "http.request.uri.query", .text, "Query") { target, record in
            HTTPQuery(target, record).map { .text($0.query) }
        },
        .inParts(
            PartKinds(HTTPParts.target), foundBy: HTTPParts.find, "http.request.uri.query.parameter", .text,
            "Query's parameters"
        ) { context, part, values in
            HTTPQuery(part.range, context.record)?.eachParameter(context.record) { values.append(.text($0)) }
        }.hidden,
        .inParts(
            PartKinds(HTTPParts.target), foundBy: HTTPParts.find, "http.request.full_uri", .text,
            "Target with scheme and host"
        ) { context, part, values in
            let target = part.range
            guard let host = values.firstPart(HTTPParts.lines(named: "host")),
                let method = values.firstPart(PartKinds(HTTPParts.method))
            else { return }
            let isWhole =
                HTTPQuery.hasScheme(target, context.record)
                || HTTPHeaders.isNamed(context.record, method.range, "connect")
            values.append(isWhole ? .text(target) : .webAddress(host: host.content, target: target))
        }.hidden,
        piece(HTTPParts.requestVersion, "http.request.version", "Version"),
        piece(HTTPParts.code, "http.response", .boolean, "Response") { _, _ in .boolean(true) },
        piece(HTTPParts.responseVersion, "http.response.version", "Version"),
        piece(HTTPParts.code, "http.response.code", .unsigned(bits: 16), "Status code") { code, record in
            number(code, record).map { .unsigned($0) }
        },
        piece(HTTPParts.code, "http.response.code.desc", .text, "What the status code means") { code, record in
            number(code, record).flatMap { HTTPStatusNames.name($0) }.map { .word(StaticWord($0)) }
        },
        piece(HTTPParts.phrase, "http.response.phrase", "Reason phrase"),
    ]

    /// Decimal digits and nothing else.
    static func number(_ range: Range<Int>, _ record: borrowing RawSpan) -> UInt64? {
        guard !range.isEmpty, range.count <= 18 else { return nil }
        var value: UInt64 = 0
        for position in range {
            let byte = record.uint8(at: position)
            guard byte >= 48, byte <= 57 else { return nil }
            value = value &* 10 &+ UInt64(byte &- 48)
        }
        return value
    }

    /// All values of one header field, in order.
    private static func header(_ wanted: StaticString, _ name: String, _ meaning: String) -> FieldDefinition {
        .inParts(HTTPParts.lines(named: wanted), foundBy: HTTPParts.find, name, .text, meaning) { _, line, values in
            values.append(.text(line.content))
        }
    }

    /// Each header line as sent, with its end, as Wireshark has it.
    private static func lines(_ kinds: PartKinds, _ name: String, _ meaning: String) -> FieldDefinition {
        .inParts(kinds, foundBy: HTTPParts.find, name, .text, meaning) { _, line, values in
            values.append(.text(line.range))
        }
    }

    /// What is known of an answer from its connection: see `CarriedApplication`.
    private static let exchange: [FieldDefinition] = [
        fact("http.request_in", .unsigned(bits: 32), "Answers the request in packet") {
            .unsigned(UInt64($0.http.request))
        },
        fact("http.time", .duration, "From that request to this answer") { .duration(nanoseconds: $0.http.time) },
    ]

    private static func fact(
        _ name: String, _ type: FieldType, _ meaning: String,
        _ read: @escaping @Sendable (borrowing TransportFacts) -> FieldValue
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning) { context, values in
            if context.facts.transport.http.request != 0 { values.append(read(context.facts.transport)) }
        }
    }

    private static let headers: [FieldDefinition] = [
        lines(HTTPParts.requestLines, "http.request.line", "Header line of a request"),
        lines(HTTPParts.responseLines, "http.response.line", "Header line of a response"),
        header("host", "http.host", "Host"),
        header("user-agent", "http.user_agent", "User agent"),
        header("accept", "http.accept", "Media types accepted"),
        header("accept-language", "http.accept_language", "Languages accepted"),
        header("accept-encoding", "http.accept_encoding", "Encodings accepted"),
        header("authorization", "http.authorization", "Authorization"),
        header("www-authenticate", "http.www_authenticate", "Authentication wanted"),
        header("cookie", "http.cookie", "Cookie"),
        header("set-cookie", "http.set_cookie", "Cookie to keep"),
        header("referer", "http.referer", "Referring page"),
        header("connection", "http.connection", "Connection"),
        header("upgrade", "http.upgrade", "Upgrade"),
        header("content-type", "http.content_type", "Content type"),
        header("content-length", "http.content_length_header", "Content length as sent"),
        .inParts(
            HTTPParts.lines(named: "content-length"), foundBy: HTTPParts.find, "http.content_length",
            .unsigned(bits: 64), "Content length"
        ) { context, line, values in
            if let length = number(line.content, context.record) { values.append(.unsigned(length)) }
        },
        header("content-encoding", "http.content_encoding", "Content encoding"),
        header("transfer-encoding", "http.transfer_encoding", "Transfer encoding"),
        header("date", "http.date", "Date"),
        header("server", "http.server", "Server"),
        header("location", "http.location", "Location"),
        header("cache-control", "http.cache_control", "Cache control"),
        header("last-modified", "http.last_modified", "Last modified"),
        header("x-forwarded-for", "http.x_forwarded_for", "Forwarded for"),
    ]
}

/// `HTTP GET /index.html HTTP/1.1`, `HTTP/1.1 200 OK`, `HTTP continuation`.
enum HTTPSummary {
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        guard let message = HTTPMessage(record, layer.range) else {
            text.append(layer.kind == .ssdp ? "SSDP, not HTTP" : "HTTP continuation")
            return
        }
        switch message.startLine {
        case .request(let method, let target, let version):
            text.append(layer.kind == .ssdp ? "SSDP " : "HTTP ")
            text.append(escaping: method, of: record)
            text.append(ascii: 32)
            text.append(escaping: target, of: record, limit: 120)
            guard !version.isEmpty else { return }
            text.append(ascii: 32)
            text.append(escaping: version, of: record, limit: 16)
        case .response(let version, let code, let phrase):
            text.append(escaping: version, of: record, limit: 16)
            text.append(ascii: 32)
            text.append(escaping: code, of: record, limit: 16)
            guard !phrase.isEmpty else { return }
            text.append(ascii: 32)
            text.append(escaping: phrase, of: record, limit: 80)
        }
    }
}
