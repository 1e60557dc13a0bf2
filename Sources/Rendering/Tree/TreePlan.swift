import Packets

/// What the tree shows of one kind of layer, decided once: which lines, in which order, and their words.
final class TreePlan: Sendable {
    /// A line: a field, and what is written of it besides its value.
    struct Line {
        /// The field's place in the plan's steps.
        let step: Int
        /// The bytes of the header that it is read from, if these are always the same.
        let place: FieldPlace?
        /// How many lines after this one have no values where this one has none.
        var followers = 0
        /// `Source port: `
        let label: [UInt8]
        let name: [UInt8]
    }

    let kind: LayerKind
    let fields: FieldPlan
    /// The protocol's full name, and what stands behind it.
    let title: [UInt8]
    let titleWords: TitleWriter?
    /// The lines of a layer; `partsAt` says behind how many of them its parts stand.
    let lines: [Line]
    let partsAt: Int
    /// The lines inside of a part.
    let partLines: [Line]

    private init(_ fields: FieldPlan) {
        self.fields = fields
        kind = fields.group.kind
        title = Array(fields.group.title.utf8)
        titleWords = fields.group.kind.protocolDescription?.titleWords
        var lines: [Line] = []
        var partLines: [Line] = []
        var partsAt: Int?
        let declared = fields.group.fields
        for index in fields.steps.indices where !fields.steps[index].isHidden {
            let (step, field) = (fields.steps[index], declared[index])
            let label = field.type == .presence ? field.meaning : "\(field.meaning): "
            let line = Line(step: index, place: step.place, label: Array(label.utf8), name: Array(field.name.utf8))
            if fields.hasParts, step.isOfPart {
                partLines.append(line)
                partsAt = partsAt ?? lines.count
            } else if !declared.contains(where: { $0.name == field.name && $0.place != field.place }) {
                // A name that a protocol declares twice, such as tcp.port, gathers for filters what others show.
                lines.append(line)
            }
        }
        for index in lines.indices {
            // All of the field's followers are lines, or none is passed over.
            let followers = fields.steps[lines[index].step].followers
            let steps = lines[(index + 1)...].prefix(followers).map(\.step)
            if steps == Array(lines[index].step + 1..<lines[index].step + 1 + followers) {
                lines[index].followers = followers
            }
        }
        self.lines = lines
        self.partLines = partLines
        self.partsAt = partsAt ?? .max
    }

    /// The plan of a kind of layer; nil where it has no fields.
    static func of(_ kind: LayerKind) -> TreePlan? { all[Int(kind.rawValue)] }

    private static let all: ContiguousArray<TreePlan?> = {
        var plans = ContiguousArray<TreePlan?>(repeating: nil, count: Int(UInt8.max) + 1)
        for kind in LayerKind.allCases { plans[Int(kind.rawValue)] = FieldPlan.of(kind).map { TreePlan($0) } }
        return plans
    }()
}
