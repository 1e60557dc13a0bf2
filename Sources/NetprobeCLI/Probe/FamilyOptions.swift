import ArgumentParser
import Sockets

/// `-4` and `-6`.
struct FamilyOptions: ParsableArguments {
    @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "IPv4 only.")
    var ipv4 = false

    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "IPv6 only.")
    var ipv6 = false

    func validate() throws {
        if ipv4 && ipv6 { throw ValidationError("-4 and -6 exclude each other; leave both out for both families.") }
    }

    /// nil: both.
    var family: AddressFamily? { ipv4 ? .ipv4 : ipv6 ? .ipv6 : nil }
}
