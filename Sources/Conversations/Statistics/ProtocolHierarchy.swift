import Packets

/// Which protocols a capture holds, one inside the other, with the packets and bytes of each: Wireshark's protocol
/// hierarchy (`tshark -z io,phs`). A packet counts with its whole length at every layer.
public struct ProtocolHierarchy: Sendable {
    /// A protocol at one place of the hierarchy.
    public struct Node: Sendable {
        /// tshark's name for it.
        public let name: String
        /// 0 for the outermost layers.
        public let depth: Int
        /// Packets that have it there.
        public internal(set) var packets = 0
        /// Their bytes on the wire.
        public internal(set) var bytes: UInt64 = 0
        fileprivate let kind: LayerKind
        fileprivate var children: [Int] = []

        fileprivate init(name: String, depth: Int, kind: LayerKind) {
            self.name = name
            self.depth = depth
            self.kind = kind
        }
    }

    /// A capture can be made to have any number of combinations; beyond these, deeper layers count for the last one
    /// known.
    private static let maximumNodes = 4096
    private var nodes: [Node] = []
    private var roots: [Int] = []

    /// No packet yet.
    public init() {}

    /// Takes a packet's layers and its length on the wire.
    public mutating func take(_ dissection: borrowing Dissection, wireLength: Int) {
        var parent = -1
        // A packet without a link header.
        if let first = dissection.layers.first, first.kind == .ipv4 || first.kind == .ipv6 {
            parent = count(.frame, "raw", in: parent, wireLength)
        }
        for layer in dissection.layers {
            parent = count(layer.kind, nil, in: parent, wireLength)
        }
        // What no protocol claims is one too; an application's own bytes are not.
        if dissection.data != nil {
            _ = count(.data, "data", in: parent, wireLength)
        }
    }

    /// The nodes from the top down, each before what is inside it; among equals the one that was met first comes first.
    public var inOrder: [Node] {
        var list: [Node] = []
        func add(_ indices: [Int]) {
            for index in indices {
                list.append(nodes[index])
                add(nodes[index].children)
            }
        }
        add(roots)
        return list
    }

    private mutating func count(_ kind: LayerKind, _ name: String?, in parent: Int, _ wireLength: Int) -> Int {
        let siblings = parent < 0 ? roots : nodes[parent].children
        var found = siblings.first { nodes[$0].kind == kind } ?? -1
        if found < 0 {
            guard nodes.count < Self.maximumNodes, let name = name ?? FieldCatalog.fields(of: kind)?.name else {
                return parent
            }
            found = nodes.count
            nodes.append(Node(name: name, depth: parent < 0 ? 0 : nodes[parent].depth + 1, kind: kind))
            if parent < 0 { roots.append(found) } else { nodes[parent].children.append(found) }
        }
        nodes[found].packets += 1
        nodes[found].bytes &+= UInt64(max(0, wireLength))
        return found
    }
}
