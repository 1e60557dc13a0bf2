import Packets

/// The name that somebody probably meant.
enum Nearest {
    /// The nearest of some names, by how many letters have to be changed; nil where none is near.
    static func name(to word: String, among names: [String]) -> String? {
        let wanted = Array(word.lowercased().utf8)
        let near = names.compactMap { name in
            EditDistance.between(wanted, Array(name.utf8), atMost: 2).map { (distance: $0, name: name) }
        }.min { $0.distance < $1.distance }
        if let near, near.distance < tolerance(near.name) { return near.name }
        // The beginning of a name, as long as it is the only one.
        let longer = names.filter { word.count > 2 && $0.hasPrefix(word) }
        return longer.count == 1 ? longer[0] : nil
    }

    /// Of a short name every letter counts.
    private static func tolerance(_ name: String) -> Int { name.count < 4 ? 2 : 3 }
}
