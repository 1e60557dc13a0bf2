import Services
import Sockets

/// Two clients that share one text.
struct TextStoreDemo: Demo {
    let name = "text-store"
    let group = DemoGroup.services
    let summary = "one text that all clients share, framed by its length: one stores it, another retrieves it"
    let choices: Set<DemoChoice> = [.message]
    let service: ServiceDescription? = .textStore
    let defaultMessage = "a text\nof two lines"
    let longestMessage = ServiceLimits.text

    func server(_ role: Role) throws(SocketError) {
        try role.serve(connections: 2, TextStore())
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        do throws(TextStoreClient<RecordedSocket>.Failure) {
            var writer = try Self.connect(role)
            var reader = try Self.connect(role)
            _ = try writer.update(role.message)
            if case .text(let text) = try reader.retrieve() { role.keep([text]) }
            _ = try writer.leave()
            _ = try reader.leave()
        } catch {
            if case .socket(let error) = error { throw error }
            // The server ended the stream or spoke another language: no answer, and the verdict says so.
        }
    }

    private static func connect(_ role: Role) throws(TextStoreClient<RecordedSocket>.Failure) -> TextStoreClient<
        RecordedSocket
    > {
        do throws(SocketError) { return try TextStoreClient(role.server, socket: role.sockets) } catch {
            throw .socket(error)
        }
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        try seen.judged {
            let text = try seen.answer(0, is: seen.settings.message)
            let data = try seen.requests(atLeast: 2)
            let writer = data[0]
            guard let get = data.first(where: { $0.source != writer.source }) else {
                throw NotSeen("the second client's request was not captured")
            }
            guard
                let reply = try seen.replies().first(where: { $0.number > get.number && $0.destination == get.source })
            else {
                throw NotSeen("the answer to the second client was not captured")
            }
            return """
                One client stored \(text) from port \(writer.source?.port ?? 0) (packet \(writer.number), 'SET \
                \(seen.settings.message.count)' and as many bytes), another asked from port \(get.source?.port ?? 0) \
                with GET in packet \(get.number) and got the same in packet \(reply.number): the server keeps one text \
                for all, and a length before the text says where it ends, whatever bytes are in it.
                """
        }
    }
}
