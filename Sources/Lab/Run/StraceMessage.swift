import Addressing

/// What sendmsg and recvmsg are given: `{msg_name={sa_family=…}, msg_namelen=16, msg_iov=[{iov_base=""..., iov_len=5}],
/// …}`.
struct StraceMessage {
    var peer: Endpoint?
    /// Room or bytes in all buffers; nil where strace left some out.
    var size: Int?

    /// What sendmmsg and recvmmsg say was sent or received: `msg_len=5`.
    var moved: Int?

    init() {}

    /// The messages of sendmmsg and recvmmsg: `[{msg_hdr={msg_name=…}, msg_len=5}, {msg_hdr={…}, msg_len=7}]`.
    static func all(in argument: ArraySlice<UInt8>) -> [StraceMessage] {
        var found: [StraceMessage] = []
        var text = StraceText(argument)
        while let place = text.find("msg_hdr={") {
            text = StraceText(text.rest[(place + 9)...])
            let end = text.find("msg_hdr={") ?? text.rest.endIndex
            var message = StraceMessage(text.rest[..<end])
            let part = StraceText(text.rest[..<end])
            if let length = part.find("msg_len=") {
                var behind = StraceText(part.rest[(length + 8)...])
                message.moved = behind.integer()
            }
            found.append(message)
        }
        return found
    }

    init(_ argument: ArraySlice<UInt8>) {
        peer = StraceAddress.endpoint(in: argument)
        var text = StraceText(argument)
        var sum: Int?
        while let place = text.find("iov_len=") {
            text = StraceText(text.rest[(place + 8)...])
            guard let length = text.integer() else { break }
            let (total, overflow) = (sum ?? 0).addingReportingOverflow(length)
            if overflow { return }
            sum = total
        }
        size = text.find("}, ...]") == nil ? sum : nil
    }
}
