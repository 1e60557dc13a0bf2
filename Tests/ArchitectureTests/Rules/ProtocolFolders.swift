/// A protocol lives in its folder: who removes `Sources/Packets/Protocols/NAME` and its line of `Protocols.all` finds
/// its types mentioned nowhere else.
struct ProtocolFolders {
    static let place = "Sources/Packets/Protocols/"
    /// The list of all protocols is the one file that names each of them.
    static let list = "Sources/Packets/Protocols/Protocols.swift"
    /// Nearly every packet is made of these; the whole program may speak of them.
    static let core: Set = ["Ethernet", "IPv4", "IPv6", "TCP", "UDP"]

    /// A file outside that mentions a protocol's types.
    struct Mention: Sendable {
        let folder: String
        let file: String
        let types: [String]
    }

    func mentions(in files: [SourceFile]) -> [Mention] {
        var owner: [String: String] = [:]
        for file in files {
            guard let folder = folder(of: file), !Self.core.contains(folder) else { continue }
            for type in declaredTypes(in: file) { owner[type] = folder }
        }
        return files.filter { $0.path != Self.list }.flatMap { file in
            let home = folder(of: file)
            var found: [String: Set<String>] = [:]
            for token in file.tokens {
                if let folder = owner[token.text], folder != home { found[folder, default: []].insert(token.text) }
            }
            return found.map { Mention(folder: $0.key, file: file.path, types: $0.value.sorted()) }
        }
    }

    private func folder(of file: SourceFile) -> String? {
        guard file.path.hasPrefix(Self.place) else { return nil }
        let parts = file.path.dropFirst(Self.place.count).split(separator: "/")
        return parts.count > 1 ? String(parts[0]) : nil
    }

    /// The types of a file that others can see, without those inside of other types.
    private func declaredTypes(in file: SourceFile) -> [String] {
        let kinds: Set = ["struct", "enum", "class", "protocol", "actor", "typealias"]
        var depth = 0
        var found: [String] = []
        for (index, token) in file.tokens.enumerated() {
            switch token.text {
            case "{": depth += 1
            case "}": depth -= 1
            case let word where depth == 0 && kinds.contains(word) && index + 1 < file.tokens.count:
                let before = index > 0 ? file.tokens[index - 1].text : ""
                if !["private", "fileprivate"].contains(before) { found.append(file.tokens[index + 1].text) }
            default: break
            }
        }
        return found
    }
}
