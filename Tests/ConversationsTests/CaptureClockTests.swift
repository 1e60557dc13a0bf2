import Addressing
import Packets
import TestSupport
import Testing

/// Where times go back the clock was set: later times belong to another setting, and nothing is known of the time
/// between two settings.
@Suite struct CaptureClockTests {
    /// The settings that packets at these microseconds get, each of an interface.
    private func settings(_ packets: [(microseconds: Int64, interface: Int)]) -> [UInt32] {
        var traffic = TestTraffic()
        for packet in packets {
            traffic.add(at: TestClock.at(packet.microseconds), [0], interface: packet.interface)
        }
        var found: [UInt32] = []
        traffic.read(needs: []) { _, _, facts in found.append(facts.timestamp?.setting ?? .max) }
        return found
    }

    private func settings(_ times: [Int64]) -> [UInt32] { settings(times.map { ($0, 0) }) }

    @Test func aStepBackBeginsASetting() {
        #expect(settings([0, 1000, 3_600_000_000, 2000, 3000]) == [0, 0, 0, 1, 1])
        #expect(settings([0, 50_000, 10_000, 60_000]) == [0, 0, 1, 1])
        #expect(settings([90_000, 60_000, 30_000]) == [0, 1, 2])
    }

    /// A device with several queues hands packets over a little out of order.
    @Test func aLittleOutOfOrderIsNone() {
        #expect(settings([0, 1000, 990, 1005, 20_000, 11_000]) == [0, 0, 0, 0, 0, 0])
    }

    /// Interfaces are read apart from each other; a step shows in all of them and is one.
    @Test func interfacesAreReadApart() {
        #expect(settings([(0, 0), (300_000, 0), (100_000, 1), (200_000, 1), (400_000, 0)]) == [0, 0, 0, 0, 0])
        #expect(settings([(5_000_000, 0), (5_000_100, 1), (0, 0), (200, 1), (300, 0)]) == [0, 0, 1, 1, 1])
    }

    @Test func settingsHaveAnOrderAndNoTimeBetween() {
        let before = TestClock.at(5_000_000)
        let after = TestClock.at(0).inSetting(1)
        #expect(before < after)
        #expect(after.elapsed(since: before) == nil)
        #expect(before.elapsed(since: TestClock.at(0)) == 5_000_000_000)
        #expect(TestClock.at(0).elapsed(since: before) == nil)
        #expect(after.advanced(byNanoseconds: 7).elapsed(since: after) == 7)
    }
}
