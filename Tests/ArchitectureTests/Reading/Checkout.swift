import Foundation

/// The files of this checkout.
enum Checkout {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below `Sources`.
    static let sources = swiftFiles(below: "Sources")

    /// Every Swift file below `Tests`.
    static let tests = swiftFiles(below: "Tests")

    private static func swiftFiles(below folder: String) -> [SourceFile] {
        let top = root.appendingPathComponent(folder).resolvingSymlinksInPath()
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: top.path)) ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            guard let text = try? String(contentsOf: top.appendingPathComponent(name), encoding: .utf8) else {
                return nil
            }
            return SourceFile(path: "\(folder)/\(name)", text: text)
        }
    }
}
