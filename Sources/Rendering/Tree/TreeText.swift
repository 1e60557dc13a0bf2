import Packets
import Text

/// All text of a layer's lines but the values, for layers that begin at one byte: `    34-35  Source port: ` in front
/// of a value and `  tcp.srcport` behind it.
///
/// In packet after packet a header lies where it lay in the one before, so this is put together once and copied from
/// then on. What stands behind one value and in front of the next lies side by side, to be copied in one piece.
final class TreeText {
    struct Line {
        /// The field's place in the plan's steps, and what of the step is asked for each value.
        let step: Int
        let followers: Int
        let isNumber: Bool
        let hasNames: Bool
        let type: FieldType
        let kinds: PartKinds
        /// Where in `bytes` the text in front of a value begins, where it ends, and where the text behind it ends,
        /// which begins there.
        let start: Int
        let front: Int
        let end: Int
    }

    let plan: TreePlan
    let bytes: [UInt8]
    let lines: ContiguousArray<Line>
    let partLines: ContiguousArray<Line>
    private let start: Int
    private let indent: Int
    private let hasColours: Bool

    /// More of each line inside of a part.
    private static let partIndent = 2

    init(_ plan: TreePlan, start: Int, indent: Int, hasColours: Bool) {
        (self.plan, self.start, self.indent, self.hasColours) = (plan, start, indent, hasColours)
        var text = ByteCollector()
        func written(_ lines: [TreePlan.Line], indent: Int) -> ContiguousArray<Line> {
            var found = ContiguousArray<Line>()
            for line in lines {
                let first = text.bytes.count
                Self.writeOffset(of: line.place, from: start, indent: indent, hasColours, &text)
                text.bytes += line.label
                let front = text.bytes.count
                text.bytes += hasColours ? Array("  \u{1B}[2m".utf8) : Array("  ".utf8)
                text.bytes += line.name
                text.bytes += hasColours ? Array("\u{1B}[0m\n".utf8) : Array("\n".utf8)
                let step = plan.fields.steps[line.step]
                found.append(
                    Line(
                        step: line.step, followers: line.followers, isNumber: step.isNumber, hasNames: step.hasNames,
                        type: step.type, kinds: step.kinds, start: first, front: front, end: text.bytes.count))
            }
            return found
        }
        lines = written(plan.lines, indent: indent)
        partLines = written(plan.partLines, indent: indent + Self.partIndent)
        bytes = text.bytes
    }

    /// The bytes that a field is read from, right-aligned in nine columns.
    private static func writeOffset(
        of place: FieldPlace?, from start: Int, indent: Int, _ hasColours: Bool, _ text: inout ByteCollector
    ) {
        guard let place else {
            text.bytes += Array(repeating: 32, count: indent + 11)
            return
        }
        var digits = ByteCollector()
        digits.append(decimal: UInt64(clamping: start + place.offset))
        if place.length > 1 {
            digits.append(ascii: 45, decimal: UInt64(clamping: start + place.offset + place.length - 1))
        }
        text.bytes += Array(repeating: 32, count: indent + max(1, 9 - digits.bytes.count))
        if hasColours { text.bytes += Array("\u{1B}[2m".utf8) }
        text.bytes += digits.bytes
        if hasColours { text.bytes += Array("\u{1B}[0m".utf8) }
        text.bytes += Array("  ".utf8)
    }

    fileprivate func isOf(_ kind: LayerKind, _ start: Int, _ indent: Int, _ hasColours: Bool) -> Bool {
        self.start == start && plan.kind == kind && self.indent == indent && self.hasColours == hasColours
    }
}

/// The texts of layers that were met lately.
struct TreeTexts {
    /// A kind may lie at a few places by turns, as the headers inside and outside of a tunnel do.
    private static let places = 1024
    private var texts = ContiguousArray<TreeText?>(repeating: nil, count: places)

    /// The text of a kind of layer at a place; nil where it has no fields.
    mutating func text(of kind: LayerKind, start: Int, indent: Int, hasColours: Bool) -> TreeText? {
        // Kinds have different low bits, places of one kind are mostly even numbers apart.
        let place = (Int(kind.rawValue) &+ start &* 131 &+ indent &* 17) & (Self.places - 1)
        if let text = texts[place], text.isOf(kind, start, indent, hasColours) { return text }
        guard let plan = TreePlan.of(kind) else { return nil }
        let text = TreeText(plan, start: start, indent: indent, hasColours: hasColours)
        texts[place] = text
        return text
    }
}
