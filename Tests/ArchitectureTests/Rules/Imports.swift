/// A module imports only what stands below it.
struct Imports: Rule {
    /// Of each module, the modules and libraries just below it; what those may import it may as well.
    ///
    /// A module that is not there yet does no harm here.
    static let below: [String: Set<String>] = [
        "Text": [],
        "Addressing": ["Text"],
        "Platform": ["Addressing", "SystemPackage", "CNetShims", "Glibc", "Musl", "Darwin"],
        "Digests": ["CCrypto"],
        "Packets": ["Addressing", "Text"],
        "Capture": ["Packets", "Platform", "CPcap", "CZlib"],
        "Conversations": ["Packets", "Digests"],
        "Analysis": ["Capture", "Conversations"],
        "Sockets": ["Platform"],
        "Tracing": ["Platform", "Sockets"],
        "Timeline": ["Conversations", "Sockets", "Analysis"],
        "Diagnosis": ["Timeline"],
        "Probe": ["Sockets", "Packets"],
        "Services": ["Sockets", "Digests"],
        "Rendering": ["Diagnosis", "Tracing", "Probe", "Services"],
        "Lab": ["Diagnosis", "Tracing", "Services"],
        "NetprobeCLI": ["Rendering", "Lab", "ArgumentParser", "Logging"],
        "netprobe": ["NetprobeCLI"],
    ]

    /// What the architecture's article leaves out: the C library under each of its names, and a module that no other
    /// one imports yet.
    static let unwritten: Set = ["Glibc", "Musl", "Darwin", "Tracing"]
    /// Part of Swift itself, or the containers that its library lacks (swift-collections).
    static let standard: Set = ["Synchronization", "DequeModule", "HeapModule"]

    let below: [String: Set<String>]

    init(_ below: [String: Set<String>] = Self.below) { self.below = below }

    func violations(in file: SourceFile) -> [Violation] {
        guard below[file.module] != nil else {
            return [Violation(file, line: 1, "the module \(file.module) has no line in the table of imports")]
        }
        let allowed = reachable(from: file.module).union(Self.standard)
        return imports(in: file).filter { !allowed.contains($0.module) }.map {
            Violation(file, line: $0.line, "\(file.module) may not import \($0.module)")
        }
    }

    /// All that stands below a module. C libraries stay with the module that wraps them.
    private func reachable(from module: String) -> Set<String> {
        var found = below[module] ?? []
        var open = Array(found)
        while let next = open.popLast() {
            for lower in below[next] ?? [] where below[lower] != nil || lower == "SystemPackage" {
                if found.insert(lower).inserted { open.append(lower) }
            }
        }
        return found
    }

    private func imports(in file: SourceFile) -> [(module: String, line: Int)] {
        let tokens = file.tokens
        return tokens.indices.dropLast().compactMap { index in
            guard tokens[index].text == "import", index == 0 || tokens[index - 1].text != "." else { return nil }
            var name = tokens[index + 1]
            // `import struct Foundation.URL`
            let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let"]
            if kinds.contains(name.text), index + 2 < tokens.count { name = tokens[index + 2] }
            return name.line == tokens[index].line ? (name.text, name.line) : nil
        }
    }
}
