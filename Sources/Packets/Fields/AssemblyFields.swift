/// The fields that say what a datagram or message was put together from. They stand in the layer that carried the last
/// part, and nowhere else: `ip.fragment` and its like, under Wireshark's names.
enum AssemblyFields {
    /// - Parameters:
    ///   - part: the name of a part: `ip.fragment`; what is odd about one has names that begin so.
    ///   - parts: the name of the whole list: `ip.fragments`.
    ///   - whole: what the names of the whole begin with: `ip.reassembled`.
    ///   - noun: what a part is called.
    ///   - needs: what has to be known of the packet.
    static func of(
        part: String, parts: String, whole: String, noun: String, needs: FieldNeeds = []
    ) -> [FieldDefinition] {
        func remark(_ name: String, _ remarks: AssembledPart.Remarks, _ meaning: String) -> FieldDefinition {
            FieldDefinition(part + "." + name, .boolean, meaning, needs: needs) { context, values in
                guard let list = AssembledParts(of: context.layer, in: context.record) else { return }
                for index in 0..<list.count where !list[index].remarks.isDisjoint(with: remarks) {
                    values.append(.boolean(true))
                }
            }
        }
        func bytes(_ name: String, _ meaning: String) -> FieldDefinition {
            FieldDefinition(name, .bytes, meaning, needs: needs) { context, values in
                guard let list = AssembledParts(of: context.layer, in: context.record) else { return }
                let end = context.layer.assembly
                values.append(.bytes(start: end &- Int32(clamping: list.length), end: end))
            }
        }
        return [
            bytes(parts, "Bytes of all \(noun)s together").hidden,
            FieldDefinition(part, .unsigned(bits: 32), "Packet with a \(noun)", needs: needs) { context, values in
                guard let list = AssembledParts(of: context.layer, in: context.record) else { return }
                for index in 0..<list.count { values.append(.unsigned(UInt64(list[index].packet))) }
            },
            remark("overlap", .overlap, "A \(noun) has bytes that came before"),
            remark("overlap.conflict", .conflict, "A \(noun) has other bytes than those that came before"),
            remark("multipletails", .otherEnd, "Two \(noun)s say that they are the last"),
            remark("toolongfragment", .beyondEnd, "A \(noun) goes beyond the end"),
            FieldDefinition(part + ".count", .unsigned(bits: 32), "Number of \(noun)s", needs: needs) {
                context, values in
                guard let list = AssembledParts(of: context.layer, in: context.record) else { return }
                values.append(.unsigned(UInt64(list.count)))
            },
            FieldDefinition(whole + ".length", .unsigned(bits: 32), "Length when put together", needs: needs) {
                context, values in
                guard let list = AssembledParts(of: context.layer, in: context.record) else { return }
                values.append(.unsigned(UInt64(list.length)))
            },
            bytes(whole + ".data", "What they are together"),
        ]
    }

    /// The packet that completed what this one has a part of, where that is known.
    static func completed(
        _ name: String, _ meaning: String, isPart: @escaping @Sendable (borrowing LayerContext) -> Bool
    ) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 32), meaning) { context, values in
            guard context.facts.completedIn > 0, isPart(context) else { return }
            values.append(.unsigned(UInt64(context.facts.completedIn)))
        }
    }
}
