/// TLS's numbers by name (IANA "Transport Layer Security (TLS) Parameters").
enum TLSNames {
    static func contentType(_ number: UInt64) -> StaticString? {
        switch number {
        case 20: "Change Cipher Spec"
        case 21: "Alert"
        case 22: "Handshake"
        case 23: "Application Data"
        case 24: "Heartbeat"
        default: nil
        }
    }

    static func handshake(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "Hello Request"
        case 1: "Client Hello"
        case 2: "Server Hello"
        case 3: "Hello Verify Request"
        case 4: "New Session Ticket"
        case 5: "End Of Early Data"
        case 6: "Hello Retry Request"
        case 8: "Encrypted Extensions"
        case 11: "Certificate"
        case 12: "Server Key Exchange"
        case 13: "Certificate Request"
        case 14: "Server Hello Done"
        case 15: "Certificate Verify"
        case 16: "Client Key Exchange"
        case 20: "Finished"
        case 21: "Certificate URL"
        case 22: "Certificate Status"
        case 23: "Supplemental Data"
        case 24: "Key Update"
        case 25: "Compressed Certificate"
        default: nil
        }
    }

    static func version(_ number: UInt64) -> StaticString? {
        switch number {
        case 0x0300: "SSL 3.0"
        case 0x0301: "TLS 1.0"
        case 0x0302: "TLS 1.1"
        case 0x0303: "TLS 1.2"
        case 0x0304: "TLS 1.3"
        default: nil
        }
    }

    static func alertLevel(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "Warning"
        case 2: "Fatal"
        default: nil
        }
    }

    static func alert(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "Close Notify"
        case 10: "Unexpected Message"
        case 20: "Bad Record MAC"
        case 22: "Record Overflow"
        case 40: "Handshake Failure"
        case 42: "Bad Certificate"
        case 43: "Unsupported Certificate"
        case 44: "Certificate Revoked"
        case 45: "Certificate Expired"
        case 46: "Certificate Unknown"
        case 47: "Illegal Parameter"
        case 48: "Unknown CA"
        case 49: "Access Denied"
        case 50: "Decode Error"
        case 51: "Decrypt Error"
        case 70: "Protocol Version"
        case 71: "Insufficient Security"
        case 80: "Internal Error"
        case 86: "Inappropriate Fallback"
        case 90: "User Canceled"
        case 109: "Missing Extension"
        case 110: "Unsupported Extension"
        case 112: "Unrecognized Name"
        case 116: "Certificate Required"
        case 120: "No Application Protocol"
        default: nil
        }
    }
}
