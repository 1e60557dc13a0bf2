import Addressing
import Conversations
import Sockets
import Timeline

/// A program reads on after recv() has returned 0: the end of the stream is for ever.
enum EndOfStreamAgain {
    /// One more look is cheap, and some libraries take it.
    private static let fewest = 3

    static func findings(_ run: RunEvidence) -> [Finding] {
        run.histories.compactMap { history in
            guard history.transport == .tcp else { return nil }
            let ends = history.calls.filter { call in
                guard case .received(0, _) = call.result else { return false }
                return call.room != 0
            }
            guard ends.count >= fewest, let first = ends.first, let last = ends.last else { return nil }
            let time = (last.returned ?? last.start).nanoseconds(since: first.start)
            let fin = run.connection(of: first).flatMap { connection, isClient in
                (isClient ? connection.connection?.server : connection.connection?.client)?.finPacket
            }
            let why: Sentence? = fin.map { ", for the peer had closed (FIN in \(.packet($0)))" }
            let sentence: Sentence =
                """
                \(.program(first.end)): \(.call(first)) returned 0, end of stream, \(.times(ends.count)) in \
                \(.duration(time))\(why), and the program asked again each time: the end of a stream is for ever, the \
                first 0 means close().
                """
            return Finding(.endOfStreamAgain, .failure, sentence, of: first, packets: [fin], calls: [last.id])
        }
    }
}

/// A call that was given room for 0 bytes: that it comes back with 0 says nothing about the peer.
enum NothingAsked {
    static func findings(_ run: RunEvidence) -> [Finding] {
        run.calls.compactMap { call in
            guard call.transport == .tcp, call.name.receives, call.room == 0, case .received(0, _) = call.result else {
                return nil
            }
            let sentence: Sentence =
                """
                \(.program(call.end)): \(.call(call)) asked for 0 bytes and so came back with 0: that is no end of \
                stream. The length is to be that of the buffer, not that of the text in it.
                """
            return Finding(.nothingAsked, .warning, sentence, of: call)
        }
    }
}

extension Finding.Kind {
    /// A program read on after the end of the stream.
    static let endOfStreamAgain: Self = "end_of_stream_again"
    /// recv() of 0 bytes.
    static let nothingAsked: Self = "nothing_asked"
}
