import Addressing

/// A socket call as a comment in a pcapng file (the `opt_comment` of an Enhanced Packet Block, without packets of the
/// Section Header Block): one line that Wireshark's users can read and `netprobe ladder` reads back without loss.
///
///     netprobe call 7 client: connect(3, 127.0.0.1:65432) = 0; start 1763708400.303981123;
///     return 1763708400.304042001; tcp 127.0.0.1:43210 > 127.0.0.1:65432; caused this packet
///
/// (on one line, with single spaces). The grammar, in EBNF ({} repeats, [] may be missing), spaces being literal:
///
///     comment    = "netprobe call " integer " " word ": " call " = " result
///                  "; start " time [ "; return " time [ "; running until " time ] ]
///                  "; " word " " ( endpoint | "*" ) " > " ( endpoint | "*" ) "; " relation
///     call       = word "(" [ argument { ", " argument } ] ")"
///     result     = "?"                                      (never returned)
///                | integer                                  (a plain value)
///                | integer " accepted " endpoint            (accept: new descriptor, who connected)
///                | integer " bytes" [ " from " endpoint ]   (received)
///                | "-1 " word " (" integer ")"              (errno's name and number)
///     relation   = "caused this packet" | "caused by this packet" | "nearest packet" | "no packet"
///     time       = [ "-" ] digits "." 9digit                (seconds since 1970 UTC)
///     endpoint   = IPv4 ":" port | "[" IPv6 [ "%" scope ] "]" ":" port
///     argument   = plain | quoted
///     plain      = printable ASCII without  " \ , ( ) ;  that neither starts nor ends with a space
///     word       = letters, digits, "_", ".", "/" and "-", at least one | quoted
///     quoted     = """ { character | "\\" | "\"" | "\u{" hex "}" } """
///
/// Words are in this order: end, the call's name, transport. The pair is the socket's own address, then the peer's,
/// whichever way bytes went; `*` is "none". The first argument is the descriptor if it is a plain integer; text that
/// merely looks like one is quoted there. Quoted is only what cannot stand plain, so that every call has exactly one
/// spelling; the parser takes that one and nothing else.
///
/// The order: Wireshark cuts a comment off on the right, so what a reader looks for stands first (who, which call,
/// what came of it), what a program needs last. Several calls on one packet are several comments, by ascending id. A
/// pcapng option holds 65,535 bytes: more than a recorded call ever has; who brings longer arguments shortens them.
public struct SocketCallComment: Hashable, Sendable {
    /// The call.
    public var call: SocketCall
    /// What the packet that carries the comment has to do with it.
    public var relation: Relation

    /// A comment for a packet that has to do with the call.
    public init(_ call: SocketCall, _ relation: Relation) {
        self.call = call
        self.relation = relation
    }

    /// What the packet that carries the comment has to do with the call.
    public enum Relation: String, Hashable, Sendable, CaseIterable {
        /// The packet left because of the call.
        case caused = "caused this packet"
        /// The call returned because the packet arrived (`recv`, `accept`).
        case causedBy = "caused by this packet"
        /// The call caused no packet (`socket`, `bind`, `listen`); this one is next to it in time.
        case nearest = "nearest packet"
        /// Nothing was captured: the comment is the section's.
        case noPacket = "no packet"
    }

    /// How every such comment begins, and no other: what begins so and does not parse is damaged.
    public static let prefix = "netprobe call "

    /// Writes the comment.
    public var text: String {
        var writer = CommentWriter()
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Reads a comment; nil for every other text, however odd.
    public init?(_ text: String) {
        guard text.utf8.starts(with: Self.prefix.utf8) else { return nil }
        var parser = CommentParser(text)
        // Strictness in one place: a text is accepted if writing what was read gives the same bytes again.
        guard let comment = parser.comment(), parser.isAtEnd, comment.text.utf8.elementsEqual(text.utf8) else {
            return nil
        }
        self = comment
    }
}

/// The one division of characters that writer and parser share.
enum CommentSyntax {
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 95, 46, 47, 45: true
        default: false
        }
    }

    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 34, 40, 41, 44, 59, 92: false
        default: (0x20...0x7e).contains(byte)
        }
    }

    /// Whether the text is an Int32 in its only decimal spelling.
    static func isDescriptor(_ text: String) -> Bool { Int32(text).map { String($0) == text } ?? false }
}
