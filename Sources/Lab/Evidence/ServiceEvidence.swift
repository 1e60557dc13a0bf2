import Sockets

extension Evidence {
    /// Segments or datagrams with data towards the server.
    func requests(atLeast minimum: Int = 1) throws(NotSeen) -> [SeenPacket] {
        try packets("data from the client", atLeast: minimum) { isToServer($0) && $0.payload > 0 }
    }

    /// Segments or datagrams with data from the server.
    func replies(atLeast minimum: Int = 1) throws(NotSeen) -> [SeenPacket] {
        try packets("data from the server", atLeast: minimum) { isFromServer($0) && $0.payload > 0 }
    }

    /// What the client was to get and got, quoted; else the answer is no.
    func answer(_ index: Int, is expected: [UInt8]) throws(WrongAnswer) -> String {
        guard index < answers.count else { throw WrongAnswer(text: "answer \(index + 1) did not come") }
        guard answers[index] == expected else {
            throw WrongAnswer(
                text: "answer \(index + 1) is \(Self.quoted(answers[index])), and should be \(Self.quoted(expected))")
        }
        return Self.quoted(expected)
    }

    static func quoted(_ bytes: [UInt8]) -> String { "'\(beginning(of: bytes))'" }
}

/// What a client of a demo got is not what the service gives.
struct WrongAnswer: Error {
    let text: String
}

extension Evidence {
    /// A verdict whose sentence needs the right answers: wrong ones make it a no.
    func judged(_ sentence: () throws -> String) throws(NotSeen) -> Verdict {
        do {
            return .shown(try sentence())
        } catch let wrong as WrongAnswer {
            return .no(wrong.text)
        } catch let missing as NotSeen {
            throw missing
        } catch {
            throw NotSeen("\(error)")
        }
    }
}
