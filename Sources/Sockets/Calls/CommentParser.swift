import Addressing

/// Reads the grammar of `SocketCallComment` from text that anyone may have written: every step looks before it takes,
/// and nil means "not that". One pass, no recursion, so the cost is linear in the length.
struct CommentParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    mutating func comment() -> SocketCallComment? {
        guard take(SocketCallComment.prefix), let id = integer(Int.self), take(" "), let end = word(), take(": "),
            let name = word(), take("("), let (descriptor, arguments) = arguments(), take(" = "), let result = result(),
            take("; start "), let start = time()
        else { return nil }
        var finish: Timestamp?
        var running: Timestamp?
        if take("; return ") {
            guard let time = time() else { return nil }
            finish = time
            if take("; running until ") {
                guard let time = self.time() else { return nil }
                running = time
            }
        }
        guard take("; "), let transport = word(), take(" "), let local = optionalEndpoint(), take(" > "),
            let peer = optionalEndpoint(), take("; "), let relation = relation()
        else { return nil }
        let call = SocketCall(
            id: id, end: .init(rawValue: end), name: .init(rawValue: name), descriptor: descriptor,
            arguments: arguments,
            start: start, finish: finish, result: result, local: local, peer: peer,
            transport: .init(rawValue: transport), runningUntil: running)
        return SocketCallComment(call, relation)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ text: StaticString) -> Bool { take(text.description) }

    private mutating func take(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    /// The bytes up to the first for which the condition fails, as text.
    private mutating func run(while condition: (UInt8) -> Bool) -> String {
        let end = bytes[position...].firstIndex { !condition($0) } ?? bytes.count
        defer { position = end }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }

    private mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        Number(run { (48...57).contains($0) || $0 == 45 })
    }

    private mutating func word() -> String? {
        if next == 34 { return quoted() }
        let text = run(while: CommentSyntax.isWord)
        return text.isEmpty ? nil : text
    }

    /// The arguments and the closing parenthesis.
    private mutating func arguments() -> (Int32?, [CallArgument])? {
        var descriptor: Int32?
        var result: [CallArgument] = []
        if take(")") { return (nil, []) }
        repeat {
            if next == 34 {
                guard let text = quoted() else { return nil }
                result.append(CallArgument(text))
            } else {
                let text = run(while: CommentSyntax.isPlain)
                if result.isEmpty, descriptor == nil, CommentSyntax.isDescriptor(text) {
                    descriptor = Int32(text)
                } else {
                    result.append(CallArgument(text))
                }
            }
        } while take(", ")
        return take(")") ? (descriptor, result) : nil
    }

    private mutating func quoted() -> String? {
        guard take("\"") else { return nil }
        var text = String.UnicodeScalarView()
        while let byte = next {
            position += 1
            switch byte {
            case 34:
                return String(text)
            case 92:
                if take("\\") {
                    text.append("\\")
                } else if take("\"") {
                    text.append("\"")
                } else {
                    guard take("u{") else { return nil }
                    let hex = run { $0 != 125 && (0x20...0x7e).contains($0) }
                    guard take("}"), let value = UInt32(hex, radix: 16), let scalar = Unicode.Scalar(value) else {
                        return nil
                    }
                    text.append(scalar)
                }
            case 0x20...0x7e:
                text.append(Unicode.Scalar(byte))
            default:
                return nil
            }
        }
        return nil
    }

    private mutating func result() -> SocketCall.Result? {
        if take("?") { return .pending }
        guard let number = integer(Int.self) else { return nil }
        if take(" accepted ") {
            guard let descriptor = Int32(exactly: number), let peer = endpoint() else { return nil }
            return .accepted(descriptor, peer)
        }
        if take(" bytes from ") {
            guard let peer = endpoint() else { return nil }
            return .received(number, from: peer)
        }
        if take(" bytes") { return .received(number, from: nil) }
        if number == -1, take(" ") {
            guard let name = word(), take(" ("), let code = integer(Int32.self), take(")") else { return nil }
            return .failed(number: code, name: name)
        }
        return .value(number)
    }

    private mutating func time() -> Timestamp? {
        let isNegative = take("-")
        guard let whole = UInt64(run { (48...57).contains($0) }), take(".") else { return nil }
        let digits = run { (48...57).contains($0) }
        guard digits.utf8.count == 9, let part = UInt32(digits) else { return nil }
        if !isNegative {
            return Int64(exactly: whole).map { Timestamp(seconds: $0, nanoseconds: part) }
        }
        // A Timestamp's seconds are rounded down: -0.25 is second -1 and 0.75.
        let (down, overflow) = whole.addingReportingOverflow(part > 0 ? 1 : 0)
        guard !overflow, down <= Int64.min.magnitude else { return nil }
        return Timestamp(
            seconds: 0 &- Int64(truncatingIfNeeded: down), nanoseconds: part > 0 ? 1_000_000_000 - part : 0)
    }

    private mutating func endpoint() -> Endpoint? { Endpoint(run { $0 != 59 && $0 != 32 }) }

    /// The outer nil is "does not parse", the inner one is `*`, an endpoint that is not there.
    private mutating func optionalEndpoint() -> Endpoint?? {
        if take("*") { return .some(nil) }
        return endpoint().map { .some($0) }
    }

    private mutating func relation() -> SocketCallComment.Relation? {
        SocketCallComment.Relation.allCases.first { take($0.rawValue) }
    }
}
