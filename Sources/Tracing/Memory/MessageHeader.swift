/// What sendmsg(2) and recvmsg(2) are given, `struct msghdr` on a 64-bit system:
///
///     offset  0  msg_name        8  msg_namelen (4 bytes, 4 of padding)
///            16  msg_iov        24  msg_iovlen
///            32  msg_control    40  msg_controllen
///            48  msg_flags (4 bytes, 4 of padding)
///
/// sendmmsg(2) and recvmmsg(2) have arrays of it, each with the octets that were moved behind it (`struct mmsghdr`).
struct MessageHeader {
    static let size = 56
    /// `struct mmsghdr`.
    static let stride = 64

    let name: UInt64
    let nameLength: UInt64
    let buffers: [Buffer]
    /// Whether all buffers were read.
    let isWhole: Bool
    let control: Buffer

    init(_ bytes: [UInt8], buffers: (UInt64, UInt64) -> [Buffer]) {
        name = bytes.word(at: 0, size: 8)
        nameLength = bytes.word(at: 8, size: 4)
        control = Buffer(address: bytes.word(at: 32, size: 8), length: bytes.word(at: 40, size: 8))
        let count = bytes.word(at: 24, size: 8)
        self.buffers = buffers(bytes.word(at: 16, size: 8), count)
        isWhole = UInt64(self.buffers.count) == count
    }

    /// Octets in all buffers, or room for them.
    var length: Int? { isWhole ? buffers.size : nil }
}

extension ProgramMemory {
    /// The descriptors that came with a message, unix(7): SCM_RIGHTS among its control data, cmsg(3).
    ///
    ///     offset 0  cmsg_len (8 bytes, itself included)   8  cmsg_level   12  cmsg_type   16  data
    func passedDescriptors(_ message: MessageHeader) -> [Int32] {
        let data = bytes(message.control.address, Int(min(message.control.length, 4096)))
        var found: [Int32] = []
        var start = 0
        while start + 16 <= data.count {
            let length = Int(min(data.word(at: start, size: 8), 4096))
            guard length >= 16, start + length <= data.count else { break }
            // SOL_SOCKET and SCM_RIGHTS are both 1.
            if data.word(at: start + 8, size: 4) == 1, data.word(at: start + 12, size: 4) == 1 {
                found += (0..<(length - 16) / 4).map {
                    Int32(truncatingIfNeeded: data.word(at: start + 16 + 4 * $0, size: 4))
                }
            }
            // Each begins at a multiple of 8.
            start += (length + 7) / 8 * 8
        }
        return found
    }
}
