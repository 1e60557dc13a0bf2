import Packets

/// The text around the values of one kind of layer in the tree, put together once: what stands in front of each value
/// and behind it, one after the other in one array of bytes.
final class TreePlan: Sendable {
    /// What a line says of its field but the value.
    struct Line {
        /// The field's place in the plan's steps.
        let step: Int
        /// `Source port: `
        let label: Range<Int>
        /// The name, with its style where colours are on, and the line's end.
        let plainTail: Range<Int>
        let colouredTail: Range<Int>
    }

    let fields: FieldPlan
    /// The protocol's full name, and what stands behind it.
    let title: Range<Int>
    let titleWords: TitleWriter?
    /// The lines of a layer; `partsAt` says behind how many of them its parts stand.
    let lines: ContiguousArray<Line>
    let partsAt: Int
    /// The lines inside of a part.
    let partLines: ContiguousArray<Line>
    let text: [UInt8]

    private init(_ fields: FieldPlan) {
        self.fields = fields
        var lines = ContiguousArray<Line>()
        var partLines = ContiguousArray<Line>()
        var partsAt: Int?
        var text: [UInt8] = []
        let declared = fields.group.fields
        func add(_ words: String) -> Range<Int> {
            let start = text.count
            text += Array(words.utf8)
            return start..<text.count
        }
        title = add(fields.group.title)
        titleWords = fields.group.kind.protocolDescription?.titleWords
        for index in fields.steps.indices where !fields.steps[index].isHidden {
            let (step, field) = (fields.steps[index], declared[index])
            let line = Line(
                step: index, label: add(field.type == .presence ? field.meaning : "\(field.meaning): "),
                plainTail: add("  \(field.name)\n"), colouredTail: add("  \u{1B}[2m\(field.name)\u{1B}[0m\n"))
            if fields.hasParts, step.isOfPart {
                partLines.append(line)
                partsAt = partsAt ?? lines.count
            } else if !declared.contains(where: { $0.name == field.name && $0.place != field.place }) {
                // A name that a protocol declares twice, such as tcp.port, gathers for filters what others show.
                lines.append(line)
            }
        }
        self.lines = lines
        self.partLines = partLines
        self.partsAt = partsAt ?? .max
        self.text = text
    }

    /// The plan of a kind of layer; nil where it has no fields.
    static func of(_ kind: LayerKind) -> TreePlan? { all[Int(kind.rawValue)] }

    private static let all: ContiguousArray<TreePlan?> = {
        var plans = ContiguousArray<TreePlan?>(repeating: nil, count: Int(UInt8.max) + 1)
        for kind in LayerKind.allCases { plans[Int(kind.rawValue)] = FieldPlan.of(kind).map { TreePlan($0) } }
        return plans
    }()
}
