/// The pattern of `matches`: a regular expression in Perl's style, letters of either case alike, as Wireshark does it.
///
/// The standard library's `Regex` does the work. Wireshark uses PCRE2; what both know (classes, groups, alternation,
/// repetition, anchors, look-around, inline flags) means the same. A pattern of ASCII alone is matched byte by byte, so
/// that `\xff` finds the byte; one with other letters is matched against UTF-8 text.
struct FilterPattern {
    private let regex: Regex<AnyRegexOutput>
    private let isBytewise: Bool

    /// - Throws: the standard library's error for a pattern that it cannot read.
    init(_ pattern: [UInt8]) throws {
        let text = String(decoding: pattern, as: UTF8.self)
        isBytewise = pattern.allSatisfy { $0 < 0x80 }
        regex = try Regex(Self.respelled(text)).ignoresCase().matchingSemantics(.unicodeScalar)
    }

    /// `.` means any character but a line feed in PCRE2; the standard library leaves out other ends of lines as well.
    private static func respelled(_ pattern: String) -> String {
        if pattern.contains("(?") && pattern.contains("s)") || pattern.contains("\\Q") { return pattern } // it says itself what "." means
        var result = ""
        var isEscaped = false
        var isInClass = false
        for scalar in pattern.unicodeScalars {
            switch scalar {
            case _ where isEscaped: isEscaped = false
            case "\\": isEscaped = true
            case "[": isInClass = true
            case "]": isInClass = false
            case "." where !isInClass:
                result += "[^\\n]"
                continue
            default: break
            }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// Whether the pattern is found anywhere in the bytes.
    func matches(_ bytes: some Sequence<UInt8>) -> Bool {
        var text = ""
        if isBytewise {
            for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        } else {
            text = String(decoding: Array(bytes), as: UTF8.self)
        }
        return ((try? regex.firstMatch(in: text)) ?? nil) != nil
    }
}
