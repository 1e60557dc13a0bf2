/// A piece of a display filter's text.
struct FilterToken: Equatable {
    enum Kind: Equatable {
        /// A name, a number, an address, a keyword: decided by where it stands.
        case word
        /// A quoted string, its escapes resolved.
        case string([UInt8])
        /// A character in single quotes.
        case character(UInt8)
        case symbol(Symbol)
        /// What stands between square brackets, and between `#[` and `]`.
        case slice
        case layer
        case end
    }

    enum Symbol: String, CaseIterable {
        // The longest first: the lexer takes the first that fits.
        case allEqual = "==="
        case anyUnequal = "!=="
        case equal = "=="
        case unequal = "!="
        case anyUnequalOld = "~="
        case atLeast = ">="
        case atMost = "<="
        case and = "&&"
        case or = "||"
        case xor = "^^"
        case greater = ">"
        case less = "<"
        case not = "!"
        case matches = "~"
        case bitAnd = "&"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case remainder = "%"
        case open = "("
        case close = ")"
        case openBrace = "{"
        case closeBrace = "}"
        case comma = ","
        case range = ".."
    }

    var kind: Kind
    /// Where it stands, in bytes of the filter.
    var range: Range<Int>
    /// Its text as written; inside the brackets for slices.
    var text: String

    /// The field that it would name: a dot before a name says that it is one.
    var field: NamedField? { NamedField(text.hasPrefix(".") ? String(text.dropFirst()) : text) }
}
