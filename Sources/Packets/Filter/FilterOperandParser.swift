/// What stands on either side of a relation: sums, products, signs, fields with slices, functions. The grammar is that
/// of `FilterParser`.
extension FilterParser {
    mutating func operand() throws(DisplayFilterError) -> FilterOperand {
        var left = try sum()
        while true {
            let place = token.range
            guard take(.bitAnd, or: "bitand", "bitwise_and") else { return left }
            left = .arithmetic(.bitAnd, left, try sum(), at: place)
        }
    }

    private mutating func sum() throws(DisplayFilterError) -> FilterOperand {
        var left = try product()
        while true {
            let place = token.range
            if take(.plus) {
                left = .arithmetic(.add, left, try product(), at: place)
            } else if take(.minus) {
                left = .arithmetic(.subtract, left, try product(), at: place)
            } else {
                return left
            }
        }
    }

    private mutating func product() throws(DisplayFilterError) -> FilterOperand {
        var left = try unary()
        while true {
            let place = token.range
            if take(.times) {
                left = .arithmetic(.multiply, left, try unary(), at: place)
            } else if take(.divided) {
                left = .arithmetic(.divide, left, try unary(), at: place)
            } else if take(.remainder) {
                left = .arithmetic(.remainder, left, try unary(), at: place)
            } else {
                return left
            }
        }
    }

    private mutating func unary() throws(DisplayFilterError) -> FilterOperand {
        let place = token.range
        var negative = false
        while isSymbol(.minus) || isSymbol(.plus) {
            if isSymbol(.minus) { negative.toggle() }
            advance()
        }
        let inner = try primary()
        return negative ? .negated(inner, at: place.lowerBound..<inner.range.upperBound) : inner
    }

    private mutating func primary() throws(DisplayFilterError) -> FilterOperand {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw failure("too many parentheses inside each other", token.range) }
        let first = token
        var result: FilterOperand
        switch first.kind {
        case .string(let bytes):
            advance()
            result = .string(bytes, first)
        case .character(let byte):
            advance()
            result = .character(byte, first)
        case .symbol(.open), .symbol(.openBrace):
            advance()
            result = try operand()
            guard take(first.kind == .symbol(.open) ? .close : .closeBrace) else { throw unexpected() }
        case .word where !Self.reserved.contains(first.text):
            advance()
            result =
                isSymbol(.open) && token.range.lowerBound == first.range.upperBound ? try call(first) : .word(first)
        default:
            throw unexpected()
        }
        while true {
            if token.kind == .slice {
                let range = first.range.lowerBound..<token.range.upperBound
                result = .slice(result, try FilterSlice.parse(token, in: text), at: range)
                advance()
            } else if token.kind == .layer, case .word(let name) = result {
                result = .layer(
                    name, try FilterSlice.parse(token, in: text), at: first.range.lowerBound..<token.range.upperBound)
                advance()
            } else {
                return result
            }
        }
    }

    private static let reserved: Set<String> = [
        "and", "or", "not", "xor", "in", "eq", "ne", "gt", "ge", "lt", "le", "contains", "matches", "any_eq", "all_eq",
        "any_ne", "all_ne",
        "bitand", "bitwise_and",
    ]

    private mutating func call(_ name: FilterToken) throws(DisplayFilterError) -> FilterOperand {
        advance()
        var arguments: [FilterOperand] = []
        while !isSymbol(.close) {
            arguments.append(try operand())
            if !take(.comma), !isSymbol(.close) { throw unexpected() }
        }
        let end = token.range.upperBound
        advance()
        return .call(name, arguments, at: name.range.lowerBound..<end)
    }
}
