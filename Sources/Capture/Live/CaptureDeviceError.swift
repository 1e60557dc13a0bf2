import Text

/// Why a device cannot be captured on, or what about it is not as asked for. From libpcap's PCAP_ERROR_… and
/// PCAP_WARNING_….
public struct CaptureDeviceError: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case noSuchDevice
        case permissionDenied
        case interfaceNotUp
        /// Promiscuous mode needs rights that plain capture does not.
        case promiscuousDenied
        /// The filter does not compile, or not for this link type.
        case filter
        /// The device vanished or went down while it was captured on.
        case disappeared
        /// Whatever else libpcap says.
        case other
    }

    public let kind: Kind
    /// The device, or the filter that does not compile.
    public let subject: String
    /// What is wrong and what to do, without the subject.
    public let message: String

    public init(kind: Kind, subject: String, message: String) {
        self.kind = kind
        self.subject = subject
        self.message = message
    }
}

extension CaptureDeviceError: CustomStringConvertible {
    /// One line, safe for a terminal.
    public var description: String { "\(subject.escapedForDisplay): \(message.escapedForDisplay)" }
}

/// What was not possible as asked, though the capture runs.
public struct CaptureWarning: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable { case promiscuousUnsupported, timestampTypeUnsupported, other }

    public let kind: Kind
    public let device: String
    public let message: String

    public var description: String { "\(device.escapedForDisplay): \(message.escapedForDisplay)" }
}
