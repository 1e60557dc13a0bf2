/// A regular expression as a nondeterministic automaton, all of whose states are followed at once (Thompson 1968): the
/// time is linear in the text, whatever the pattern. Trying one way after the other, as Perl does, takes time
/// exponential in the text for a pattern such as `(a+)+b`, and what a capture holds is for others to choose.
struct PatternProgram {
    private static let mostSteps = 4000

    private enum Step {
        case one(Int)
        case place(PatternPlace)
        case split(Int, Int)
        case found
    }

    private var steps: [Step] = []
    private var sets: [PatternSet] = []
    /// For each set whether it holds each of the characters below 256.
    private var low: [[Bool]] = []
    /// Which characters below 256 can begin it; nil where it may be empty or begins with a condition.
    private var firsts: [Bool]?
    private let isForward: Bool

    /// - Parameter isForward: whether the text is read from its start; otherwise from its end.
    init(_ node: PatternNode, isForward: Bool) throws(PatternError) {
        self.isForward = isForward
        try compile(node)
        steps.append(.found)
        low = sets.map { set in (0..<256).map { set.contains($0) } }
        firsts = beginnings()
    }

    private mutating func append(_ step: Step) throws(PatternError) {
        if steps.count >= Self.mostSteps { throw PatternError("it is too large, with its repetitions written out") }
        steps.append(step)
    }

    private mutating func compile(_ node: PatternNode) throws(PatternError) {
        switch node {
        case .empty: break
        case .one(let set):
            try append(.one(sets.count))
            sets.append(set)
        case .place(let place): try append(.place(place))
        case .sequence(let nodes):
            if isForward {
                for node in nodes { try compile(node) }
            } else {
                for node in nodes.reversed() { try compile(node) }
            }
        case .choice(let nodes):
            var ends: [Int] = []
            for (position, node) in nodes.enumerated() {
                let split = steps.count
                let isLast = position == nodes.count - 1
                if !isLast { try append(.split(split + 1, 0)) }
                try compile(node)
                if isLast { break }
                ends.append(steps.count)
                try append(.split(0, 0))
                steps[split] = .split(split + 1, steps.count)
            }
            for end in ends { steps[end] = .split(steps.count, steps.count) }
        case .times(let node, let least, let most):
            for _ in 0..<least { try repeated(node) }
            if let most {
                var splits: [Int] = []
                for _ in least..<most {
                    splits.append(steps.count)
                    try append(.split(0, 0))
                    try compile(node)
                }
                for split in splits { steps[split] = .split(split + 1, steps.count) }
            } else {
                let split = steps.count
                try append(.split(0, 0))
                try compile(node)
                try append(.split(split, split))
                steps[split] = .split(split + 1, steps.count)
            }
        }
    }

    /// One more copy of what is repeated. What compiles to nothing must cost something, or nested repetitions of it
    /// never end.
    private mutating func repeated(_ node: PatternNode) throws(PatternError) {
        let before = steps.count
        try compile(node)
        if steps.count == before { try append(.split(before + 1, before + 1)) }
    }

    private func beginnings() -> [Bool]? {
        var result = [Bool](repeating: false, count: 256)
        var waiting = [0]
        var seen = [Bool](repeating: false, count: steps.count)
        while let step = waiting.popLast() {
            if seen[step] { continue }
            seen[step] = true
            switch steps[step] {
            case .one(let set): for character in 0..<256 where low[set][character] { result[character] = true }
            case .split(let first, let second): waiting += [first, second]
            case .place, .found: return nil
            }
        }
        return result
    }

    /// Whether the pattern fits anywhere in the text.
    ///
    /// - Parameter looks: for each look-around, at which places its expression fits.
    func isFound(in text: [UInt32], looks: [[Bool]]) -> Bool { run(text, looks) { _ in true } }

    /// At which places, from before the first character to behind the last, a fit ends (in the direction of reading).
    func places(in text: [UInt32], looks: [[Bool]]) -> [Bool] {
        var result = [Bool](repeating: false, count: text.count + 1)
        _ = run(text, looks) { place in
            result[place] = true
            return false
        }
        return result
    }

    /// Follows all states through the text.
    ///
    /// - Parameter found: told the place of each fit's end; returns whether that is enough.
    private func run(_ text: [UInt32], _ looks: [[Bool]], found: (Int) -> Bool) -> Bool {
        var current: [Int] = []
        var following: [Int] = []
        var waiting: [Int] = []
        // When each step was last reached, so that it is followed once a place.
        var reached = [Int](repeating: -1, count: steps.count)
        for round in 0...text.count {
            let place = isForward ? round : text.count - round
            let character: UInt32? = round == text.count ? nil : isForward ? text[place] : text[place - 1]
            if current.isEmpty, let firsts {
                guard let character else { return false }
                if character < 256, !firsts[Int(character)] { continue }
            }
            // The pattern may begin at every place.
            waiting.removeAll(keepingCapacity: true)
            waiting.append(0)
            waiting += current
            following.removeAll(keepingCapacity: true)
            var isFound = false
            while let step = waiting.popLast() {
                if reached[step] == round { continue }
                reached[step] = round
                switch steps[step] {
                case .one(let set):
                    guard let character else { break }
                    if character < 256 ? low[set][Int(character)] : sets[set].contains(character) {
                        following.append(step + 1)
                    }
                case .split(let first, let second):
                    waiting.append(first)
                    if second != first { waiting.append(second) }
                case .place(let condition):
                    if Self.holds(condition, at: place, in: text, looks) { waiting.append(step + 1) }
                case .found: isFound = true
                }
            }
            if isFound, found(place) { return true }
            swap(&current, &following)
        }
        return false
    }

    private static func holds(_ condition: PatternPlace, at place: Int, in text: [UInt32], _ looks: [[Bool]]) -> Bool {
        let lineFeed: UInt32 = 0x0a
        switch condition {
        case .start: return place == 0
        case .end: return place == text.count
        case .endOrLastLineFeed: return place == text.count || place == text.count - 1 && text[place] == lineFeed
        case .lineStart: return place == 0 || text[place - 1] == lineFeed && place < text.count
        case .lineEnd: return place == text.count || text[place] == lineFeed
        case .wordBoundary(let isWanted):
            let before = place > 0 && PatternSet.word.contains(text[place - 1])
            let behind = place < text.count && PatternSet.word.contains(text[place])
            return (before != behind) == isWanted
        case .look(let number, let fits): return looks[number][place] == fits
        }
    }
}
