import Testing

/// Each rule finds what it is for in a small sample, and nothing else.
@Suite struct RuleTests {
    /// The lines of a sample at which a rule does not hold.
    private func lines(_ rule: some Rule, _ text: String, at path: String = "Sources/Packets/Core/Sample.swift")
        -> [Int]
    {
        rule.violations(in: SourceFile(path: path, text: text)).map(\.line)
    }

    @Test func importsOfWhatStandsBelow() {
        let rule = Imports(["Packets": ["Addressing"], "Addressing": ["Text"], "Text": []])
        #expect(lines(rule, "import Addressing\nimport Text\nimport Synchronization\n") == [])
        #expect(lines(rule, "import Addressing\nimport Rendering\n@_spi(X) import struct Foundation.URL\n") == [2, 3])
        #expect(lines(rule, "// import Rendering\nlet text = \"import Rendering\"\n") == [])
        #expect(lines(rule, "import Packets\n", at: "Sources/Unknown/Sample.swift") == [1])
    }

    @Test func cLibrariesStayWithTheirModule() {
        #expect(lines(Imports(), "import CPcap\n", at: "Sources/Capture/Sample.swift") == [])
        #expect(lines(Imports(), "import CPcap\n", at: "Sources/Lab/Sample.swift") == [1])
        #expect(lines(Imports(), "import ArgumentParser\n", at: "Sources/Rendering/Sample.swift") == [1])
    }

    @Test func platformConditionals() {
        let text = "#if canImport(Glibc)\n#elseif os(macOS)\n#endif\n#if DEBUG\n#endif\n// #if os(Linux)\n"
        #expect(lines(PlatformConditionals(), text) == [1, 2])
        #expect(lines(PlatformConditionals(), text, at: "Sources/Platform/Sample.swift") == [])
    }

    @Test func callsOfTheDissector() {
        let text = "func dissect() {}\ndissector.dissect(bytes)\ndissect()\n// x.dissect(y)\n"
        #expect(lines(DissectorCalls(), text, at: "Sources/Lab/Sample.swift") == [2])
        #expect(lines(DissectorCalls(), text, at: "Sources/Analysis/Sample.swift") == [])
    }

    @Test(arguments: [
        ("if last.kind.rawValue < LayerKind.dns.rawValue {}", true), ("a = rawValue >= LayerKind.arp.rawValue", true),
        ("if kind.rawValue == other {}", true), ("table[Int(kind.rawValue)]", false),
        ("if kind == .vlan, type.rawValue <= limit {}", false), ("let a = UInt64(kind.rawValue) << 1", false),
    ])
    func orderOfLayerKinds(text: String, isFound: Bool) {
        #expect(lines(LayerKindOrder(), text).isEmpty != isFound)
    }

    @Test func printingAndExiting() {
        let text = "print(1)\nSwift.print(2)\nprinter.print(3)\nfunc print() {}\nexit(0)\ncase abort(x: Int)\n"
        #expect(lines(PrintingAndExiting(), text) == [1, 2, 5])
        #expect(lines(PrintingAndExiting(), text, at: "Sources/NetprobeCLI/Sample.swift") == [])
    }

    @Test func traps() {
        let text =
            "let a = b!\nlet c = try! d()\nlet e = !f\nif g != h {}\nfatalError(\"\")\nlet i = \"j!\"\nk[0]!.l()\n"
        #expect(lines(Traps(), text).sorted() == [1, 2, 5, 7])
    }

    @Test func clocks() {
        let text = "let now = ContinuousClock.now\n/// ContinuousClock\n"
        #expect(lines(Clocks(), text) == [1])
        #expect(lines(Clocks(), text, at: "Sources/Lab/Run/Sample.swift") == [])
    }

    @Test func unsafeCode() {
        let text = "unsafe memcpy(a, b, 1)\n// unsafe\nlet policy = \"'unsafe-inline'\"\n"
        #expect(lines(UnsafeCode(), text) == [1])
        #expect(lines(UnsafeCode(), text, at: "Sources/Capture/Bytes/Sample.swift") == [])
    }

    @Test func longLines() {
        let fits = String(repeating: "é", count: 120)
        #expect(lines(LineLength(), "\(fits)\n\(fits)x\n") == [2])
        let literal = SourceFile(
            path: "Sources/Lab/Sample.swift", text: "let a = \"\(fits)\"\nlet b = c + d // \(fits)\n")
        #expect(literal.linesWithLongLiterals == [1])
        #expect(LineLength().violations(in: literal).map(\.line) == [1, 2])
    }

    @Test func longFiles() {
        let line = "let a = 1\n"
        #expect(lines(FileLength(), String(repeating: line, count: 400)) == [])
        #expect(lines(FileLength(), String(repeating: line, count: 401)) == [401])
    }

    @Test func publicDeclarationsWithoutComments() {
        let text = """
            /// What it is.
            public struct A: Sendable {
                public let b: Int
                /// Has one.
                @inlinable
                public func c() {}
                public private(set) var d = 0
                // No documentation comment.
                public init() {}
                public static func == (a: A, b: A) -> Bool { true }
                public init?(rawValue: Int) {}
                public var description: String { "public func e() {}" }
                let f = 1
                /** Has one. */
                public class func g() {}
                /// Has one.
                @inlinable public var h: Int { 1 }
                @inlinable public var i: Int { 2 }
            }
            public extension A {}

            """
        #expect(lines(Documentation(), text) == [3, 7, 9, 18])
    }

    @Test func mentionsOfAProtocol() {
        let place = ProtocolFolders.place
        let files = [
            SourceFile(path: place + "TFTP/TFTPHeader.swift", text: "public struct TFTPHeader { struct Inner {} }\n"),
            SourceFile(
                path: place + "TFTP/TFTPProtocol.swift", text: "private enum Hidden {}\nlet h = TFTPHeader.self\n"),
            SourceFile(path: place + "UDP/UDPHeader.swift", text: "struct UDPHeader {}\n"),
            SourceFile(path: ProtocolFolders.list, text: "TFTPHeader.self\n"),
            SourceFile(path: "Sources/Rendering/A.swift", text: "Inner()\nHidden()\nUDPHeader()\n// TFTPHeader\n"),
            SourceFile(path: "Sources/Rendering/B.swift", text: "f(TFTPHeader())\n"),
        ]
        let mentions = ProtocolFolders().mentions(in: files)
        #expect(mentions.map(\.file) == ["Sources/Rendering/B.swift"])
        #expect(mentions.map(\.types) == [["TFTPHeader"]])
    }

    @Test func debtsMayOnlyFall() {
        withKnownIssue { Debts(rule: "sample", allowed: ["A": 1]).check(["A": ["1", "2"]]) }
        withKnownIssue { Debts(rule: "sample", allowed: [:]).check(["A": ["1"]]) }
        Debts(rule: "sample", allowed: ["A": 2]).check(["A": ["1", "2"]])
        withKnownIssue { Debts(rule: "sample", allowed: ["A": 3]).check(["A": ["1", "2"]]) }
    }
}
