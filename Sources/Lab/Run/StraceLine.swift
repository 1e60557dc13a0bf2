import Addressing

/// One line of what `strace -f` writes, taken apart but not yet understood:
///
///     27690 1763708400.465361244 sendto(3<TCP:[127.0.0.1:1->127.0.0.1:2]>, ""..., 5, 0, NULL, 0) = 5 <0.000422117>
///
/// Also in two pieces, where another thread came in between:
///
///     27690 1763708400.465361244 sendto(3<TCP:[…]>, ""..., 5, 0, NULL, 0 <unfinished ...>
///     27690 1763708400.466042117 <... sendto resumed>) = 5 <0.000680873>
///
/// The text may have been written by anyone's program; what is not as it should be is nil, and nothing traps.
struct StraceLine: Equatable {
    let thread: Int32
    let time: Timestamp
    let event: Event

    enum Event: Equatable {
        /// The whole text of a call, from its name to its duration.
        case call(ArraySlice<UInt8>)
        /// The text up to where it was interrupted.
        case unfinished(ArraySlice<UInt8>)
        /// What belongs behind it.
        case resumed(ArraySlice<UInt8>)
        /// The thread ended: `+++ exited with 0 +++`, `+++ killed by SIGKILL +++`.
        case ended
        /// A signal, or something newer than this parser.
        case other
    }

    /// Reads a line without its newline.
    init?(_ line: ArraySlice<UInt8>) {
        var text = StraceText(line)
        // Without -o, strace writes `[pid 27690] `, and nothing at all where there is only one thread.
        if text.take("[pid ") {
            text.skipSpaces()
            guard let number = text.integer(), let id = Int32(exactly: number), id > 0, text.take("]") else {
                return nil
            }
            thread = id
            text.skipSpaces()
        } else {
            let start = text
            guard let number = text.integer() else { return nil }
            if text.take(" ") {
                guard let id = Int32(exactly: number), id > 0 else { return nil }
                thread = id
                text.skipSpaces()
            } else {
                // A time at once: the only thread of a program that strace was attached to.
                thread = 0
                text = start
            }
        }
        guard let time = text.seconds(), text.take(" ") else { return nil }
        self.time = time
        if text.take("+++ ") {
            event = .ended
        } else if text.take("<... ") {
            guard let end = text.find(" resumed>") else { return nil }
            event = .resumed(text.rest[end...].dropFirst(9))
        } else if text.take("--- ") {
            event = .other
        } else if text.rest.ends(with: "<unfinished ...>") {
            event = .unfinished(text.rest.dropLast(16))
        } else {
            event = .call(text.rest)
        }
    }
}

/// A whole call as strace writes it: name, arguments, result, duration.
struct StraceCall: Equatable {
    let name: String
    let arguments: [ArraySlice<UInt8>]
    let result: Result
    /// Behind the result, in parentheses: what a waiting call found (`Timeout`, `[{fd=3, revents=POLLIN}]`, `out [4]`).
    let note: ArraySlice<UInt8>
    /// In nanoseconds.
    let duration: Int64?

    enum Result: Equatable {
        /// `?`: it never returned to its program.
        case unknown
        /// `?` with a name: interrupted by a signal, to be started again or not.
        case interrupted(String)
        case failed(String)
        case value(Int, StraceDescriptor?)
    }

    /// Reads the text of a call, of which the end may be missing: then the result is unknown.
    init?(_ bytes: ArraySlice<UInt8>) {
        var text = StraceText(bytes)
        guard let name = text.word(), text.take("(") else { return nil }
        self.name = name
        guard let arguments = text.arguments() else { return nil }
        self.arguments = arguments
        guard text.take(")") else {
            (result, note, duration) = (.unknown, [], nil)
            return
        }
        text.skipSpaces()
        guard text.take("=") else {
            (result, note, duration) = (.unknown, [], nil)
            return
        }
        text.skipSpaces()
        if text.take("?") {
            text.skipSpaces()
            result = text.word().map { .interrupted($0) } ?? .unknown
        } else if text.take("-1 "), let errno = text.word() {
            result = .failed(errno)
        } else if let value = text.integer() {
            result = .value(
                value, text.decoration().map { StraceDescriptor(number: Int32(truncatingIfNeeded: value), $0) })
        } else {
            result = .unknown
        }
        (note, duration) = text.noteAndDuration()
    }
}
