/// What an output has to know of one field of a layer: plain numbers, so that copying it costs no reference count.
public struct FieldStep: Sendable {
    /// How its values are spelled.
    public let type: FieldType
    /// Where in its header the field lies, if that is always the same.
    public let place: FieldPlace?
    /// It is a number at `place`, which `FieldPlan.number` reads.
    public let isNumber: Bool
    /// Its values may have names.
    public let hasNames: Bool
    /// The tree leaves it out: it is for filters and `-e`.
    public let isHidden: Bool
    /// The tree shows it inside of each of the layer's parts.
    public let isOfPart: Bool
    /// The parts that it is read from.
    public let kinds: PartKinds
    /// A step before this one has the same name, and its values come first.
    public fileprivate(set) var isRepetition = false
    /// How many steps after this one have no values where this one has none.
    public fileprivate(set) var followers = 0
    /// The next step of the same name; -1 for none.
    fileprivate var next: Int32 = -1
    /// Only some of the headers have the field.
    fileprivate let hasCondition: Bool
    /// What the number at `place` counts in.
    fileprivate let scale: UInt64

    fileprivate init(_ field: FieldDefinition) {
        type = field.type
        place = field.place
        hasNames = field.valueName != nil
        isHidden = field.isHidden
        isOfPart = field.isOfPart
        kinds = field.partReading?.kinds ?? .all
        scale = field.plain?.scale ?? 1
        hasCondition = field.plain?.condition != nil
        isNumber =
            switch field.type {
            case .unsigned, .hex, .boolean: field.plain != nil
            default: false
            }
    }
}

/// The fields of one kind of layer, compiled for outputs that write all of them: flat arrays, a step a field, in the
/// order of declaration. What needs a reader, a condition or names has it at the step's place in an array beside.
public final class FieldPlan: Sendable {
    /// The protocol and its fields as they were declared.
    public let group: ProtocolFields
    /// A step a field.
    public let steps: ContiguousArray<FieldStep>
    /// In structures: an array of bare functions has each called through another one, for any type.
    private struct Reading {
        let read: FieldDefinition.Reader
    }
    private struct PartReading {
        let read: PartReader
    }
    private struct Condition {
        let holds: @Sendable (_ header: RawSpan) -> Bool
    }
    private struct Naming {
        let name: ValueName
    }
    private let readers: ContiguousArray<Reading>
    private let partReaders: ContiguousArray<PartReading?>
    private let conditions: ContiguousArray<Condition?>
    private let names: ContiguousArray<Naming?>

    private init(_ group: ProtocolFields) {
        self.group = group
        var steps = ContiguousArray(group.fields.map { FieldStep($0) })
        var last: [String: Int] = [:]
        for (index, field) in group.fields.enumerated() {
            if let before = last[field.name] {
                steps[index].isRepetition = true
                steps[before].next = Int32(index)
            }
            last[field.name] = index
        }
        for (index, field) in group.fields.enumerated() {
            steps[index].followers = group.fields[(index + 1)...].prefix { $0.leader == field.name }.count
        }
        self.steps = steps
        readers = ContiguousArray(group.fields.map { Reading(read: $0.read) })
        partReaders = ContiguousArray(group.fields.map { $0.partReading.map { PartReading(read: $0.read) } })
        conditions = ContiguousArray(group.fields.map { $0.plain?.condition.map { Condition(holds: $0) } })
        names = ContiguousArray(group.fields.map { $0.valueName.map { Naming(name: $0) } })
    }

    /// The plan of a kind of layer; nil where it has no fields.
    public static func of(_ kind: LayerKind) -> FieldPlan? { all[Int(kind.rawValue)] }

    private static let all: ContiguousArray<FieldPlan?> = {
        var plans = ContiguousArray<FieldPlan?>(repeating: nil, count: Int(UInt8.max) + 1)
        for kind in LayerKind.allCases {
            if let group = FieldCatalog.fields(of: kind) { plans[Int(kind.rawValue)] = FieldPlan(group) }
        }
        return plans
    }()

    // MARK: Reading

    /// The number that a step finds at its place; nil where the header does not have it.
    public func number(_ index: Int, _ context: borrowing LayerContext) -> UInt64? {
        let step = steps[index]
        guard let place = step.place, place.needed <= context.header.byteCount else { return nil }
        if step.hasCondition, conditions[index]?.holds(context.header) == false { return nil }
        return place.number(in: context.header).map { $0 &* step.scale }
    }

    /// Hands over the values of one step.
    public func read(_ index: Int, _ context: borrowing LayerContext, into values: inout FieldValues) {
        readers[index].read(context, &values)
    }

    /// Hands over the values of a step and of those after it that have the same name.
    public func readAll(_ index: Int, _ context: borrowing LayerContext, into values: inout FieldValues) {
        var index = index
        while index >= 0 {
            readers[index].read(context, &values)
            index = Int(steps[index].next)
        }
    }

    /// Whether a step has a namesake further on.
    public func hasRepetition(_ index: Int) -> Bool { steps[index].next >= 0 }

    /// The name of a number that a step has read.
    public func name(of number: UInt64, _ index: Int) -> StaticString? { names[index]?.name(number) }

    // MARK: Parts

    /// Whether the tree shows parts of such a layer.
    public var hasParts: Bool { group.parts != nil }

    /// The part with a number, counted from 0, found at the first call for a layer; nil behind the last.
    public func part(_ number: Int, of context: borrowing LayerContext, _ values: inout FieldValues) -> LayerPart? {
        guard let parts = group.parts else { return nil }
        values.findParts(of: context, with: parts.find)
        return number < values.parts.found.count ? values.parts.found[number] : nil
    }

    /// Hands over what the title of a part is made of; nothing for a part without one, which is not shown by itself.
    public func readTitle(_ part: LayerPart, _ context: borrowing LayerContext, into values: inout FieldValues) {
        group.parts?.title(context, part, &values)
    }

    /// Hands over the values that a step has in one part.
    public func read(
        _ index: Int, in part: LayerPart, _ context: borrowing LayerContext, into values: inout FieldValues
    ) {
        partReaders[index]?.read(context, part, &values)
    }
}
