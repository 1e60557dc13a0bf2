import Sockets

/// Sends files of a folder. A connection is one request and its answer:
///
///     client   GET 0 notes.txt           server   OK 1048576
///                                                 … the octets from that offset on …
///                                                 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
///     client   LIST                      server   OK 2
///                                                 1048576 notes.txt
///                                                 12 hello.txt
///
/// The number in `GET` is where to begin, so that a client can go on where it was cut off. The number in `OK` is the
/// size of the whole file, and the last line its SHA-256: the client checks the file that it has put together.
/// Everything else is answered `ERROR why`. The name may have spaces; it may not leave the folder.
public struct FileServer: ServiceLogic {
    private let folder: any FileFolder
    private var framer = MessageFramer(limit: ServiceLimits.line)
    private var isOver = false

    /// - Parameter folder: whose files are sent.
    public init(folder: any FileFolder) { self.folder = folder }

    /// Answers the first line and closes; what follows it is not looked at.
    public mutating func received(_ bytes: Span<UInt8>, _ answer: inout ServiceAnswer) {
        if isOver { return }
        var first: [UInt8]?
        framer.take(bytes) { if first == nil { first = $0 } }
        if let first {
            isOver = true
            obey(first, &answer)
            answer.close()
        } else if framer.isOverfull {
            isOver = true
            refuse("a request may have at most \(ServiceLimits.line) bytes", &answer)
            answer.close()
        }
    }

    /// Refuses a request without its newline.
    public mutating func peerFinished(_ answer: inout ServiceAnswer) {
        if !isOver { refuse("the stream ended before the request did: a request ends at a newline", &answer) }
        isOver = true
    }

    private func obey(_ request: [UInt8], _ answer: inout ServiceAnswer) {
        guard let line = String(validating: request.last == 13 ? request.dropLast() : request[...], as: UTF8.self)
        else {
            return refuse("the request is not UTF-8 text", &answer)
        }
        if line == "LIST" { return list(&answer) }
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3, words[0] == "GET", let offset = Int64(words[1]), offset >= 0 else {
            return refuse("a request is LIST or GET offset name", &answer)
        }
        send(String(words[2]), from: offset, &answer)
    }

    private func send(_ name: String, from offset: Int64, _ answer: inout ServiceAnswer) {
        do throws(FileRefusal) {
            let file = try folder.open(ServedName(name))
            guard offset <= file.size else { return refuse(FileReply.tooShort(file.size), &answer) }
            answer.send("OK \(file.size)\n")
            if offset < file.size { answer.send(FileRegion(file, offset: offset, count: file.size - offset)) }
            answer.send(digestOf: file)
            answer.send("\n")
            answer.remark(
                .text("sends \(name)\(offset > 0 ? " from byte \(offset)" : ""): \(file.size - offset) bytes"))
        } catch {
            refuse("\(error)", &answer)
        }
    }

    private func list(_ answer: inout ServiceAnswer) {
        do throws(FileRefusal) {
            let entries = try folder.entries()
            answer.send("OK \(entries.count)\n")
            for entry in entries { answer.send("\(entry.size) \(entry.name)\n") }
        } catch {
            refuse("\(error)", &answer)
        }
    }

    private func refuse(_ reason: String, _ answer: inout ServiceAnswer) {
        answer.send("ERROR \(reason)\n")
        answer.remark(.text("refused: \(reason)"))
    }
}

extension ServiceDescription {
    /// `file`: a client may have a file open beside its connection, and an answer is a line, a file and a line.
    public static let file = ServiceDescription(
        "file", "sends files of a folder; resumed, checked by SHA-256", port: 12346,
        hosting: .connections(descriptors: 2, noDelay: true) { FileServer(folder: $0.folder ?? NoFolder()) },
        client: .dialogue(.file), path: .folder, options: [.hidden])
}

/// Stands for the folder where none was given.
private struct NoFolder: FileFolder {
    func open(_ name: ServedName) throws(FileRefusal) -> OpenFile { throw .unavailable("there is no folder") }
    func entries() throws(FileRefusal) -> [FileEntry] { throw .unavailable("there is no folder") }
}
