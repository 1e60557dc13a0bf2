/// How the client of a service asks, and what it takes for a right answer.
public enum ClientForm: Hashable, Sendable {
    /// What comes back must be what was sent.
    case echo
    /// All messages go over one connection, and each is answered by as many lines as it has.
    case lines
    /// A connection for each message; the answer ends with the stream.
    ///
    /// - Parameter size: how many octets a message must have.
    case connectionEach(size: Int)
    /// It sends nothing: the server speaks first, and closes.
    case listening
    /// Each message is a datagram, and so is its answer.
    case datagrams
    /// Datagrams that nobody answers.
    case oneWay
    /// As `datagrams`, each sent again with growing waits until it is answered.
    case retried
    /// A program of its own.
    case dialogue(ClientDialogue)

    /// The options that the form adds to those of the transport.
    var options: Set<ClientOption> {
        switch self {
        case .echo, .datagrams: [.timeout]
        case .lines, .connectionEach, .listening: [.timeout, .limit]
        // What goes one way is not answered, and retrying has waits of its own.
        case .oneWay, .retried: []
        case .dialogue(let dialogue): dialogue.options
        }
    }
}

/// Clients that talk with their server at some length: each is a program of its own.
public enum ClientDialogue: Hashable, Sendable {
    /// Retrieves and replaces the server's text, from the command line or a menu.
    case textStore
    /// Gets a file, goes on where it was cut off, and checks it.
    case file
    /// Standard input goes to the room, and the room's lines come to standard output.
    case chat

    fileprivate var options: Set<ClientOption> {
        switch self {
        case .textStore: [.timeout, .limit]
        case .file: [.timeout, .list, .output]
        case .chat: [.timeout, .name]
        }
    }
}
