/// The fields of certificates, wherever a protocol carries them: under Wireshark's names, which are those of the ASN.1
/// modules.
enum X509Fields {
    /// Hands out where the certificates of a layer lie.
    typealias Certificates = @Sendable (borrowing LayerContext, (Range<Int>) -> Void) -> Void

    static func all(in certificates: @escaping Certificates) -> [FieldDefinition] {
        func field(
            _ name: String, _ type: FieldType, _ meaning: String,
            _ read: @escaping @Sendable (X509Certificate, borrowing RawSpan, inout FieldValues) -> Void
        ) -> FieldDefinition {
            FieldDefinition(name, type, meaning) { context, values in
                for range in ranges(of: certificates, context) {
                    if let certificate = X509Certificate(context.record, range) {
                        read(certificate, context.record, &values)
                    }
                }
            }
        }
        /// Strings of the names. Of country, serial number and qualifier Wireshark has fields of their own.
        func string(_ tag: UInt8, _ name: String, _ meaning: String) -> FieldDefinition {
            field(name, .text, meaning) { certificate, bytes, values in
                for attribute in attributes(of: certificate, bytes) where attribute.value.tag == tag {
                    let isOther = [5, 6, 46].contains { number in
                        X509Certificate.isAttribute(attribute.type, 4, number, bytes)
                    }
                    if !isOther { values.append(.text(attribute.value.content)) }
                }
            }
        }
        return [
            field("x509af.version", .unsigned(bits: 8), "Certificate's version, from 0") { certificate, _, values in
                values.append(.unsigned(UInt64(certificate.version)))
            },
            field("x509af.serialNumber", .bytes, "Certificate's serial number") { certificate, _, values in
                values.append(.bytes(certificate.serialNumber))
            },
            string(DERElement.utf8String, "x509sat.uTF8String", "Part of a name"),
            string(DERElement.printableString, "x509sat.printableString", "Part of a name"),
            field("x509sat.CountryName", .text, "Country of a name") { certificate, bytes, values in
                for attribute in attributes(of: certificate, bytes)
                where X509Certificate.isAttribute(attribute.type, 4, 6, bytes) {
                    values.append(.text(attribute.value.content))
                }
            },
            field("x509ce.dNSName", .text, "Name that the certificate is for") { certificate, bytes, values in
                var names: [Range<Int>] = []
                certificate.eachDNSName(bytes) { names.append($0) }
                for name in names { values.append(.text(name)) }
            },
        ]
    }

    private static func ranges(of certificates: Certificates, _ context: borrowing LayerContext) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        certificates(context) { ranges.append($0) }
        return ranges
    }

    private static func attributes(
        of certificate: X509Certificate, _ bytes: borrowing RawSpan
    ) -> [X509Certificate.Attribute] {
        var attributes: [X509Certificate.Attribute] = []
        certificate.eachAttribute(bytes) { attributes.append($0) }
        return attributes
    }
}
