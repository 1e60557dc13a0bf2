import Text

/// What `--link` says of a VLAN tag: ` vlan 5 priority 0 type 0x800`.
enum VLANLine {
    static let link = LinkForm.tag(needs: VLANTag.length) { layer, record, out in
        guard let tag = try? VLANTag(record.extracting(layer.range)) else { return }
        out.append(" vlan ")
        out.append(decimal: UInt64(tag.identifier))
        out.append(" priority ")
        out.append(decimal: UInt64(tag.priority))
        EthernetLine.writeType(tag.etherType.rawValue, &out)
    }
}
