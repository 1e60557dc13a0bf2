import ArgumentParser
import Sockets
import SystemPackage

/// `--color`: when output is coloured.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
    case auto
    case always
    case never

    /// `auto` colours a terminal unless NO_COLOR is set to anything (https://no-color.org) or the terminal is dumb.
    func isOn(for descriptor: FileDescriptor) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            if let value = environmentVariable("NO_COLOR"), !value.isEmpty { return false }
            return environmentVariable("TERM") != "dumb" && StandardStreams.isTerminal(descriptor)
        }
    }
}
