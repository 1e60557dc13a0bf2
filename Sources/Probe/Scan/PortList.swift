import Addressing

/// A list of ports as nmap's `-p` takes it, in order and without repetitions.
public struct PortList: Hashable, Sendable {
    /// In ascending order, each once.
    public let ports: [Port]

    /// Ports in any order.
    public init(_ ports: some Sequence<Port>) {
        var wanted = [Bool](repeating: false, count: 65536)
        for port in ports { wanted[Int(port.rawValue)] = true }
        self.ports = (UInt16.min...UInt16.max).filter { wanted[Int($0)] }.map { Port($0) }
    }

    /// Reads `22,80,1-1024`, `-100` (up to), `60000-` (from), `-` (1 to 65535), `ssh`, `http*`, `T:80`.
    public init(_ text: some StringProtocol) throws(ScanTextError) {
        var ports: [Port] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            var part = part.drop { $0 == " " }
            while part.last == " " { part.removeLast() }
            if part.hasPrefix("T:") || part.hasPrefix("t:") { part = part.dropFirst(2) }
            if part.hasPrefix("U:") || part.hasPrefix("u:") {
                throw ScanTextError("'\(part)': only TCP ports can be scanned")
            }
            if part.isEmpty { throw ScanTextError("a port is missing in '\(text)'") }
            if let range = try Self.range(part) {
                ports += range.map { Port($0) }
            } else {
                let named = PortNames.ports(named: part)
                if named.isEmpty { throw ScanTextError("no port and no service is called '\(part)'") }
                ports += named
            }
        }
        self.init(ports)
    }

    /// `22-80`, `-80`, `22-`, `-`, `22`; nil for what does not look like numbers.
    private static func range(_ part: some StringProtocol) throws(ScanTextError) -> ClosedRange<UInt16>? {
        guard part.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }) else { return nil }
        let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2 else { throw ScanTextError("'\(part)' is no range of ports") }
        func number(_ text: some StringProtocol, _ otherwise: UInt16) throws(ScanTextError) -> UInt16 {
            if text.isEmpty { return otherwise }
            guard let value = UInt16(text) else { throw ScanTextError("'\(text)' is no port: they go from 0 to 65535") }
            return value
        }
        let first = try number(ends[0], 1)
        let last = ends.count == 1 ? first : try number(ends[1], 65535)
        guard first <= last else { throw ScanTextError("'\(part)': the range goes backwards") }
        return first...last
    }
}

/// What is wrong with a list of ports or with a target.
public struct ScanTextError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension PortList: CustomStringConvertible {
    /// As nmap writes it: `1-10,22`.
    public var description: String { Self.text(of: ports) }

    /// Ports in order, neighbours folded into ranges: `1-10,22`.
    public static func text(of ports: some Sequence<Port>) -> String {
        var text = ""
        var run: ClosedRange<UInt16>?
        func close() {
            guard let run else { return }
            if !text.isEmpty { text += "," }
            text += run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)-\(run.upperBound)"
        }
        for port in ports {
            if let current = run, current.upperBound < .max, current.upperBound + 1 == port.rawValue {
                run = current.lowerBound...port.rawValue
            } else {
                close()
                run = port.rawValue...port.rawValue
            }
        }
        close()
        return text
    }
}
