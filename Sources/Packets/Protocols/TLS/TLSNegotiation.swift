/// What a server's answer settles for the records behind it.
///
/// From then on TLS 1.3 sends whatever it is as "application data": the type that a record shows is opaque, the real
/// one is encrypted (RFC 8446 section 5.2). Which version it is only the Server Hello says, so whoever wants to know
/// keeps it.
public enum TLSNegotiation {
    static let version13: UInt16 = 0x0304
    static let applicationData: UInt8 = 23

    /// Whether a layer of TLS records has a Server Hello that chooses TLS 1.3.
    public static func choosesVersion13(_ layer: LayerRange, _ record: RawSpan) -> Bool {
        var records = TLSRecords(record, layer)
        while let found = records.next(record) {
            if choosesVersion13(found, record) { return true }
        }
        return false
    }

    static func choosesVersion13(_ found: TLSRecords.Record, _ bytes: RawSpan) -> Bool {
        var messages = TLSHandshakes(found)
        while let message = messages.next(bytes) {
            guard message.type == TLSHandshakes.serverHello else { continue }
            if TLSHello(bytes, message)?.supportedVersion(bytes) == version13 { return true }
        }
        return false
    }
}
