import Addressing
import Foundation
import Sockets
import TestSupport
import Testing

@testable import Services

/// What happens to a service, in order. Between two other events bytes may come in pieces of any size.
enum Happening {
    case bytes([UInt8])
    case quiet
    case finish
}

/// Everything that a service said: to the client, to others, and whether it closed.
struct Said: Equatable {
    var bytes: [UInt8] = []
    var letters: [MemberID: [UInt8]] = [:]
    var closed = false

    mutating func note(_ answer: ServiceAnswer) {
        // After a close nothing is sent any more.
        if !closed {
            bytes += answer.bytes
            for part in answer.parts {
                switch part {
                case .bytes(let more): bytes += more
                case .digest(let file): bytes += FileDigests().digestNow(of: file).utf8
                case .file(let region):
                    var buffer = [UInt8](repeating: 0, count: Int(region.count))
                    let count = region.file.read(at: region.offset, into: &buffer)
                    bytes += buffer.prefix(count)
                }
            }
        }
        for letter in answer.letters { letters[letter.member, default: []] += letter.bytes }
        if answer.closes { closed = true }
    }
}

let someone = MemberID(slot: 0, generation: 0)

/// Plays a story to a group, every run of bytes cut into pieces by `cut`; other members may have been let in before.
func play(_ story: [Happening], to group: some GroupLogic, cut: (Int) -> Int) -> Said {
    var group = group
    var said = Said()
    var answer = ServiceAnswer()
    group.joined(someone, loopbacks[0], &answer)
    said.note(answer)
    for event in story where !said.closed {
        switch event {
        case .bytes(let bytes):
            var position = 0
            while position < bytes.count, !said.closed {
                let end = min(bytes.count, position + max(1, cut(bytes.count - position)))
                let piece = Array(bytes[position..<end])
                answer.reset()
                group.received(someone, piece.span, &answer)
                said.note(answer)
                position = end
            }
        case .quiet where group.awaitsQuiet(someone):
            answer.reset()
            group.fellQuiet(someone, &answer)
            said.note(answer)
        case .quiet: break
        case .finish:
            answer.reset()
            group.peerFinished(someone, &answer)
            said.note(answer)
        }
    }
    answer.reset()
    group.left(someone, &answer)
    said.note(answer)
    return said
}

/// The contract of every logic: however the stream is cut, what is said, put end to end, is the same.
@Suite struct ChunkingTests {
    private func check(
        rounds: Int = 200, _ name: String, _ make: () -> some GroupLogic, story: (inout SplitMix64) -> [Happening]
    ) {
        let first = UInt64.random(in: .min ... .max)
        for round in 0..<rounds {
            let seed = first &+ UInt64(round)
            var random = SplitMix64(seed: seed)
            let events = story(&random)
            let whole = play(events, to: make()) { $0 }
            let single = play(events, to: make()) { _ in 1 }
            let pieces = play(events, to: make()) { Int.random(in: 1...min(40, $0), using: &random) }
            #expect(single == whole, "\(name), byte by byte, seed \(seed)")
            #expect(pieces == whole, "\(name), in pieces, seed \(seed)")
        }
    }

    /// Random text of words that mean something to the service, with newlines, quiet and sometimes the end in between.
    private func story(of words: [String], _ random: inout SplitMix64) -> [Happening] {
        (0..<Int.random(in: 1...12, using: &random)).map { _ in
            switch Int.random(in: 0..<8, using: &random) {
            case 0: return .quiet
            case 1:
                return .bytes(
                    (0..<Int.random(in: 1...30, using: &random)).map { _ in
                        UInt8.random(in: .min ... .max, using: &random)
                    })
            default:
                return .bytes(
                    (0..<Int.random(in: 1...8, using: &random)).flatMap { _ in
                        Array((words.randomElement(using: &random) ?? "").utf8)
                    })
            }
        } + (Bool.random(using: &random) ? [.finish] : [])
    }

    @Test func echo() {
        check("tcp-echo", { Separately { Echo() } }) { random in story(of: ["hello", "\n"], &random) }
    }

    @Test func upper() {
        check("upper-tcp", { Separately { Messages(limit: 60, reply: Uppercase.reply) } }) { random in
            story(of: ["straße ", "été\n", "abc", "\r\n", "\n\n", "🙂"], &random)
        }
    }

    @Test func adder() {
        check("adder", { Separately { Messages(limit: 60, reply: Adder.reply) } }) { random in
            story(of: ["50,40", ",", "-7", "\n", "99999999999999999999", "x", " "], &random)
        }
    }

    @Test func greeting() {
        check(rounds: 20, "greeting", { Separately { Greeting() } }) { random in story(of: ["hi"], &random) }
    }

    @Test func sixteen() {
        check("sixteen", { Separately { Sixteen() } }) { random in story(of: ["a", "bcd", "\n"], &random) }
    }

    @Test func textStore() {
        check(rounds: 400, "text-store", { TextStore(text: Array("first".utf8), limit: 30) }) { random in
            story(
                of: [
                    "GET\n", "SET 5\nhello", "SET 0\n", "SET 12\nGET\nSET 1\nxy", "CLOSE\n", "SET 31\n", "what\n",
                    "SET -1\n", "SET 7\r\na\r\nb\r\nc",
                ], &random)
        }
    }

    @Test func chat() {
        check("chat", { Self.room() }) { random in
            story(
                of: ["anna\n", "bob\n", "hello all\n", "no end", "\u{1b}[2J\n", "* bob left\n", "a:b\n", "\r\n"],
                &random)
        }
    }

    @Test func file() throws {
        let scratch = try TemporaryFolder()
        try Data(message(3000)).write(to: scratch.url.appendingPathComponent("a.bin"))
        let folder = try SystemFolder(scratch.url.path)
        check("file", { Separately { FileServer(folder: folder) } }) { random in
            story(
                of: [
                    "GET 0 a.bin\n", "GET 2999 a.bin\n", "GET 3001 a.bin\n", "GET ", "0 ", "a.bin", "\n", "LIST\n",
                    "../x\n",
                ], &random)
        }
    }

    /// A room with somebody in it.
    static func room() -> Chat {
        var chat = Chat()
        var answer = ServiceAnswer()
        let bob = MemberID(slot: 1, generation: 0)
        chat.joined(bob, loopbacks[0], &answer)
        chat.received(bob, Array("bob\n".utf8).span, &answer)
        return chat
    }
}
