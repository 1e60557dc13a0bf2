/// What a service says to one message of one client, without any sockets: what a client, and the packets of a demo, are
/// compared with.
public enum ServedOnce {
    public static func answer(of logic: some ServiceLogic, to message: [UInt8]) -> [UInt8] {
        var logic = logic
        var answer = ServiceAnswer()
        logic.connected(&answer)
        logic.received(message.span, &answer)
        if logic.awaitsQuiet { logic.fellQuiet(&answer) }
        return answer.bytes
    }
}

extension CourseService {
    /// What the server answers to a message, an empty one for a client that sends nothing; nil where it answers
    /// nothing, or what it answers depends on more than the message.
    public func answer(to message: [UInt8]) -> [UInt8]? {
        switch self {
        case .tcpEcho, .udpEcho, .unixEcho: message
        case .upperTCP: ServedOnce.answer(of: Messages(reply: Uppercase.reply), to: message)
        case .upperUDP: ServedOnce.answer(of: UppercaseDatagrams(), to: message)
        case .adder: ServedOnce.answer(of: Messages(reply: Adder.reply), to: message)
        case .greeting: ServedOnce.answer(of: Greeting(), to: message)
        case .sixteen: ServedOnce.answer(of: Sixteen(), to: message)
        case .udpLength, .udpBackoff: ServedOnce.answer(of: DatagramLength(), to: message)
        case .udpSink, .textStore, .file, .chat: nil
        }
    }
}
