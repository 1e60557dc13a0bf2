/// A certificate, read in place (RFC 5280 section 4.1).
///
///     Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature }
///     TBSCertificate ::= SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject,
///                                   subjectPublicKeyInfo, …, [3] extensions }
struct X509Certificate {
    /// 0 for version 1, 2 for version 3.
    let version: UInt8
    let serialNumber: Range<Int>
    /// The elements of the names: a set for each part.
    let issuer: DERElements
    let subject: DERElements
    /// An element for each extension.
    let extensions: DERElements

    /// nil where the bytes are no certificate, or not all of it is here.
    init?(_ bytes: RawSpan, _ range: Range<Int>) {
        var outer = DERElements(range)
        guard let certificate = outer.next(bytes, tag: DERElement.sequence) else { return nil }
        var parts = certificate.elements
        guard let signed = parts.next(bytes, tag: DERElement.sequence) else { return nil }
        var fields = signed.elements
        var version: UInt8 = 0
        if let tagged = fields.next(bytes, tag: DERElement.context(0, isConstructed: true)) {
            var inner = tagged.elements
            if let number = inner.next(bytes, tag: DERElement.integer), number.content.count == 1 {
                version = bytes.uint8(at: number.content.lowerBound)
            }
        }
        self.version = version
        guard let serial = fields.next(bytes, tag: DERElement.integer),
            fields.next(bytes, tag: DERElement.sequence) != nil,
            let issuer = fields.next(bytes, tag: DERElement.sequence),
            fields.next(bytes, tag: DERElement.sequence) != nil,
            let subject = fields.next(bytes, tag: DERElement.sequence)
        else { return nil }
        (serialNumber, self.issuer, self.subject) = (serial.content, issuer.elements, subject.elements)
        var extensions = DERElements(0..<0)
        while let element = fields.next(bytes) {
            guard element.tag == DERElement.context(3, isConstructed: true) else { continue }
            var inner = element.elements
            if let list = inner.next(bytes, tag: DERElement.sequence) { extensions = list.elements }
        }
        self.extensions = extensions
    }

    /// A part of a name: what it is, and how it reads.
    struct Attribute {
        /// The object identifier's content.
        let type: Range<Int>
        let value: DERElement
    }

    /// Hands out the parts of the issuer's name, then of the subject's.
    func eachAttribute(_ bytes: RawSpan, _ body: (Attribute) -> Void) {
        for name in [issuer, subject] {
            var sets = name
            while let set = sets.next(bytes, tag: DERElement.set) {
                var attributes = set.elements
                while let attribute = attributes.next(bytes, tag: DERElement.sequence) {
                    var parts = attribute.elements
                    guard let type = parts.next(bytes, tag: DERElement.objectIdentifier), let value = parts.next(bytes)
                    else { continue }
                    body(Attribute(type: type.content, value: value))
                }
            }
        }
    }

    /// Hands out the DNS names that the certificate is for (RFC 5280 section 4.2.1.6).
    func eachDNSName(_ bytes: RawSpan, _ body: (Range<Int>) -> Void) {
        var list = extensions
        while let element = list.next(bytes, tag: DERElement.sequence) {
            var parts = element.elements
            guard let type = parts.next(bytes, tag: DERElement.objectIdentifier),
                Self.isAttribute(type.content, 29, 17, bytes)
            else { continue }
            _ = parts.next(bytes, tag: DERElement.boolean)
            guard let value = parts.next(bytes, tag: DERElement.octetString) else { continue }
            var inner = value.elements
            guard let names = inner.next(bytes, tag: DERElement.sequence) else { continue }
            var walk = names.elements
            while let name = walk.next(bytes) {
                if name.tag == DERElement.context(2) { body(name.content) }
            }
        }
    }

    /// Whether an object identifier is 2.5.`arc`.`number`: of an attribute of a name (4) or of an extension (29).
    static func isAttribute(_ type: Range<Int>, _ arc: UInt8, _ number: UInt8, _ bytes: RawSpan) -> Bool {
        type.count == 3 && bytes.uint8(at: type.lowerBound) == 0x55 && bytes.uint8(at: type.lowerBound &+ 1) == arc
            && bytes.uint8(at: type.lowerBound &+ 2) == number
    }
}
