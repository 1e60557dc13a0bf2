import Diagnosis
import Lab
import Rendering
import Sockets
import Timeline

/// What strace wrote, or somebody's program made it write. Any pieces give the same calls, and every call can be kept
/// and drawn.
enum StraceTarget {
    static func run(_ input: [UInt8]) throws(FuzzFinding) {
        var trace = StraceTrace()
        trace.take(input)
        let calls = trace.calls(of: .client)
        try require(calls.count <= input.split(separator: 10).count, "\(calls.count) calls in fewer lines")

        var pieces = StraceTrace()
        let size = 1 + Int(input.first ?? 0) % 61
        var start = 0
        while start < input.count {
            pieces.take(input[start..<min(start + size, input.count)])
            start += size
        }
        try require(pieces.calls(of: .client) == calls, "pieces of \(size) bytes give other calls")
        try require(
            pieces.unreadableLines == trace.unreadableLines, "pieces of \(size) bytes have other unreadable lines")

        for call in calls {
            let text = SocketCallComment(call, .nearest).text
            try require(SocketCallComment(text)?.call == call, "\"\(text)\" is not read back")
        }
        let check = TextCheck()
        var out = check.buffer(small: input.count & 1 == 1)
        LadderText(columns: 80).write(Scene(calls: calls), to: &out)
        for failure in CallFailure.all(of: calls, packets: []) {
            out.append(text: SentenceText.text(failure.finding.sentence) + "\n")
        }
        try check.check("ladder", &out)
    }
}
