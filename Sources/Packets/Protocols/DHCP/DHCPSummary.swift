import Addressing
import Text

/// `DHCP Discover`, `DHCP Offer 192.0.2.17`, `BOOTP request`.
enum DHCPSummary {
    static func summarize(_ layer: LayerRange, _ record: RawSpan, into text: inout SummaryText) {
        guard let message = try? DHCPMessage(record.extracting(layer.range)) else {
            text.append("DHCP [cut short]")
            return
        }
        var options = message.options
        let base = Int(layer.start)
        var type: UInt8?
        var requested: IPv4Address?
        var host: Range<Int>?
        while let option = options.next() {
            let range = option.value.lowerBound &+ base..<option.value.upperBound &+ base
            switch (option.code, range.count) {
            case (53, 1): type = record.uint8(at: range.lowerBound)
            case (50, 4): requested = record.ipv4Address(at: range.lowerBound)
            case (12, 1...): host = range
            default: break
            }
        }
        guard let type else {
            text.append(message.operation == 2 ? "BOOTP reply" : "BOOTP request")
            writeAddress(message.yourAddress, into: &text)
            return
        }
        text.append("DHCP ")
        if let name = DHCPMessageType.name(UInt64(type)) {
            text.append(name)
        } else {
            text.append("type ")
            text.append(decimal: UInt64(type))
        }
        if message.operation == 2 {
            writeAddress(message.yourAddress, into: &text)
        } else if let requested {
            writeAddress(requested, into: &text)
        } else {
            writeAddress(message.clientAddress, into: &text)
        }
        if let host {
            text.append(" host ")
            text.append(escaping: host, of: record, limit: 64)
        }
    }

    private static func writeAddress(_ address: IPv4Address, into text: inout SummaryText) {
        guard address.rawValue != 0 else { return }
        text.append(ascii: 32)
        address.write(to: &text)
    }
}
