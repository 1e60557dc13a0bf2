/// The pattern of `matches`: a regular expression in Perl's style, letters of either case alike, as Wireshark does it.
///
/// Wireshark uses PCRE2; what both know (classes, groups, alternation, repetition, anchors, look-around, inline flags)
/// means the same, but the time is linear in the text here, so that no packet can make a pattern costly. A pattern of
/// ASCII alone is matched byte by byte, so that `\xff` finds the byte; one with other letters is matched against UTF-8
/// text.
struct FilterPattern {
    private let program: PatternProgram
    private let looks: [PatternProgram]
    private let isBytewise: Bool

    /// - Throws: for a pattern that is wrong, too large, or has what takes more than linear time.
    init(_ pattern: [UInt8]) throws(PatternError) {
        isBytewise = pattern.allSatisfy { $0 < 0x80 }
        let (node, looks) = try PatternParser.parse(
            String(decoding: pattern, as: UTF8.self).unicodeScalars.map(\.value), unicode: !isBytewise)
        program = try PatternProgram(node, isForward: true)
        var programs: [PatternProgram] = []
        // What a place is followed by is found reading from the end.
        for look in looks { programs.append(try PatternProgram(look.node, isForward: !look.isAhead)) }
        self.looks = programs
    }

    /// Whether the pattern is found anywhere in the bytes.
    func matches(_ bytes: some Sequence<UInt8>) -> Bool {
        let text =
            isBytewise
            ? bytes.map(UInt32.init) : String(decoding: Array(bytes), as: UTF8.self).unicodeScalars.map(\.value)
        var fits: [[Bool]] = []
        for look in looks { fits.append(look.places(in: text, looks: fits)) }
        return program.isFound(in: text, looks: fits)
    }
}
