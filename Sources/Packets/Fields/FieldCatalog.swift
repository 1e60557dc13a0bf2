/// Every field of every protocol, by name.
public enum FieldCatalog {
    /// The protocols with their fields, from the outermost in.
    public static let protocols: [ProtocolFields] = Protocols.all.map { description in
        ProtocolFields(
            description.kind, description.name, description.title, description.fields, parts: description.parts)
    }

    /// A field and the layer that it is read from.
    public struct Entry: Sendable {
        /// The protocol that declares the field.
        public let kind: LayerKind
        /// How the field is read.
        public let field: FieldDefinition
        /// Whether this is the protocol itself, present wherever its layer is.
        public let isProtocol: Bool
    }

    /// All places where a field of this name is declared; empty for an unknown name.
    public static func entries(named name: String) -> [Entry] {
        if let found = byName[name] { return found }
        // Wireshark knows these by their earlier names still.
        for (former, now) in [("ssl", "tls"), ("bootp", "dhcp")] where name == former || name.hasPrefix("\(former).") {
            return byName[now + name.dropFirst(former.count)] ?? []
        }
        return []
    }

    /// The fields of a layer, in the order in which the tree shows them; nil for a layer that has none.
    public static func fields(of kind: LayerKind) -> ProtocolFields? { byKind[Int(kind.rawValue)] }

    /// Every field once, without the protocols themselves, from the outermost in.
    public static let all: [NamedField] = {
        var seen: Set<String> = []
        var found: [NamedField] = []
        for group in protocols {
            for field in group.fields where seen.insert(field.name).inserted {
                if let named = NamedField(field.name) { found.append(named) }
            }
        }
        return found
    }()

    /// Names that may have been meant by an unknown one, the likeliest first, at most `limit`.
    public static func nearest(to name: String, limit: Int = 3) -> [String] {
        let wanted = Array(name.lowercased().utf8)
        let allowed = max(1, min(3, wanted.count / 3))
        var found: [(distance: Int, name: String)] = []
        for candidate in byName.keys {
            let bytes = Array(candidate.utf8)
            if bytes.starts(with: wanted), wanted.last == UInt8(ascii: ".") || wanted.count >= 3 {
                found.append((bytes.count == wanted.count ? 0 : allowed, candidate))
            } else if let distance = EditDistance.between(wanted, bytes, atMost: allowed) {
                found.append((distance, candidate))
            } else if wanted.count >= 3, bytes.suffix(wanted.count + 1).elementsEqual([UInt8(ascii: ".")] + wanted) {
                // The last part alone: srcport for tcp.srcport.
                found.append((allowed, candidate))
            }
        }
        return found.sorted { $0.distance != $1.distance ? $0.distance < $1.distance : $0.name < $1.name }.prefix(limit)
            .map(\.name)
    }

    private static let byName: [String: [Entry]] = {
        var table: [String: [Entry]] = [:]
        for group in protocols {
            table[group.name, default: []].append(Entry(kind: group.kind, field: group.itself, isProtocol: true))
            for field in group.fields {
                table[field.name, default: []].append(Entry(kind: group.kind, field: field, isProtocol: false))
            }
        }
        return table
    }()

    private static let byKind: [ProtocolFields?] = {
        var table = [ProtocolFields?](repeating: nil, count: Int(UInt8.max) + 1)
        for group in protocols where table[Int(group.kind.rawValue)] == nil { table[Int(group.kind.rawValue)] = group }
        return table
    }()
}

extension ProtocolFields {
    /// The protocol as a field: its layer's bytes, header and payload.
    var itself: FieldDefinition {
        FieldDefinition(name, .presence, title) { context, values in
            values.append(.bytes(start: context.layer.start, end: context.layer.end))
        }
    }
}
