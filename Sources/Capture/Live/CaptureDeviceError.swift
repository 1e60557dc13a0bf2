import Text

/// Why a device cannot be captured on, from libpcap's PCAP_ERROR_… and PCAP_WARNING_….
public struct CaptureDeviceError: Error, Hashable, Sendable {
    /// What can be wrong.
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
        /// Anything else that libpcap reports.
        case other
    }

    /// What is wrong.
    public let kind: Kind
    /// The device, or the filter that does not compile.
    public let subject: String
    /// What is wrong and what to do, without the subject.
    public let message: String

    /// An error about a device or a filter.
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
    /// What may not be possible on a device although the capture runs.
    public enum Kind: Hashable, Sendable { case promiscuousUnsupported, timestampTypeUnsupported, other }

    /// What was not possible.
    public let kind: Kind
    /// The name of the device.
    public let device: String
    /// libpcap's words.
    public let message: String

    public var description: String { "\(device.escapedForDisplay): \(message.escapedForDisplay)" }
}
