import Probe
import Testing

@Suite struct PathMTUSearchTests {
    /// A path with links of these MTUs, whose routers speak or not.
    private func search(_ links: [Int], speaking: Bool, interface: Int = 9000) -> PathMTUSearch {
        var search = PathMTUSearch(floor: 44, ceiling: interface)
        var tries = 0
        while let size = search.next, tries < 100 {
            tries += 1
            if let limit = links.first(where: { size > $0 }) {
                search.record(size, speaking ? .tooLong(limit: limit) : .silent)
            } else {
                search.record(size, .answered)
            }
        }
        return search
    }

    @Test func routersThatSpeakAreBelieved() {
        let found = search([4000, 1500, 1280], speaking: true)
        #expect(found.result == 1280)
        #expect(found.limits == [4000, 1500, 1280])
        #expect(found.silences == 0)
    }

    @Test(arguments: [44, 45, 68, 575, 576, 1279, 1280, 1499, 1500, 8999, 9000]) func blackHolesAreSearched(mtu: Int) {
        #expect(search([mtu], speaking: false).result == mtu)
    }

    @Test func nonsenseLimitsDoNotTrapTheSearch() {
        for limit in [0, 10, 9000, 100_000, -5] {
            var search = PathMTUSearch(floor: 44, ceiling: 9000)
            var tries = 0
            while let size = search.next, tries < 100 {
                tries += 1
                search.record(size, size > 1400 ? .tooLong(limit: limit) : .answered)
            }
            #expect(search.result == 1400, "limit \(limit)")
            #expect(tries < 20)
        }
    }
}
