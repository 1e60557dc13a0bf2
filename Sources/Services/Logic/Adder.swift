/// `50,40` gives `90`: whole numbers with commas between them, as many and as long as the message may be.
public enum Adder {
    /// The sum in decimal digits, or which part of the message is no whole number.
    public static func reply(to message: [UInt8]) -> MessageReply {
        var sum = DecimalSum()
        // A C program may send the 0 that ends its string.
        let text = message.last == 0 ? message.dropLast() : message[...]
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let number = trimmed(part)
            if !sum.add(number) { return MessageReply(error: "\(quoted(number)) is not a whole number") }
        }
        return MessageReply(sum.text)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }

    /// Short and harmless: the client gets it back, and a log may show it.
    private static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(
            decoding: bytes.prefix(20).map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
        return "'\(text)\(bytes.count > 20 ? "…" : "")'"
    }
}

/// The sum of whole numbers of any size. Positive and negative ones are added up apart, and subtracted once at the end.
struct DecimalSum {
    /// Nine decimal digits each, the lowest first.
    private typealias Limbs = [UInt64]
    private static let base: UInt64 = 1_000_000_000

    private var positive: Limbs = []
    private var negative: Limbs = []

    /// Adds a number written in decimal digits, with or without a sign. False, and nothing is added, if it is something
    /// else.
    mutating func add(_ text: ArraySlice<UInt8>) -> Bool {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        if isNegative { Self.add(digits, to: &negative) } else { Self.add(digits, to: &positive) }
        return true
    }

    /// Without leading zeros; `-` before a negative sum.
    var text: String {
        let (large, small, sign) =
            Self.isLess(positive, negative) ? (negative, positive, "-") : (positive, negative, "")
        var difference = large
        var borrow: UInt64 = 0
        for index in difference.indices {
            let subtrahend = (index < small.count ? small[index] : 0) + borrow
            borrow = difference[index] < subtrahend ? 1 : 0
            difference[index] = difference[index] + borrow * Self.base - subtrahend
        }
        while difference.last == 0 { difference.removeLast() }
        guard let top = difference.last else { return "0" }
        var result = sign + String(top)
        for limb in difference.dropLast().reversed() {
            let digits = String(limb)
            result += String(repeating: "0", count: 9 - digits.count) + digits
        }
        return result
    }

    private static func add(_ digits: ArraySlice<UInt8>, to sum: inout Limbs) {
        var end = digits.endIndex
        var index = 0
        var carry: UInt64 = 0
        while end > digits.startIndex || carry > 0 {
            let start = max(digits.startIndex, end - 9)
            let limb = digits[start..<max(start, end)].reduce(0 as UInt64) { $0 * 10 + UInt64($1 - 0x30) }
            if index == sum.count { sum.append(0) }
            let total = sum[index] + limb + carry
            sum[index] = total % base
            carry = total / base
            index += 1
            end = start
        }
    }

    private static func isLess(_ a: Limbs, _ b: Limbs) -> Bool {
        for index in stride(from: max(a.count, b.count) - 1, through: 0, by: -1) {
            let (left, right) = (index < a.count ? a[index] : 0, index < b.count ? b[index] : 0)
            if left != right { return left < right }
        }
        return false
    }
}

extension ServiceDescription {
    /// `adder`
    public static let adder = ServiceDescription(
        "adder", "adds whole numbers: 50,40 gives 90", port: 12345,
        hosting: .connections { Messages(limit: $0.limit ?? ServiceLimits.message, reply: Adder.reply) },
        message: "50,40", client: .lines, options: [.limit])
}
