import Foundation
import Rendering
import TestSupport
import Testing
import Text
import Timeline

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The picture of everything: a lane for each program, in every format.
@Suite struct OnePictureTests {
    private var scene: Scene {
        let scenario = TestSupport.Scenario.twoConnections
        return SceneBuilder(scenario.conversations, calls: scenario.calls).whole()
    }

    @Test(arguments: [60, 80, 100, 160]) func textFits(columns: Int) {
        let text = rendered { LadderText(columns: columns).write(scene, to: &$0) }
        #expect(text.hasPrefix("a  tcp.stream 0  "), "\(text)")
        #expect(text.contains("\nb  tcp.stream 1  "))
        for line in text.split(separator: "\n") { #expect(line.count <= columns, "\(columns): \(line)") }
        #expect(text.contains(" a SYN") && text.contains(" b SYN"), "\(text)")
    }

    @Test func otherFormatsHaveTheSameLanes() {
        let lanes = scene.lanes.count
        let table = rendered { LadderMarkdown.write(scene, to: &$0) }
        let rows = table.split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows.count > 10)
        for row in rows { #expect(row.replacing("\\|", with: "").count { $0 == "|" } == lanes + 2, "\(row)") }
        let diagram = rendered { LadderMermaid.write(scene, to: &$0) }
        #expect(diagram.components(separatedBy: "participant l").count == lanes + 1)
        let picture = rendered { LadderSVG(scene).write(to: &$0) }
        #expect(XMLParser(data: Data(picture.utf8)).parse())
    }
}
