import Addressing

/// A room in which each line goes to all others. A member's first line is the name.
///
///     * welcome to the chat; the first line that you send is your name
///     anna
///     * anna joined: 2 here
///     bob: hello
///     * bob left: 1 here
///
/// Lines that begin with `* ` are the room's own: no member can say one, as what members say stands after their names.
/// Control characters are written as `\u{1b}`: no member can steer another's terminal.
public struct Chat: GroupLogic {
    private var members: [MemberID: Member] = [:]
    /// Those with a name, in the order in which they came.
    private var present: [MemberID] = []

    private struct Member {
        var name: String?
        var framer = MessageFramer(limit: ServiceLimits.line)
    }

    /// What the room says first.
    public static let welcome = "* welcome to the chat; the first line that you send is your name\n"
    /// In characters as Unicode numbers them: one that is seen may be made of hundreds of combining ones.
    private static let longestName = 24

    /// An empty room.
    public init() {}

    /// Welcomes a member, who has no name yet.
    public mutating func joined(_ member: MemberID, _ peer: Endpoint, _ answer: inout ServiceAnswer) {
        members[member] = Member()
        answer.send(Self.welcome)
    }

    /// Passes on every line that is complete; the first one is the name.
    public mutating func received(_ member: MemberID, _ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        guard var framer = members[member]?.framer else { return }
        var lines: [[UInt8]] = []
        framer.take(bytes) { lines.append($0) }
        members[member]?.framer = framer
        for line in lines { said(member, Self.visible(line), &answer) }
        if framer.isOverfull {
            answer.send("* a line may have at most \(ServiceLimits.line) bytes\n")
            answer.close()
        }
    }

    /// What stands without a newline at the end is a line too.
    public mutating func peerFinished(_ member: MemberID, _ answer: inout ServiceAnswer) {
        if let rest = members[member]?.framer.end() { said(member, Self.visible(rest), &answer) }
    }

    /// Tells the others, if the member had a name.
    public mutating func left(_ member: MemberID, _ answer: inout ServiceAnswer) {
        guard let name = members.removeValue(forKey: member)?.name else { return }
        present.removeAll { $0 == member }
        tellOthers(than: member, "* \(name) left: \(present.count) here\n", &answer)
        answer.remark(.text("\(name) left: \(present.count) here"))
    }

    private mutating func said(_ member: MemberID, _ line: String, _ answer: inout ServiceAnswer) {
        if let name = members[member]?.name { return tellOthers(than: member, "\(name): \(line)\n", &answer) }
        let name = line.trimmed
        if !Self.isSeen(name) || name.unicodeScalars.count > Self.longestName || name.hasPrefix("*")
            || name.contains(":")
        {
            return answer.send(
                "* a name has 1 to \(Self.longestName) characters that are seen, no colon, and no star in front; "
                    + "your first line is your name\n"
            )
        }
        if present.contains(where: { members[$0]?.name == name }) {
            return answer.send("* \(name) is here already; choose another name\n")
        }
        members[member]?.name = name
        present.append(member)
        let others = present.dropLast().compactMap { members[$0]?.name }
        let company = others.isEmpty ? "nobody else is here" : "with you here: " + others.joined(separator: ", ")
        answer.send("* hello \(name); \(company)\n")
        tellOthers(than: member, "* \(name) joined: \(present.count) here\n", &answer)
        answer.remark(.text("\(name) joined: \(present.count) here"))
    }

    /// Whether the name has a visible character: marks alone, fillers and blanks are no name.
    private static func isSeen(_ name: String) -> Bool {
        name.unicodeScalars.contains { scalar in
            if scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.isWhitespace { return false }
            // U+2800 is Braille without a dot.
            if scalar.value == 0x2800 { return false }
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .spacingMark: return false
            default: return true
            }
        }
    }

    private func tellOthers(than member: MemberID, _ text: String, _ answer: inout ServiceAnswer) {
        // One array for all: it is not copied for each.
        let bytes = Array(text.utf8)
        for other in present where other != member { answer.send(bytes, to: other) }
    }

    /// A line as text that does nothing to a terminal. Bytes that are no UTF-8 become U+FFFD.
    public static func visible(_ line: [UInt8]) -> String {
        var result = ""
        for scalar in String(decoding: line.last == 13 ? line.dropLast() : line[...], as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension String {
    fileprivate var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

extension ServiceDescription {
    /// `chat`: the courses' room has ten places.
    public static let chat = ServiceDescription(
        "chat", "sends each line of a member to all others", port: 12347,
        hosting: .group(most: 10) { _ in Chat() }, client: .dialogue(.chat))
}
