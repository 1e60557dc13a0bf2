import Addressing
import Testing

@testable import Packets

/// The views of the link layers: literal bytes, encode and decode, every short prefix.
@Suite struct LinkViewTests {
    @Test func ethernet() throws {
        let bytes: [UInt8] = [0, 1, 2, 3, 4, 5, 16, 17, 18, 19, 20, 21, 0x86, 0xdd]
        let frame = try EthernetFrame(bytes.rawSpan)
        #expect(frame.destination == MACAddress(rawValue: 0x0001_0203_0405))
        #expect(frame.source == MACAddress(rawValue: 0x1011_1213_1415))
        #expect(frame.etherType == .ipv6)
        #expect(EthernetHeader(frame).encoded() == bytes)
        expectExactPrefixErrors(EthernetFrame.self, bytes, required: 14, layer: .ethernet)
    }

    @Test func vlan() throws {
        let bytes: [UInt8] = [0xb0, 0x64, 8, 0]
        let tag = try VLANTag(bytes.rawSpan)
        #expect(tag.priority == 5)
        #expect(tag.dropEligible == true)
        #expect(tag.identifier == 100)
        #expect(tag.etherType == .ipv4)
        #expect(VLANHeader(tag).encoded() == bytes)
        expectExactPrefixErrors(VLANTag.self, bytes, required: 4, layer: .vlan)
    }

    @Test func llcAndSNAP() throws {
        let bytes: [UInt8] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 6]
        let header = try LLCHeader(bytes.rawSpan)
        #expect(header.destinationPoint == 0xaa && header.sourcePoint == 0xaa && header.isUnnumbered)
        #expect(header.organization == 0)
        #expect(header.snapProtocol == 0x0806)
        let cut: [UInt8] = Array(bytes.prefix(7))
        #expect(try LLCHeader(cut.rawSpan).organization == nil)
        expectExactPrefixErrors(LLCHeader.self, bytes, required: 3, layer: .llc)
    }

    @Test func cooked() throws {
        let bytes: [UInt8] = [0, 4, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0]
        let header = try LinuxSLLHeader(bytes.rawSpan)
        #expect(
            header.packetType == 4 && header.hardwareType == 1 && header.addressLength == 6
                && header.protocolNumber == 0x0800)
        #expect(LinuxSLLValues(header).encoded() == bytes)
        expectExactPrefixErrors(LinuxSLLHeader.self, bytes, required: 16, layer: .linuxSLL)
        let second: [UInt8] = [0x86, 0xdd, 0, 0, 0, 0, 0, 3, 3, 4, 1, 6, 1, 2, 3, 4, 5, 6, 0, 0]
        let version2 = try LinuxSLL2Header(second.rawSpan)
        #expect(
            version2.protocolNumber == 0x86dd && version2.interfaceIndex == 3 && version2.hardwareType == 772
                && version2.packetType == 1)
        expectExactPrefixErrors(LinuxSLL2Header.self, second, required: 20, layer: .linuxSLL2)
    }

    @Test func ppp() throws {
        #expect(try PPPFrame(([0xff, 3, 0, 0x21] as [UInt8]).rawSpan).protocolNumber == 0x21)
        #expect(try PPPFrame(([0x21, 0x45] as [UInt8]).rawSpan).headerLength == 1)
        #expect(try PPPFrame(([0xc0, 0x21] as [UInt8]).rawSpan).protocolNumber == 0xc021)
        for (bytes, required) in [([0xff, 3, 0], 4), ([0xff, 3], 3), ([0], 2), ([], 1)] as [([UInt8], Int)] {
            var error: LengthError?
            do { _ = try PPPFrame(bytes.rawSpan) } catch let caught { error = caught }
            #expect(error == LengthError(required: required, available: bytes.count, layer: .ppp))
        }
    }

    @Test func pppoe() throws {
        let bytes: [UInt8] = [0x11, 9, 0x12, 0x34, 0, 8]
        let frame = try PPPoEFrame(bytes.rawSpan)
        #expect(
            frame.version == 1 && frame.type == 1 && frame.code == 9 && frame.sessionID == 0x1234
                && frame.payloadLength == 8)
        #expect(PPPoEHeader(frame).encoded() == bytes)
        expectExactPrefixErrors(PPPoEFrame.self, bytes, required: 6, layer: .pppoe)
    }

    @Test func serialLines() throws {
        let hdlc: [UInt8] = [0x8f, 0, 0x20, 0]
        #expect(try CiscoHDLCFrame(hdlc.rawSpan).protocolNumber == 0x2000)
        expectExactPrefixErrors(CiscoHDLCFrame.self, hdlc, required: 4, layer: .ciscoHDLC)
        let relay: [UInt8] = [0x18, 0x41, 3, 0xcc]
        #expect(try FrameRelayFrame(relay.rawSpan).circuit == 100)
        expectExactPrefixErrors(FrameRelayFrame.self, relay, required: 2, layer: .frameRelay)
        let null: [UInt8] = [30, 0, 0, 0]
        #expect(try NullHeader(null.rawSpan).family == 30)
        #expect(try NullHeader(([0, 0, 0, 30] as [UInt8]).rawSpan).family == 30)
        expectExactPrefixErrors(NullHeader.self, null, required: 4, layer: .null)
    }

    @Test func rings() throws {
        let fddi: [UInt8] = [0x50, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        #expect(try FDDIFrame(fddi.rawSpan).source == MACAddress(rawValue: 0x0708_090a_0b0c))
        expectExactPrefixErrors(FDDIFrame.self, fddi, required: 13, layer: .fddi)
        let ring: [UInt8] = [0x10, 0x40, 1, 2, 3, 4, 5, 6, 0x87, 8, 9, 10, 11, 12]
        let frame = try TokenRingFrame(ring.rawSpan)
        #expect(frame.isRouted == true)
        #expect(frame.source == MACAddress(rawValue: 0x0708_090a_0b0c))
        expectExactPrefixErrors(TokenRingFrame.self, ring, required: 14, layer: .tokenRing)
    }

    @Test func wireless() throws {
        let bytes: [UInt8] = [0x88, 0x42]
        let frame = try WirelessFrame(bytes.rawSpan)
        #expect(
            frame.type == 2 && frame.subtype == 8 && frame.isFromDistribution && !frame.isToDistribution
                && frame.isProtected)
        expectExactPrefixErrors(WirelessFrame.self, bytes, required: 2, layer: .ieee80211)
        let tap: [UInt8] = [0, 0, 9, 0, 2, 0, 0, 0, 0x10]
        #expect(try RadiotapHeader(tap.rawSpan).length == 9)
        #expect(try RadiotapHeader(tap.rawSpan).present == 2)
        expectExactPrefixErrors(RadiotapHeader.self, tap, required: 8, layer: .radiotap)
    }

    @Test func mpls() throws {
        let bytes: [UInt8] = [0, 1, 0x0b, 0x40]
        let entry = try MPLSLabel(bytes.rawSpan)
        #expect(entry.label == 16 && entry.trafficClass == 5 && entry.isBottom && entry.timeToLive == 64)
        #expect(MPLSEntry(entry).encoded() == bytes)
        expectExactPrefixErrors(MPLSLabel.self, bytes, required: 4, layer: .mpls)
    }

    @Test func arp() throws {
        let message = ARPMessage(
            operation: 2, senderMAC: Sample.mac, senderIPv4: Sample.from, targetMAC: Sample.otherMAC,
            targetIPv4: Sample.to)
        let bytes = message.encoded()
        #expect(bytes.count == 28)
        #expect(bytes.prefix(8) == [0, 1, 8, 0, 6, 4, 0, 2])
        #expect(ARPMessage(try ARPPacket(bytes.rawSpan)) == message)
        expectExactPrefixErrors(ARPPacket.self, bytes, required: 8, layer: .arp)
        let cut = Array(bytes.prefix(20))
        #expect(ARPMessage(try ARPPacket(cut.rawSpan)) == nil)
    }

    @Test func nflog() throws {
        let bytes: [UInt8] = [10, 0, 1, 2]
        let record = try NFLogRecord(bytes.rawSpan)
        #expect(record.family == 10 && record.version == 0 && record.resource == 0x0102)
        expectExactPrefixErrors(NFLogRecord.self, bytes, required: 4, layer: .nflog)
    }
}
