/// The formats that a scan's results are written in. To add one: a `ScanWriter` in a file beside this one, a case here,
/// and its option in `ScanCommand`.
public enum ScanFormat: Hashable, Sendable {
    /// The report for people, which nmap writes with -oN.
    case text
    /// nmap's XML (-oX).
    case xml
    /// nmap's grepable form (-oG).
    case grepable
    /// An object a line: a port, a host, the scan.
    case ndjson

    /// Whether people read it, so that colours help.
    public var isForPeople: Bool { self == .text }

    /// What writes this format.
    /// - Parameter isFile: whether the user asked for this report by an option; nmap's files begin with the command.
    public func writer(_ header: ScanHeader, isFile: Bool) -> any ScanWriter {
        switch self {
        case .text: ScanText(header, isFile: isFile)
        case .xml: ScanXML(header)
        case .grepable: ScanGrepable(header)
        case .ndjson: ScanNDJSON(header)
        }
    }
}
