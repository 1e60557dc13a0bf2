import Foundation
import Testing

/// What a test needs of the machine that it runs on.
public enum Need: Sendable, CustomStringConvertible {
    /// An ordinary user may make a network namespace.
    case namespaces
    /// A program is installed.
    case program(String)

    public static let strace = Need.program("strace")
    public static let tshark = Need.program("tshark")
    public static let python = Need.program("python3")

    public var description: String {
        switch self {
        case .namespaces: "user namespaces"
        case .program(let name): name
        }
    }

    /// Whether this machine has it.
    public var isMet: Bool {
        switch self {
        case .namespaces: Self.hasNamespaces
        case .program(let name): (try? Netprobe.execute(["which", name]))?.status == 0
        }
    }

    private static let hasNamespaces = (try? Netprobe.execute(["unshare", "-Urn", "true"]))?.status == 0
}

/// A need that a machine does not meet, where everything must run.
struct UnmetNeed: Error, CustomStringConvertible {
    let description: String
}

extension Trait where Self == ConditionTrait {
    /// Leaves a test out, and says so, where the machine lacks what it needs. With CI=true that is a failure: there
    /// everything must run.
    public static func needs(_ needs: Need...) -> Self {
        let names = needs.map(\.description).joined(separator: " and ")
        return .enabled("needs \(names)") {
            guard let missing = needs.first(where: { !$0.isMet }) else { return true }
            FileHandle.standardError.write(Data("*** NOT CHECKED ON THIS MACHINE: a test needs \(missing)\n".utf8))
            if ProcessInfo.processInfo.environment["CI"] == "true" {
                throw UnmetNeed(description: "not checked: this machine has no \(missing)")
            }
            return false
        }
    }
}
