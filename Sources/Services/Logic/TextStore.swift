import Addressing

/// One text that all clients share: they retrieve it, replace it, and leave.
///
/// A request is a line; a text is framed by its length in octets, so that any text works, with newlines and all:
///
///     client   GET                       server   TEXT 5
///                                                 hello
///     client   SET 7                     server   OK 7
///              goodbye
///     client   CLOSE                     server   BYE, and the connection ends
///
/// After `TEXT n` and a newline come n octets; after `SET n` and a newline the client sends n octets. What was
/// acknowledged with `OK` is what the next `GET` of anybody gives. Everything else is answered `ERROR why`.
public struct TextStore: GroupLogic {
    /// The text that all clients share.
    public private(set) var text: [UInt8]
    private let limit: Int
    /// What all unfinished updates together may hold.
    private let budget: Int
    private var held = 0
    private var members: [MemberID: Session] = [:]
    /// How many updates have begun.
    private var begun = 0

    private struct Session {
        var line: [UInt8] = []
        /// How many octets of an update are still to come; nil between requests.
        var missing: Int?
        var update: [UInt8] = []
        /// Which update of all it is, counted from 1.
        var turn = 0
        var isOver = false
        /// Its update was dropped to make room for others'.
        var isDropped = false
    }

    /// - Parameter limit: the longest text in octets.
    public init(text: [UInt8] = [], limit: Int = ServiceLimits.text) {
        self.text = text
        self.limit = limit
        budget = max(limit, 32 << 20)
    }

    /// A member begins without a request.
    public mutating func joined(_ member: MemberID, _ peer: Endpoint, _ answer: inout ServiceAnswer) {
        members[member] = Session()
    }

    /// An update that was not complete is dropped, and that is remarked.
    public mutating func left(_ member: MemberID, _ answer: inout ServiceAnswer) {
        guard let session = members.removeValue(forKey: member) else { return }
        held -= session.update.count
        if let missing = session.missing {
            answer.remark(.text("left \(missing) bytes before the end of an update; the text is as it was"))
        }
    }

    /// Says nothing: an update without its end is dropped when the member leaves.
    public mutating func peerFinished(_ member: MemberID, _ answer: inout ServiceAnswer) {}

    /// Answers every request that is complete.
    public mutating func received(_ member: MemberID, _ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        // Taken out while it changes, so that nothing is copied.
        guard var session = members.removeValue(forKey: member) else { return }
        if session.isDropped, !session.isOver {
            // It was told already.
            session.isOver = true
            answer.close()
        }
        var offset = 0
        while offset < bytes.count, !session.isOver {
            if let missing = session.missing {
                let count = min(missing, bytes.count - offset)
                take(bytes.extracting(offset..<offset + count), &session, &answer)
                offset += count
            } else {
                let byte = bytes[offset]
                offset += 1
                if byte == UInt8(ascii: "\n") {
                    let line = session.line
                    session.line = []
                    obey(line, &session, &answer)
                } else if session.line.count < Self.longestRequest {
                    session.line.append(byte)
                } else {
                    refuse("a request is GET, SET n or CLOSE", &session, &answer, ending: true)
                }
            }
        }
        members[member] = session
    }

    private static var longestRequest: Int { 64 }
    private static var shortText: Int { 16_384 }

    private mutating func obey(_ line: [UInt8], _ session: inout Session, _ answer: inout ServiceAnswer) {
        let words = String(decoding: line.last == 13 ? line.dropLast() : line[...], as: UTF8.self).split(separator: " ")
            .map(String.init)
        switch (words.first, words.count) {
        case ("GET", 1):
            let isFirst = answer.bytes.isEmpty && answer.parts.isEmpty
            answer.send("TEXT \(text.count)\n")
            // A short one in the same segment: two small ones would meet Nagle's algorithm and delayed ACKs (40 ms).
            // Not a copy for each request: a client may ask many times at once, and the text is in memory once.
            if text.count <= Self.shortText, isFirst {
                answer.send(text.span)
            } else {
                answer.send(shared: text)
            }
        case ("CLOSE", 1):
            answer.send("BYE\n")
            session.isOver = true
            answer.close()
        case ("SET", 2):
            // The octets of a refused update cannot be told from requests: the connection ends with them.
            guard let count = Int(words[1]), count >= 0 else {
                return refuse("SET needs the number of bytes that follow", &session, &answer, ending: true)
            }
            if count > limit {
                return refuse("a text may have at most \(limit) bytes", &session, &answer, ending: true)
            }
            session.missing = count
            begun += 1
            session.turn = begun
            if count == 0 { finish(&session, &answer) }
        default:
            refuse("a request is GET, SET n or CLOSE", &session, &answer, ending: false)
        }
    }

    private mutating func take(_ bytes: Span<UInt8>, _ session: inout Session, _ answer: inout ServiceAnswer) {
        while held + bytes.count > budget {
            if !dropOldest(&answer) {
                return refuse("too many updates at once; try again", &session, &answer, ending: true)
            }
        }
        held += bytes.count
        session.update.append(copying: bytes)
        session.missing = (session.missing ?? 0) - bytes.count
        if session.missing == 0 { finish(&session, &answer) }
    }

    /// Drops the update that began first, so that nobody locks others out by not finishing. False: there is none.
    private mutating func dropOldest(_ answer: inout ServiceAnswer) -> Bool {
        guard
            let (member, session) = members.filter({ !$0.value.update.isEmpty }).min(by: {
                $0.value.turn < $1.value.turn
            })
        else { return false }
        held -= session.update.count
        var dropped = Session()
        dropped.isDropped = true
        members[member] = dropped
        answer.send(Array("ERROR too many updates at once, and yours took longest; try again\n".utf8), to: member)
        answer.remark(.text("dropped the oldest unfinished update: \(session.update.count) bytes"))
        return true
    }

    private mutating func finish(_ session: inout Session, _ answer: inout ServiceAnswer) {
        held -= session.update.count
        text = session.update
        session.update = []
        session.missing = nil
        answer.send("OK \(text.count)\n")
        answer.remark(.text("set the text: \(text.count) bytes"))
    }

    private mutating func refuse(
        _ reason: String, _ session: inout Session, _ answer: inout ServiceAnswer, ending: Bool
    ) {
        answer.send("ERROR \(reason)\n")
        answer.remark(.text("refused: \(reason)"))
        if ending {
            held -= session.update.count
            session.update = []
            session.missing = nil
            session.isOver = true
            answer.close()
        }
    }
}

extension ServiceDescription {
    /// `text-store`
    public static let textStore = ServiceDescription(
        "text-store", "keeps one text that all retrieve and replace", port: 12345,
        hosting: .group { TextStore(limit: $0.limit ?? ServiceLimits.text) },
        client: .dialogue(.textStore), options: [.limit])
}
