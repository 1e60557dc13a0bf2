import Lab
import Sockets
import SystemPackage

/// What a demo's client is to send, byte for byte as it was given.
enum DemoMessage {
    /// The value of an option as bytes. Swift's arguments have U+FFFD for whatever is no UTF-8, and that is not what
    /// was given.
    ///
    /// - Parameter shown: the value as Swift's arguments have it.
    static func bytes(ofOption name: String, shown: String) -> [UInt8] {
        let arguments = ProcessLaunch.ownArguments
        for (index, argument) in arguments.enumerated().reversed() {
            let value: [UInt8]
            if argument.elementsEqual(name.utf8), index + 1 < arguments.count {
                value = arguments[index + 1]
            } else if argument.starts(with: "\(name)=".utf8) {
                value = Array(argument.dropFirst(name.utf8.count + 1))
            } else {
                continue
            }
            if String(decoding: value, as: UTF8.self) == shown { return value }
        }
        return Array(shown.utf8)
    }

    /// The content of a file; `-` is standard input.
    static func content(of path: String) throws(CommandFailure) -> [UInt8] {
        let name = path == "-" ? "standard input" : path
        do {
            let descriptor =
                path == "-" ? FileDescriptor.standardInput : try FileDescriptor.open(FilePath(path), .readOnly)
            defer { if path != "-" { try? descriptor.close() } }
            var content: [UInt8] = []
            var block = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try StandardStreams.read(descriptor, into: &block)
                if count == 0 { break }
                content += block.prefix(count)
                if content.count > DemoSettings.byteLimit {
                    throw CommandFailure(
                        "\(name): more than \(DemoSettings.byteLimit >> 20) MiB, the most that a demo sends")
                }
            }
            if content.isEmpty { throw CommandFailure("\(name): empty, there would be nothing to send") }
            return content
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(name): cannot be read: \(error)")
        }
    }
}
