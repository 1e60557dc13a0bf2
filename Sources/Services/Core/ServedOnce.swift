/// What a service says to one message of one client, without any sockets: what a client, and the packets of a demo, are
/// compared with.
public enum ServedOnce {
    /// What the logic answers to the message and the quiet after it.
    public static func answer(of logic: some ServiceLogic, to message: [UInt8]) -> [UInt8] {
        var logic = logic
        var answer = ServiceAnswer()
        logic.connected(&answer)
        logic.received(message.span, &answer)
        if logic.awaitsQuiet { logic.fellQuiet(&answer) }
        return answer.bytes
    }
}
