/// A request target with a query (RFC 3986 section 3.4): `/path?query`, the query mostly parameters with `&` between.
struct HTTPQuery {
    let path: Range<Int>
    let query: Range<Int>

    /// nil where nothing is asked for.
    init?(_ target: Range<Int>, _ record: borrowing RawSpan) {
        guard target.upperBound <= record.byteCount, var mark = target.indices.first else { return nil }
        while mark < target.upperBound, record.uint8(at: mark) != UInt8(ascii: "?") { mark &+= 1 }
        guard mark &+ 1 < target.upperBound else { return nil }
        path = target.lowerBound..<mark
        query = mark &+ 1..<target.upperBound
    }

    /// Calls `body` with each parameter that is not empty.
    func eachParameter(_ record: borrowing RawSpan, _ body: (Range<Int>) -> Void) {
        var start = query.lowerBound
        for position in query.lowerBound...query.upperBound
        where position == query.upperBound || record.uint8(at: position) == UInt8(ascii: "&") {
            if position > start { body(start..<position) }
            start = position &+ 1
        }
    }

    /// Whether a target is an address of the web by itself, as proxies are asked (RFC 9112 section 3.2.2).
    static func hasScheme(_ target: Range<Int>, _ record: borrowing RawSpan) -> Bool {
        starts(target, record, with: "http://") || starts(target, record, with: "https://")
    }

    private static func starts(_ target: Range<Int>, _ record: borrowing RawSpan, with scheme: StaticString) -> Bool {
        HTTPHeaders.isNamed(record, target.prefix(scheme.utf8CodeUnitCount), scheme)
    }
}
