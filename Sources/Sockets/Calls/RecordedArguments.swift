import Platform

extension MessageFlags {
    /// The flags as an argument of a recorded call; nil where there are none.
    var argument: CallArgument? { contains(.dontWait) ? .symbol("MSG_DONTWAIT") : nil }

    /// What a call that sends so many bytes was asked.
    func arguments(after count: Int) -> CallRequest.Arguments {
        argument.map { .two(.bytes(count), $0) } ?? .one(.bytes(count))
    }
}

extension SocketOptionValue {
    /// The value as an argument of a recorded call.
    var argument: CallArgument {
        let form = self.form
        return form.number.map { .number(Int($0)) } ?? CallArgument(form.text)
    }
}
