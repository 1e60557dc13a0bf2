import Foundation
import TestSupport
import Testing

/// What a demo promises, and the check that a run as a user without any rights keeps it: judged by the packets' lines
/// and the calls, apart from the demo's own verdict.
struct DemoPromise: CustomTestStringConvertible, Sendable {
    let demo: String
    /// Words that must stand in so many of the packets' lines.
    let packets: [(words: String, atLeast: Int)]
    /// Calls with their results, as the ladder or the list of calls has them.
    let calls: [String]
    /// What the sentence in the end says.
    var sentence: [String] = []
    var worksOverIPv6 = true
    var testDescription: String { demo }

    /// In one line, or in two where something of the other program happened in between: that is the scheduler's doing.
    private static func shows(_ call: String, in output: String) -> Bool {
        if output.contains(call) { return true }
        let parts = call.components(separatedBy: ") → ")
        guard parts.count == 2, let name = parts[0].split(separator: "(").first else { return false }
        return output.contains("\(parts[0])) …") && output.contains("… \(name)() → \(parts[1])")
    }

    func check() throws {
        let families = worksOverIPv6 ? [[], ["-6"]] : [[]]
        for family in families {
            let run = try Netprobe.runAsOrdinaryUser("demo", demo, "--packets", family.first ?? "--color=never")
            #expect(run.status == 0, "\(demo) \(family): \(run.errors)")
            #expect(run.errors == "")
            let packetLines = run.section("Packets")
            let lines = packetLines.split(separator: "\n").dropFirst()
            if packets.isEmpty { #expect(lines == ["none"]) }
            for (words, minimum) in packets {
                let count = lines.filter { $0.contains(words) || $0.hasSuffix(words) }.count
                #expect(count >= minimum, "\(demo) \(family): '\(words)' \(count) times in\n\(packetLines)")
            }
            for call in calls {
                #expect(Self.shows(call, in: run.output), "\(demo) \(family): no \(call) in\n\(run.output)")
            }
            // The sentence in front names packets that are there.
            let verdict = run.verdict
            #expect(verdict.hasPrefix("✓ "))
            for match in verdict.matches(of: /packets? ([0-9]+)/) {
                let number = try #require(Int(match.output.1))
                #expect(number >= 1 && number <= lines.count, "packet \(number) of \(lines.count)")
            }
            for words in sentence {
                #expect(verdict.contains(words), "\(demo) \(family): no '\(words)' in\n\(verdict)")
            }
        }
    }
}
