import Foundation
import Testing

/// What is written about the sources stays true: files that documents name are there.
@Suite struct DocumentTests {
    /// README, what stands in `.github`, and the DocC articles.
    private static let documents: [String] = {
        let articles = "Sources/netprobe/netprobe.docc"
        func markdown(_ folder: String) -> [String] {
            let names = try? FileManager.default.contentsOfDirectory(
                atPath: Checkout.root.appendingPathComponent(folder).path)
            return (names ?? []).filter { $0.hasSuffix(".md") }.sorted().map { "\(folder)/\($0)" }
        }
        return ["README.md"] + markdown(".github") + markdown(articles)
    }()

    @Test func thereAreDocuments() {
        #expect(Self.documents.contains(".github/CONTRIBUTING.md"))
        #expect(Self.documents.contains("Sources/netprobe/netprobe.docc/Architecture.md"))
    }

    @Test(arguments: documents) func namedFilesExist(document: String) throws {
        let file = Checkout.root.appendingPathComponent(document)
        let text = try String(contentsOf: file, encoding: .utf8)
        let folder = file.deletingLastPathComponent()
        for link in DocumentLinks.links(in: text) {
            #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(link).path), "\(link)")
        }
        for path in DocumentLinks.paths(in: text) {
            #expect(FileManager.default.fileExists(atPath: Checkout.root.appendingPathComponent(path).path), "\(path)")
        }
    }

    @Test func whatALinkIs() {
        let text = """
            [a](b/c.md) ![d](e.svg) [f](https://example.org/g.md) `Sources/H/I.swift` `Sources/NAME/J.swift`
            `Tests/K` <doc:L> ![m](n) `make docs`
            """
        #expect(DocumentLinks.links(in: text) == ["b/c.md", "e.svg"])
        #expect(DocumentLinks.paths(in: text) == ["Sources/H/I.swift", "Tests/K"])
    }

    /// The article's table of imports is the one that the sources are held to.
    @Test func theArticleHasTheImports() throws {
        let file = Checkout.root.appendingPathComponent("Sources/netprobe/netprobe.docc/Architecture.md")
        let rows = DocumentLinks.imports(in: try String(contentsOf: file, encoding: .utf8))
        let modules = Set(Checkout.sources.map(\.module)).subtracting(["netprobe"])
        #expect(rows.keys.filter(modules.contains).count == modules.count)
        for (module, imports) in rows {
            #expect(imports == (Imports.below[module] ?? []).subtracting(Imports.unwritten), "\(module)")
        }
    }

    /// What stands at the top is what everybody looks for there.
    @Test func theTopIsTidy() throws {
        let expected: Set = [
            "Package.swift", "Package.resolved", "Sources", "Tests", "captures", "Makefile", "README.md",
        ]
        let found = try FileManager.default.contentsOfDirectory(atPath: Checkout.root.path)
        #expect(found.filter { !$0.hasPrefix(".") && !expected.contains($0) } == [])
    }
}

/// The files that a Markdown document names.
enum DocumentLinks {
    /// Targets of links and pictures that are files beside the document; a name without a dot is DocC's affair.
    static func links(in text: String) -> [String] {
        text.matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }.filter { $0.contains(".") && !$0.contains(":") }
    }

    /// The rows of the table below "What may import what", with the names that `import` uses.
    static func imports(in text: String) -> [String: Set<String>] {
        let names = [
            "libpcap": "CPcap", "zlib": "CZlib", "libcrypto": "CCrypto", "the C shims": "CNetShims",
        ]
        let table = text.split(separator: "## What may import what").last ?? ""
        var found: [String: Set<String>] = [:]
        for row in table.matches(of: /\| ([A-Z][A-Za-z]+) \| ([^|\n]+) \|/) where row.output.1 != "module" {
            let imports = row.output.2.split(separator: ", ").map(String.init).filter { $0 != "nothing" }
            found[String(row.output.1)] = Set(imports.map { names[$0] ?? $0 })
        }
        return found
    }

    /// Paths from the checkout's top that stand in backticks; words in capitals stand for names.
    static func paths(in text: String) -> [String] {
        text.matches(of: /`((?:Sources|Tests|captures|\.github)\/[^`\s]+)`/).map { String($0.output.1) }.filter {
            path in
            !path.contains("…") && !path.contains("NAME") && !path.contains("GROUP")
        }
    }
}
