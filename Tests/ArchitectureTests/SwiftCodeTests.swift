import Testing

/// What is code, and what people read.
@Suite struct SwiftCodeTests {
    /// The code with a dot for every byte of a literal's text.
    private func code(_ text: String) -> String {
        String(decoding: SwiftCode(Array(text.utf8)).bytes.map { $0 == SwiftCode.literal ? 0x2e : $0 }, as: UTF8.self)
    }

    @Test(arguments: [
        ("a // b \"c\"\nd", "a         \nd"),
        ("a /* b /* c */ d */ e", "a                   e"),
        (#"f("a // b") + c"#, #"f("......") + c"#),
        (#""a \" b" + c"#, #""......" + c"#),
        (#""a \(b + f("c")) d" + e"#, #""...(b + f(".")).." + e"#),
        (##"#"a " \(b) \#(c)"# + d"##, ##"#"...........(c)"# + d"##),
        ("\"\"\"\n a \"b\" // c\n \"\"\" + d", "\"\"\"\n...........\n.\"\"\" + d"),
        ("#if os(Linux)", "#if os(Linux)"),
        ("let a = \"b\nlet c", "let a = \".\nlet c"),
        ("/* never ends", "             "),
    ])
    func codeOf(text: String, code expected: String) {
        #expect(code(text) == expected)
    }

    @Test func anyBytesAreRead() {
        for _ in 0..<200 {
            let signs = Array("\"\\#()/*\n a1\u{0}".utf8)
            let text = (0..<40).compactMap { _ in signs.randomElement() }
            #expect(SwiftCode(text).bytes.count == text.count, "\(text)")
        }
    }
}
