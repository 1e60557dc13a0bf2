/// Rules about words that may stand in some places only.

/// What differs between Linux and macOS stands in `Platform` alone.
struct PlatformConditionals: Rule {
    func violations(in file: SourceFile) -> [Violation] {
        guard file.module != "Platform" else { return [] }
        let tokens = file.tokens
        let conditions: Set = ["canImport", "os", "arch", "targetEnvironment"]
        return tokens.indices.dropLast(2).compactMap { index in
            guard tokens[index].text == "#", ["if", "elseif"].contains(tokens[index + 1].text) else { return nil }
            let line = tokens[index].line
            let rest = tokens[(index + 2)...].prefix { $0.line == line }
            return rest.contains { conditions.contains($0.text) }
                ? Violation(file, line: line, "a platform conditional outside of Platform") : nil
        }
    }
}

/// Records become packets in one place: `Analysis` calls the dissector, and nobody else does.
struct DissectorCalls: Rule {
    func violations(in file: SourceFile) -> [Violation] {
        guard !["Analysis", "Packets"].contains(file.module) else { return [] }
        let tokens = file.tokens
        return tokens.indices.dropFirst().dropLast().compactMap { index in
            guard tokens[index].text == "dissect", tokens[index - 1].text == ".", tokens[index + 1].text == "(" else {
                return nil
            }
            return Violation(file, line: tokens[index].line, "dissects: take packets from Analysis.PacketStream")
        }
    }
}

/// The order of `LayerKind`'s cases means nothing: a kind is asked for its role.
struct LayerKindOrder: Rule {
    func violations(in file: SourceFile) -> [Violation] {
        let tokens = file.tokens
        return tokens.indices.compactMap { index in
            guard tokens[index].text == "rawValue" else { return nil }
            // `last.kind.rawValue < …`, `… < LayerKind.dns.rawValue`
            let left = chain(around: index, tokens)
            guard let right = comparedChain(after: left, tokens) else { return nil }
            let names = (tokens[left] + tokens[right]).map(\.text)
            guard names.contains(where: { $0 == "kind" || $0.hasSuffix("Kind") }) else { return nil }
            return Violation(file, line: tokens[index].line, "LayerKind compared by raw value")
        }
    }

    /// The places of a name with all its members.
    private func chain(around index: Int, _ tokens: [SourceFile.Token]) -> Range<Int> {
        var start = index
        while start >= 2, tokens[start - 1].text == "." { start -= 2 }
        var end = index + 1
        while end + 1 < tokens.count, tokens[end].text == "." { end += 2 }
        return start..<end
    }

    /// The places of the name that stands behind a comparison.
    private func comparedChain(after left: Range<Int>, _ tokens: [SourceFile.Token]) -> Range<Int>? {
        var place = left.upperBound
        guard place < tokens.count, tokens[place].isSpaced, ["<", ">", "=", "!"].contains(tokens[place].text) else {
            return nil
        }
        repeat { place += 1 } while place < tokens.count && !tokens[place].isSpaced
        return place < tokens.count ? chain(around: place, tokens) : nil
    }
}

/// Printing and ending the process is the command line's.
struct PrintingAndExiting: Rule {
    func violations(in file: SourceFile) -> [Violation] {
        guard file.module != "NetprobeCLI" else { return [] }
        let functions: Set = ["print", "debugPrint", "dump", "exit", "_exit", "abort", "perror", "puts", "printf"]
        return file.calls(of: functions).map { Violation(file, line: $0, "a library prints or exits") }
    }
}

/// No input ends the process: nothing traps on purpose.
struct Traps: Rule {
    func violations(in file: SourceFile) -> [Violation] {
        let tokens = file.tokens
        let calls = file.calls(of: ["fatalError", "preconditionFailure", "precondition"]).map {
            Violation(file, line: $0, "a trap")
        }
        let marks = tokens.indices.dropFirst().compactMap { index -> Violation? in
            guard tokens[index].text == "!", !tokens[index].isSpaced else { return nil }
            if index + 1 < tokens.count, tokens[index + 1].text == "=", !tokens[index + 1].isSpaced { return nil }
            let before = tokens[index - 1].text
            guard let last = before.last, last.isLetter || last.isNumber || "_)]}\"".contains(last) else { return nil }
            return Violation(file, line: tokens[index].line, "\(before)! traps")
        }
        return calls + marks
    }
}

/// A library is given its clock. `Platform` has the clocks; what runs programs, servers and probes against the real
/// world measures its own patience.
struct Clocks: Rule {
    /// Whoever waits for something that is not in its hands.
    static let places = [
        "Platform", "Lab", "Services/Drivers", "Services/Clients", "Probe/Addresses/NameResolution.swift",
        "NetprobeCLI",
    ]

    func violations(in file: SourceFile) -> [Violation] {
        guard !Self.places.contains(where: file.isIn) else { return [] }
        let clocks: Set = ["ContinuousClock", "SuspendingClock", "clock_gettime", "gettimeofday", "DispatchTime"]
        return file.tokens.filter { clocks.contains($0.text) }.map {
            Violation(file, line: $0.line, "\($0.text) is read here: let it be handed in")
        }
    }
}

/// Unsafe code stands only in the places chosen for it.
struct UnsafeCode: Rule {
    /// The loads from a `RawSpan`, the byte sink, blocks of bytes and their decompression, libpcap, libcrypto, and the
    /// system's calls.
    static let places = [
        "Packets/Core/NetworkOrder.swift", "Text", "Capture/Bytes", "Capture/Live", "Digests", "Platform", "Tracing",
    ]

    func violations(in file: SourceFile) -> [Violation] {
        guard !Self.places.contains(where: file.isIn) else { return [] }
        return file.tokens.filter { $0.text == "unsafe" }.map { Violation(file, line: $0.line, "unsafe code") }
    }
}

extension SourceFile {
    /// The lines that call one of these functions. A method of the same name is something else.
    func calls(of names: Set<String>) -> [Int] {
        tokens.indices.dropLast().compactMap { index in
            guard names.contains(tokens[index].text), tokens[index + 1].text == "(", !tokens[index + 1].isSpaced else {
                return nil
            }
            let before = index > 0 ? tokens[index - 1].text : ""
            if ["func", "case"].contains(before) { return nil }
            let isMethod = before == "." && !(index > 1 && tokens[index - 2].text == "Swift")
            return isMethod ? nil : tokens[index].line
        }
    }
}
