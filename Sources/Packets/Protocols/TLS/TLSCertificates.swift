/// Where the certificates of a layer's Certificate messages lie.
///
/// Up to TLS 1.2 each has a length of three bytes before it, in a list with a length of three bytes (RFC 5246 section
/// 7.4.2). In TLS 1.3 they are encrypted.
enum TLSCertificates {
    static func forEach(in context: borrowing LayerContext, _ body: (Range<Int>) -> Void) {
        let bytes = context.record
        var records = TLSRecords(bytes, context.layer)
        while let record = records.next(bytes), record.contentType != TLSRecords.changeCipherSpec {
            var messages = TLSHandshakes(record)
            while let message = messages.next(bytes) {
                guard message.type == TLSHandshakes.certificate else { continue }
                var position = message.body.lowerBound &+ 3
                while position &+ 3 <= message.body.upperBound {
                    let length = Int(bytes.uint8(at: position)) << 16 | Int(bytes.uint16(at: position &+ 1))
                    let range = position &+ 3..<position &+ 3 &+ length
                    guard range.upperBound <= message.body.upperBound else { return }
                    body(range)
                    position = range.upperBound
                }
            }
        }
    }
}
