import Conversations
import Foundation
import Packets
import Rendering
import TestSupport
import Testing
import Timeline

/// What the picture of a ladder shows can be read: nothing lies on anything else, and nothing is cut off.
@Suite struct LadderSVGTests {
    private struct Text {
        let style: String
        let x: Double
        let y: Double
        let angle: Double
        let words: String
    }

    /// The texts of a picture.
    private func texts(_ svg: String) -> [Text] {
        svg.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("<text "), let words = line.firstIndex(of: ">"), let end = line.range(of: "</text>")
            else { return nil }
            func value(_ name: String) -> String {
                guard let start = line.range(of: " \(name)=\"") else { return "" }
                return String(line[start.upperBound...].prefix { $0 != "\"" })
            }
            let angle = value("transform").dropFirst("rotate(".count).prefix { $0 != " " }
            return Text(
                style: value("class"), x: Double(value("x")) ?? 0, y: Double(value("y")) ?? 0,
                angle: Double(angle) ?? 0,
                words: String(line[line.index(after: words)..<end.lowerBound]))
        }
    }

    private func pictures(_ scenario: TestSupport.Scenario) -> [(svg: String, width: Double)] {
        scenario.conversations.map { conversation in
            let picture = LadderSVG(Scene(conversation, calls: scenario.calls))
            return (rendered { picture.write(to: &$0) }, Double(picture.width))
        }
    }

    @Test(arguments: TestSupport.Scenario.all) func statesKeepApart(scenario: TestSupport.Scenario) {
        for (svg, _) in pictures(scenario) {
            let states = texts(svg).filter { $0.style.hasPrefix("state") }
            for (one, other) in zip(states, states.dropFirst()) where one.x == other.x {
                #expect(other.y - one.y >= 12, "\(one.words), \(other.words)")
            }
            for side in [true, false] {
                let column = states.filter { $0.style.contains("end") == side }.map(\.y).sorted()
                for (one, other) in zip(column, column.dropFirst()) { #expect(other - one >= 12) }
            }
        }
    }

    @Test(arguments: TestSupport.Scenario.all) func headingsAreWhole(scenario: TestSupport.Scenario) {
        for (svg, width) in pictures(scenario) {
            for heading in texts(svg) where heading.style.hasPrefix("head") {
                // Half of a bold text of 12 pixels.
                let half = Double(heading.words.count) * 3.6
                #expect(heading.x - half >= 0 && heading.x + half <= width, "\(heading.words)")
            }
        }
    }

    /// A label lies along its arrow, above it.
    @Test func labelsFollowTheirArrows() throws {
        let scenario = try #require(TestSupport.Scenario.all.first { $0.name == "half-close" })
        let labels = try texts(#require(pictures(scenario).first).svg).filter { $0.words.contains(" seq ") }
        #expect(!labels.isEmpty)
        for label in labels { #expect(abs(label.angle) < 45, "\(label.words)") }
        #expect(labels.contains { $0.angle > 0 } && labels.contains { $0.angle < 0 })
    }
}
