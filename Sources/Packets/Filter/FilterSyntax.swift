/// A display filter as it was written, before names and values are looked up.
indirect enum FilterSyntax {
    case or(FilterSyntax, FilterSyntax)
    case xor(FilterSyntax, FilterSyntax)
    case and(FilterSyntax, FilterSyntax)
    case not(FilterSyntax)
    case relation(FilterOperand, FilterRelation, FilterOperand, FilterQuantifier?, at: Range<Int>)
    case member(FilterOperand, of: [FilterSetElement], FilterQuantifier?, at: Range<Int>)
    /// A field alone: is it there?
    case presence(FilterOperand)
}

enum FilterRelation: Equatable {
    case equal, unequal, less, atMost, greater, atLeast, contains, matches
}

/// Whether one of a field's values has to fulfil a relation, or every one.
enum FilterQuantifier: Equatable {
    case any, all
}

/// One side of a relation.
indirect enum FilterOperand {
    /// A field's name or a literal: the other side decides.
    case word(FilterToken)
    case string([UInt8], FilterToken)
    case character(UInt8, FilterToken)
    case slice(FilterOperand, [FilterSlice], at: Range<Int>)
    case layer(FilterToken, [FilterSlice], at: Range<Int>)
    case call(FilterToken, [FilterOperand], at: Range<Int>)
    case negated(FilterOperand, at: Range<Int>)
    case arithmetic(FilterArithmetic, FilterOperand, FilterOperand, at: Range<Int>)

    /// Where it stands in the filter.
    var range: Range<Int> {
        switch self {
        case .word(let token), .string(_, let token), .character(_, let token): token.range
        case .slice(_, _, let range), .layer(_, _, let range), .call(_, _, let range), .negated(_, let range): range
        case .arithmetic(_, let left, let right, _): left.range.lowerBound..<right.range.upperBound
        }
    }
}

enum FilterArithmetic: Equatable {
    case add, subtract, multiply, divide, remainder, bitAnd

    /// nil for a division by zero.
    func apply(_ x: Int128, _ y: Int128) -> Int128? {
        switch self {
        case .add: x &+ y
        case .subtract: x &- y
        case .multiply: x &* y
        case .divide: y == 0 ? nil : x.dividedReportingOverflow(by: y).partialValue
        case .remainder: y == 0 ? nil : x.remainderReportingOverflow(dividingBy: y).partialValue
        case .bitAnd: x & y
        }
    }
}

/// An element of `{…}`: a value, or two with `..` between.
struct FilterSetElement {
    let first: FilterOperand
    let last: FilterOperand?
}

extension FilterRelation {
    /// The relation with its sides changed.
    var mirrored: FilterRelation {
        switch self {
        case .less: .greater
        case .atMost: .atLeast
        case .greater: .less
        case .atLeast: .atMost
        default: self
        }
    }
}
