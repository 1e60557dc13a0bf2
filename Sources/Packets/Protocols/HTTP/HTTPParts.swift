/// The parts of an HTTP layer: the pieces of its start line and its header lines, found in one pass over the head.
enum HTTPParts {
    // The pieces of a start line. Those that are empty are no parts.
    static let method: UInt32 = 1
    static let target: UInt32 = 2
    static let requestVersion: UInt32 = 3
    static let responseVersion: UInt32 = 4
    static let code: UInt32 = 5
    static let phrase: UInt32 = 6

    // A header line has the first of these bits, the second in a response, and below them the number of its name in
    // `headers`, counted from 1; 0 for another name. Its content is the value.
    private static let line: UInt32 = 0x1000
    private static let inResponse: UInt32 = 0x2000
    private static let nameBits: UInt32 = 0x0fff

    static let requestLines = PartKinds(line, mask: line | inResponse)
    static let responseLines = PartKinds(line | inResponse, mask: line | inResponse)

    /// The header lines of one name, in small letters, which has to be one of `headers`.
    static func lines(named name: StaticString) -> PartKinds {
        let wanted = String(describing: name)
        let index = headers.firstIndex { String(describing: $0) == wanted }
        assert(index != nil, "\(wanted) is missing in HTTPParts.headers")
        return PartKinds(line | UInt32(index.map { $0 + 1 } ?? 0), mask: line | nameBits)
    }

    /// The header names that fields ask for.
    private static let headers: [StaticString] = [
        "host", "user-agent", "accept", "accept-language", "accept-encoding", "authorization", "www-authenticate",
        "cookie", "set-cookie", "referer", "connection", "upgrade", "content-type", "content-length",
        "content-encoding", "transfer-encoding", "date", "server", "location", "cache-control", "last-modified",
        "x-forwarded-for",
    ]

    static let find: PartFinder = { context, parts in
        let record = context.record
        guard let message = HTTPMessage(record, context.layer.range) else { return }
        let line: UInt32
        switch message.startLine {
        case .request(let method, let target, let version):
            line = Self.line
            for (kind, range) in [(Self.method, method), (Self.target, target), (requestVersion, version)]
            where !range.isEmpty {
                _ = parts.append(LayerPart(kind, range))
            }
        case .response(let version, let code, let phrase):
            line = Self.line | inResponse
            _ = parts.append(LayerPart(responseVersion, version))
            _ = parts.append(LayerPart(Self.code, code))
            if !phrase.isEmpty { _ = parts.append(LayerPart(Self.phrase, phrase)) }
        }
        var fields = message.fields
        while let field = fields.next(record) {
            let part = LayerPart(line | number(record, field.name), field.line, content: field.value)
            guard parts.append(part) else { return }
        }
    }

    // MARK: Names of header lines

    /// The number of a header's name; 0 for one that no field asks for.
    private static func number(_ record: RawSpan, _ name: Range<Int>) -> UInt32 {
        var candidate = buckets[bucket(length: name.count, first: record.uint8(at: name.lowerBound))]
        while candidate > 0 {
            if HTTPHeaders.isNamed(record, name, headers[candidate - 1]) { return UInt32(candidate) }
            candidate = following[candidate - 1]
        }
        return 0
    }

    private static func bucket(length: Int, first: UInt8) -> Int { (length &* 7 &+ Int(first | 0x20)) & 63 }

    /// For each bucket the number of the first name in it, 0 for none; for each name the next of its bucket.
    private static let (buckets, following): ([Int], [Int]) = {
        var buckets = [Int](repeating: 0, count: 64)
        var following = [Int](repeating: 0, count: headers.count)
        for (index, name) in headers.enumerated() {
            let bucket = bucket(length: name.bytes.byteCount, first: name.bytes.uint8(at: 0))
            following[index] = buckets[bucket]
            buckets[bucket] = index + 1
        }
        return (buckets, following)
    }()
}
