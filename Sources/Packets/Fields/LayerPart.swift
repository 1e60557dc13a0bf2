/// A part of a layer that fields are read from: an option, a question, a header line. All offsets count from the first
/// byte of the layer's data source.
public struct LayerPart: Sendable {
    /// What it is: a number of its protocol's own, matched by `PartKinds`.
    public let kind: UInt32
    private let bounds: (start: Int32, end: Int32)
    private let contentBounds: (start: Int32, end: Int32)
    private let ownerBounds: (start: Int32, end: Int32)

    /// - Parameters:
    ///   - content: what stands behind its own beginning, such as the value of a header line.
    ///   - owner: what it lies in, such as the message of a record.
    init(_ kind: UInt32, _ range: Range<Int>, content: Range<Int> = 0..<0, owner: Range<Int> = 0..<0) {
        self.kind = kind
        bounds = Self.bounds(range)
        contentBounds = Self.bounds(content)
        ownerBounds = Self.bounds(owner)
    }

    private static func bounds(_ range: Range<Int>) -> (start: Int32, end: Int32) {
        (Int32(truncatingIfNeeded: range.lowerBound), Int32(truncatingIfNeeded: range.upperBound))
    }

    /// Its bytes.
    public var range: Range<Int> { Int(bounds.start)..<Int(bounds.end) }
    var start: Int { Int(bounds.start) }
    var content: Range<Int> { Int(contentBounds.start)..<Int(contentBounds.end) }
    var owner: Range<Int> { Int(ownerBounds.start)..<Int(ownerBounds.end) }
}

/// Which parts a field is read from: those whose kind has `value` in the bits of `mask`.
public struct PartKinds: Hashable, Sendable {
    let value: UInt32
    let mask: UInt32

    /// One kind.
    init(_ value: UInt32, mask: UInt32 = .max) {
        self.value = value
        self.mask = mask
    }

    static let all = PartKinds(0, mask: 0)

    /// Whether a part is one of them.
    @inline(__always)
    public func contains(_ part: LayerPart) -> Bool { part.kind & mask == value }
}

/// Finds the parts of a layer, in order, and appends them until `append` returns false.
public typealias PartFinder = @Sendable (borrowing LayerContext, inout LayerParts) -> Void

/// Reads something from one part of a layer.
public typealias PartReader = @Sendable (borrowing LayerContext, LayerPart, inout FieldValues) -> Void

/// How a protocol's layers fall into parts that the tree shows with a title each.
public struct ShownParts: Sendable {
    let find: PartFinder
    /// Hands over what the title is made of; nothing for a part that has no title and is not shown by itself.
    let title: PartReader
}

/// The parts of one layer, found once for all fields that are read from them.
public struct LayerParts: Sendable {
    /// What is wrong with a layer as a whole, seen while its parts were looked for.
    public enum Damage: Sendable {
        /// A name whose compression pointers lead in a circle (RFC 1035 section 4.1.4 lets them point back only).
        case loop
        /// A part that a count or length promises is not there in full.
        case cutShort
        /// A TCP option is too short for what it says: neither the options behind it nor the payload mean anything.
        case brokenOption
    }

    private(set) var found: [LayerPart] = []
    /// The layer whose parts these are, where there is one.
    private var kind = LayerKind.frame
    private var start: Int32 = 0
    @usableFromInline private(set) var isOfLayer = false
    /// The first damage.
    public private(set) var damage: Damage?
    /// Whether there is more than `PacketBudget` lets be read.
    public private(set) var isOverBudget = false
    /// Parts found and what names cost since this value was made: tests count them.
    private(set) var work = 0

    /// Makes these the parts of a layer; nothing where they are already.
    mutating func find(in context: borrowing LayerContext, with finder: PartFinder) {
        if are(of: context.layer) { return }
        forget()
        isOfLayer = true
        kind = context.layer.kind
        start = context.layer.start
        finder(context, &self)
    }

    /// Whether these are the parts of a layer.
    public func are(of layer: LayerRange) -> Bool {
        isOfLayer && start == layer.start && kind == layer.kind
    }

    /// Forgets what was found: another packet comes.
    mutating func forget() {
        found.removeAll(keepingCapacity: true)
        isOfLayer = false
        damage = nil
        isOverBudget = false
    }

    /// Takes another part.
    /// - Returns: false where the budget is spent: the part is not taken, and none after it will be.
    mutating func append(_ part: LayerPart) -> Bool {
        guard found.count < PacketBudget.parts, !isOverBudget else {
            isOverBudget = true
            return false
        }
        work &+= 1
        found.append(part)
        return true
    }

    /// Says what names have cost.
    mutating func spend(names cost: Int) { work &+= cost }

    mutating func endAtBudget() { isOverBudget = true }

    mutating func note(_ damage: Damage) { self.damage = self.damage ?? damage }
}
