/// What is fuzzed. Each takes any bytes; whatever they are, it must come back, soon, in little memory, without a
/// finding.
///
/// The same code runs under libFuzzer (`make fuzz`) and over the kept crashers (`FuzzTests`).
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// A pcap file: read, shown, copied.
    case pcap
    /// A pcapng file: read, shown, copied.
    case pcapng
    /// A gzip, zstd or lz4 file with either in it.
    case gzip
    /// Packets of any link type: dissected, and drawn in every way there is.
    case dissect
    /// The text of a display filter: compiled, and asked of packets.
    case filter
    /// Socket calls in comments, one a line: read, written, aligned, drawn.
    case comment
    /// What strace wrote about a program: read in one piece and in several, drawn.
    case strace

    /// Runs one input.
    /// - Returns: false where the input is not this target's business (a pcap file for `pcapng`).
    /// - Throws: `FuzzFinding` when something that must always hold does not.
    public func run(_ input: [UInt8]) throws -> Bool {
        switch self {
        case .pcap, .pcapng, .gzip: return try ReaderTarget.run(input, as: self)
        case .dissect: try DissectTarget.run(input)
        case .filter: try FilterTarget.run(input)
        case .comment: try CommentTarget.run(input)
        case .strace: try StraceTarget.run(input)
        }
        return true
    }
}

/// Something that must hold for every input and did not.
public struct FuzzFinding: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// Throws a finding where the condition does not hold.
func require(_ condition: Bool, _ what: @autoclosure () -> String) throws(FuzzFinding) {
    if !condition { throw FuzzFinding(what()) }
}
