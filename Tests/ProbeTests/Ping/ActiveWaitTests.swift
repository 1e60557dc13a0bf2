import Sockets
import Testing

@testable import Probe

@Suite struct ActiveWaitTests {
    private let answer = DatagramSocket.Arrival.datagram(count: 1, arrival: nil, isCut: false)

    @Test func givesWhatItSees() {
        var wait = ActiveWait()
        var looks = 0
        let found = wait.wait(until: .max) {
            looks += 1
            return answer
        }
        #expect(found == answer && looks == 1)
        let nothing = wait.wait(until: 0) { .nothing }
        #expect(nothing == nil)
    }

    /// Where answers take long nothing is burnt: after some looks in vain only every 64th wait looks.
    @Test func stopsToLookWhereThatIsInVain() {
        var wait = ActiveWait()
        var waitsThatLooked = 0
        for _ in 0..<(8 + 640) {
            var looked = false
            _ = wait.wait(until: 0) {
                looked = true
                return .nothing
            }
            if looked { waitsThatLooked += 1 }
        }
        #expect(waitsThatLooked == 8 + 10)
        // An answer restores the trust.
        for _ in 0..<64 { _ = wait.wait(until: 0) { answer } }
        let found = wait.wait(until: 0) { answer }
        #expect(found == answer)
    }
}
