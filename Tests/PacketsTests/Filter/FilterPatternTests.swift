import Testing

@testable import Packets

/// `matches`: what a pattern finds, and that no text makes it costly.
@Suite struct FilterPatternTests {
    private func found(_ pattern: String, _ text: String) throws -> Bool {
        try FilterPattern(Array(pattern.utf8)).matches(Array(text.utf8))
    }

    @Test(arguments: [
        ("get", "a GET b", true), ("(?-i)get", "a GET b", false), ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true),
        ("a.c", "a\rc", true),
        ("^a", "ba", false), ("(?m)^a", "b\na", true), ("a$", "a\n", true), ("a\\z", "a\n", false),
        ("(?m)a$", "a\nb", true),
        ("a{2,3}b", "xab", false), ("a{2,3}b", "xaab", true), ("^a{2,3}b", "aaaab", false),
        ("^(a{2}){2}$", "aaaa", true), ("a{,2}", "a{,2}", true),
        ("^(a|bc|)*$", "abca", true), ("^(a|bc)*$", "abcb", false), ("[^a-c]", "abc", false), ("[]x]", "]", true),
        ("[a\\]-]", "-", true),
        ("[[:digit:]]{3}", "12a", false), ("[[:^digit:]]", "12a", true), ("\\d+\\.\\d+", "v1.25", true),
        ("\\bcat\\b", "a cat.", true),
        ("\\bcat\\b", "concat", false), ("\\Bcat", "concat", true), ("\\Qa.b\\E", "axb", false),
        ("\\Qa.b\\E", "a.b", true), ("\\x41\\x{42}", "ab", true),
        ("foo(?=bar)", "foobar", true), ("foo(?=bar)", "foobaz", false), ("foo(?!bar)", "foobar", false),
        ("foo(?!bar)", "foobaz", true),
        ("(?<=foo)bar", "foobar", true), ("(?<=foo)bar", "bazbar", false), ("(?<!foo)bar", "foobar", false),
        ("(?<!foo)bar", "bazbar", true),
        ("a(?=b(?!c))", "abcabd", true), ("a(?=b(?!c))", "abcabc", false), ("(?x) a b # both", "ab", true),
        ("(?<name>a)(?:b)", "ab", true),
        ("(?i:a)b", "Ab", true), ("É", "é", true), ("^.É$", "éé", true), ("", "", true), ("(a*)*b", "aac", false),
        ("()*a", "a", true), ("a\\Rb", "a\r\nb", true),
    ])
    func finds(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try found(pattern, text) == expected, "\(pattern) in \(text)")
    }

    /// Each of these takes a matcher that tries one way after the other longer than anybody waits.
    @Test(arguments: ["(A+)+b", ".*.*.*y", "(a|b)*c", "(.|x)*y", "(a*)*b", "(a|a)*b", "(?=(a+)+b)a", "(()*)*b"])
    func isLinear(_ pattern: String) throws {
        #expect(try !found(pattern, String(repeating: "a", count: 20_000)))
    }

    @Test(arguments: [
        ("(a)\\1", "back-references"), ("a++", "possessive"), ("(?>a)", "not supported"), ("(", ") is missing"),
        (")", "without its ("),
        ("[a", "] is missing"), ("*a", "nothing stands before"), ("(a{1000}){1000}", "too large"),
        ("(((){1000}){1000}){1000}", "too large"),
        ("(((){0,1000}){0,1000}){0,1000}", "too large"), ("a{3,2}", "out of order"), ("[b-a]", "out of order"),
        ("\\", "backslash"), ("\\p{L}", "not supported"),
        (String(repeating: "(", count: 50_000), "nested"),
    ])
    func refuses(_ pattern: String, _ reason: String) {
        let error = #expect(throws: PatternError.self) { try FilterPattern(Array(pattern.utf8)) }
        #expect(error.map { "\($0)".contains(reason) } ?? false, "\(String(describing: error))")
    }
}
