/// A compiled display filter: flat tables of plain values that refer to each other by index, so that evaluating copies
/// no references.
struct FilterProgram {
    enum Node {
        case or(Int, Int)
        case xor(Int, Int)
        case and(Int, Int)
        case not(Int)
        /// A term has a value at all.
        case present(Int)
        /// A field has a value: the shortest way.
        case fieldPresent(Int)
        /// A term has a value that reaches as far as the slices do: comparisons take what is there, presence does not.
        case presentInFull(Int, slices: Int)
        /// A term has a value with a bit set.
        case nonzero(Int)
        /// A field with a value of the filter: what most filters are made of.
        case compare(field: Int, FilterRelation, literal: Int, all: Bool)
        case compareTerms(Int, FilterRelation, Int, all: Bool)
        case contains(Int, Int, all: Bool)
        case member(Int, intervals: Range<Int>, all: Bool)
        case matches(Int, pattern: Int, all: Bool)
    }

    enum Term {
        case field(Int)
        /// The headers of a protocol: what slices and lengths of its name mean where Wireshark's protocol ends with the
        /// header.
        case header(Int)
        /// A field in some of the layers of its protocol.
        case layered(Int, slices: Int)
        case literal(Int)
        case slice(Int, slices: Int)
        case upper(Int)
        case lower(Int)
        /// The bytes of each value; of numbers a length that is the same for all of the kind.
        case length(Int, ofNumber: Int)
        case count(Int)
        case string(Int)
        case maximum(Range<Int>)
        case minimum(Range<Int>)
        case absolute(Int)
        case negated(Int)
        case arithmetic(FilterArithmetic, Int, Int)
    }

    struct Interval {
        var first: FilterLiteral
        /// nil for a single value.
        var last: FilterLiteral?
    }

    var root = 0
    var nodes: [Node] = []
    var terms: [Term] = []
    var fields: [NamedField] = []
    /// The fields' readers and types alone, for evaluation.
    var readers: [FieldReader] = []
    var literals: [FilterLiteral] = []
    var slices: [[FilterSlice]] = []
    var intervals: [Interval] = []
    /// Arguments of functions that take several: indices of terms.
    var arguments: [Int] = []
    var patterns: [FilterPattern] = []
    var stored: [[UInt8]] = []
    var needs: FieldNeeds = []
}
