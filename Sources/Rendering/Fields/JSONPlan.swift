import Packets

/// The text around the values of one kind of layer in a JSON document, put together once.
final class JSONPlan: Sendable {
    /// A field with all its values, under its name.
    struct Member {
        /// The field's place in the plan's steps.
        let step: Int
        /// The number at the field's place is all of its values.
        let isNumber: Bool
        /// How many members after this one have no values where this one has none.
        let followers: Int
        /// The line's beginning, the name and what follows it.
        let key: Range<Int>
    }

    let fields: FieldPlan
    /// The protocol's name and what follows it.
    let title: Range<Int>
    let members: ContiguousArray<Member>
    let text: [UInt8]
    /// The first kind of layer of the same name: their objects stand in one array.
    let namesake: LayerKind

    private init(_ fields: FieldPlan, namesake: LayerKind) {
        self.fields = fields
        self.namesake = namesake
        var text = Array("\n        \"\(fields.group.name)\": ".utf8)
        title = 0..<text.count
        var members = ContiguousArray<Member>()
        for index in fields.steps.indices where !fields.steps[index].isRepetition {
            let start = text.count
            text += Array("\n          \"\(fields.group.fields[index].name)\": ".utf8)
            let step = fields.steps[index]
            members.append(
                Member(
                    step: index, isNumber: step.isNumber && !fields.hasRepetition(index),
                    // Where each of them is a member of its own.
                    followers: fields.steps[index...].prefix(step.followers + 1).allSatisfy { !$0.isRepetition }
                        ? step.followers : 0,
                    key: start..<text.count))
        }
        self.members = members
        self.text = text
    }

    /// The plan of a kind of layer; nil where it has no fields.
    static func of(_ kind: LayerKind) -> JSONPlan? { all[Int(kind.rawValue)] }

    private static let all: ContiguousArray<JSONPlan?> = {
        var plans = ContiguousArray<JSONPlan?>(repeating: nil, count: Int(UInt8.max) + 1)
        var first: [String: LayerKind] = [:]
        for kind in LayerKind.allCases {
            guard let fields = FieldPlan.of(kind) else { continue }
            let namesake = first[fields.group.name] ?? kind
            first[fields.group.name] = namesake
            plans[Int(kind.rawValue)] = JSONPlan(fields, namesake: namesake)
        }
        return plans
    }()
}
