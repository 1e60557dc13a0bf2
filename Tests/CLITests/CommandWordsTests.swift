import Testing

@testable import NetprobeCLI

@Suite struct CommandWordsTests {
    @Test func wordsAreTakenApartAsAShellDoes() {
        #expect(CommandWords.split("python3 'a b' \"c \\\" d\" e\\ f ''") == ["python3", "a b", "c \" d", "e f", ""])
        #expect(CommandWords.split("a | b") == ["/bin/sh", "-c", "a | b"])
        #expect(CommandWords.split("a '|' '$x'") == ["a", "|", "$x"])
        #expect(CommandWords.split("a \"$x\"") == ["/bin/sh", "-c", "a \"$x\""])
        #expect(
            CommandWords.split("   ") == nil && CommandWords.split("a 'b") == nil && CommandWords.split("a\\") == nil)
    }
}
