import Addressing
import Testing

@testable import Timeline

/// What a bound socket is reached by.
@Suite struct SocketHistoryTests {
    /// Every IPv4 address is no IPv6 address; a socket at every IPv6 address may take both.
    @Test func familiesAreApart() {
        let (four, six) = (Endpoint(.v4(.loopback), 9), Endpoint(.v6(.loopback), 9))
        let (everyFour, everySix) = (Endpoint(.v4(.any), 9), Endpoint(.v6(.any), 9))
        #expect(SocketHistory.covers(everyFour, four) && !SocketHistory.covers(everyFour, six))
        #expect(SocketHistory.covers(everySix, four) && SocketHistory.covers(everySix, six))
        #expect(SocketHistory.covers(six, six) && !SocketHistory.covers(six, four))
        #expect(!SocketHistory.covers(everyFour, Endpoint(.v4(.loopback), 10)))
    }
}
