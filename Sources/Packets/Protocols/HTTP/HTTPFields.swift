import Addressing
import Text

/// The fields of an HTTP/1 message.
enum HTTPFields {
    static let all = ProtocolFields(.http, "http", "Hypertext Transfer Protocol", startLine + headers + exchange)
    static let discovery = ProtocolFields(.ssdp, "ssdp", "Simple Service Discovery Protocol", startLine + headers)

    /// A field read from the message's head.
    private static func message(
        _ name: String, _ type: FieldType, _ meaning: String,
        _ read: @escaping @Sendable (HTTPMessage, borrowing RawSpan, inout [FieldValue]) -> Void
    ) -> FieldDefinition {
        FieldDefinition(name, type, meaning) { context, values in
            guard let message = HTTPMessage(context.record, context.layer.range) else { return }
            read(message, context.record, &values)
        }
    }

    private static func request(
        _ name: String, _ type: FieldType = .text, _ meaning: String,
        _ read:
            @escaping @Sendable (_ method: Range<Int>, _ target: Range<Int>, _ version: Range<Int>, borrowing RawSpan)
            -> FieldValue?
    ) -> FieldDefinition {
        message(name, type, meaning) { message, record, values in
            guard case .request(let method, let target, let version) = message.startLine else { return }
            if let value = read(method, target, version, record) { values.append(value) }
        }
    }

    private static func response(
        _ name: String, _ type: FieldType = .text, _ meaning: String,
        _ read:
            @escaping @Sendable (_ version: Range<Int>, _ code: Range<Int>, _ phrase: Range<Int>, borrowing RawSpan) ->
            FieldValue?
    ) -> FieldDefinition {
        message(name, type, meaning) { message, record, values in
            guard case .response(let version, let code, let phrase) = message.startLine else { return }
            if let value = read(version, code, phrase, record) { values.append(value) }
        }
    }

    private static let startLine: [FieldDefinition] = [
        request("http.request", .boolean, "Request") { _, _, _, _ in .boolean(true) },
        request("http.request.method", .text, "Method") { method, _, _, _ in .text(method) },
        request("http.request.uri", .text, "Request target") { _, target, _, _ in .text(target) },
        request("http.request.uri.path", .text, "Path, where a query follows") { _, target, _, record in
            HTTPQuery(target, record).map { .text($0.path) }
        },
        request("http.request.uri.query", .text, "Query") { _, target, _, record in
            HTTPQuery(target, record).map { .text($0.query) }
        },
        message("http.request.uri.query.parameter", .text, "Query's parameters") { message, record, values in
            guard case .request(_, let target, _) = message.startLine, let query = HTTPQuery(target, record) else {
                return
            }
            query.eachParameter(record) { values.append(.text($0)) }
        }.hidden,
        message("http.request.full_uri", .text, "Target with scheme and host") { message, record, values in
            guard case .request(let method, let target, _) = message.startLine else { return }
            var fields = message.fields
            while let field = fields.next(record) {
                guard HTTPHeaders.isNamed(record, field.name, "host") else { continue }
                let isWhole = HTTPQuery.hasScheme(target, record) || HTTPHeaders.isNamed(record, method, "connect")
                return values.append(isWhole ? .text(target) : .webAddress(host: field.value, target: target))
            }
        }.hidden,
        request("http.request.version", .text, "Version") { _, _, version, _ in version.isEmpty ? nil : .text(version)
        },
        response("http.response", .boolean, "Response") { _, _, _, _ in .boolean(true) },
        response("http.response.version", .text, "Version") { version, _, _, _ in .text(version) },
        response("http.response.code", .unsigned(bits: 16), "Status code") { _, code, _, record in
            number(code, record).map { .unsigned($0) }
        },
        response("http.response.code.desc", .text, "What the status code means") { _, code, _, record in
            number(code, record).flatMap { HTTPStatusNames.name($0) }.map { .word(StaticWord($0)) }
        },
        response("http.response.phrase", .text, "Reason phrase") { _, _, phrase, _ in
            phrase.isEmpty ? nil : .text(phrase)
        },
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
    private static func header(_ wanted: String, _ name: String, _ meaning: String) -> FieldDefinition {
        message(name, .text, meaning) { message, record, values in
            var fields = message.fields
            while let field = fields.next(record) {
                if HTTPHeaders.isNamed(record, field.name, wanted) { values.append(.text(field.value)) }
            }
        }
    }

    /// Each header line as sent, with its end, as Wireshark has it.
    private static func lines(_ name: String, _ meaning: String, requests: Bool) -> FieldDefinition {
        message(name, .text, meaning) { message, record, values in
            let isRequest = if case .request = message.startLine { true } else { false }
            guard isRequest == requests else { return }
            var fields = message.fields
            while let field = fields.next(record) { values.append(.text(field.line)) }
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
        lines("http.request.line", "Header line of a request", requests: true),
        lines("http.response.line", "Header line of a response", requests: false),
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
        message("http.content_length", .unsigned(bits: 64), "Content length") { message, record, values in
            var fields = message.fields
            while let field = fields.next(record) {
                guard HTTPHeaders.isNamed(record, field.name, "content-length") else { continue }
                if let length = number(field.value, record) { values.append(.unsigned(length)) }
            }
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
