import Addressing
import Diagnosis
import Sockets
import Text

/// Spells a finding's sentence: the one place for text, JSON and the page. Safe to print.
public enum SentenceText {
    /// The sentence as people read it.
    public static func text(_ sentence: Sentence) -> String {
        var text = ""
        for part in sentence.parts { text += spell(part) }
        return text
    }

    private static func spell(_ part: Sentence.Part) -> String {
        switch part {
        case .words(let words): words
        case .name(let name): name.escapedForDisplay
        case .number(let number): "\(number)"
        case .bytes(let count): count == 1 ? "1 byte" : "\(count) bytes"
        case .count(let count, let noun): "\(count) \(noun)\(count == 1 ? "" : "s")"
        case .times(let count): times(count)
        case .duration(let nanoseconds): DurationText.text(known: nanoseconds)
        case .period(let seconds): period(seconds)
        case .endpoint(let endpoint): "\(endpoint)"
        case .address(let address): "\(address)"
        case .packets(let numbers): packets(numbers)
        case .side(let side): side.rawValue
        case .program(let end): end.rawValue.escapedForDisplay
        case .call(let call): CallText.named(call)
        }
    }

    /// In the largest unit that leaves no rest.
    private static func period(_ seconds: UInt32) -> String {
        if seconds == .max { return "ever" }
        for (size, unit) in [(86_400, "day"), (3600, "hour"), (60, "minute")] as [(UInt32, String)]
        where seconds >= size && seconds % size == 0 {
            let count = seconds / size
            return "\(count) \(unit)\(count == 1 ? "" : "s")"
        }
        return "\(seconds) second\(seconds == 1 ? "" : "s")"
    }

    private static func times(_ count: Int) -> String {
        switch count {
        case 0: "never"
        case 1: "once"
        case 2: "twice"
        default: "\(count) times"
        }
    }

    /// `packets 1, 2 and 5`; of many the first three and the last.
    static func packets(_ numbers: [Int]) -> String {
        guard let last = numbers.last, numbers.count > 1 else {
            return numbers.first.map { "packet \($0)" } ?? "no packet"
        }
        if numbers.count > 5 {
            return "packets \(numbers.prefix(3).map(String.init).joined(separator: ", ")) … \(last)"
        }
        return "packets \(numbers.dropLast().map(String.init).joined(separator: ", ")) and \(last)"
    }
}
