import Conversations

/// What is said beside a number of packets of which some were captured twice.
enum CopiesText {
    /// `, 9 of them copies`; nothing where there are none.
    static func text(_ copied: CopiedPackets) -> String {
        switch copied.packets {
        case 0: ""
        case 1: ", one of them a copy"
        default: ", \(copied.packets) of them copies"
        }
    }
}
