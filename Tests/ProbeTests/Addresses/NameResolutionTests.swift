import Addressing
import Probe
import Sockets
import Testing

@Suite struct NameResolutionTests {
    private func v4(_ text: String) -> IPAddress { IPAddress(text) ?? .v4(.any) }

    private func calls(
        _ entry: Result<HostEntry, ResolverError>, _ list: Result<AddressList, ResolverError>,
        name: Result<String, ResolverError> = .success("a.example")
    ) -> ResolverCalls {
        ResolverCalls(entry: { _ in entry }, addresses: { _, _ in list }, name: { _ in name })
    }

    private let notFound = ResolverError(call: "getaddrinfo", symbol: "EAI_NONAME", meaning: .notFound)
    private let again = ResolverError(call: "getaddrinfo", symbol: "EAI_AGAIN", meaning: .tryAgain)

    @Test func bothFamiliesAndTheirDifferences() throws {
        let entry = HostEntry(name: "a.example", aliases: [], addresses: [v4("192.0.2.2"), v4("192.0.2.1")])
        let list = AddressList(
            canonicalName: "a.example",
            endpoints: [v4("2001:db8::1"), v4("192.0.2.1"), v4("192.0.2.2")].map { Endpoint($0, .any) })
        let found = try NameResolver(calls: calls(.success(entry), .success(list)), timeout: .seconds(5)).resolve(
            "A.example.")
        #expect(found.verdict == .found)
        #expect(found.names.count == 3)
        let notes = ResolutionNote.notes(on: found)
        #expect(notes == [.onlyIPv4FromOldCall(missing: 1), .otherOrder])
    }

    @Test func debiansOwnName() throws {
        let entry = HostEntry(name: "box", aliases: [], addresses: [v4("127.0.1.1")])
        let list = AddressList(canonicalName: "box", endpoints: [Endpoint(v4("127.0.1.1"), .any)])
        let hosts = HostsFile.parse(
            Array("127.0.0.1 localhost\n127.0.1.1\tbox.example\tbox # own\n::1 localhost\nnonsense box\n".utf8))
        #expect(hosts.map(\.number) == [1, 2, 3])
        let found = try NameResolver(
            calls: calls(.success(entry), .success(list), name: .success("box")), timeout: .seconds(5)
        ).resolve("BOX", hosts: hosts)
        let notes = ResolutionNote.notes(on: found)
        #expect(notes == [.hostsFile(hosts[1]), .ownNameOnLoopback(v4("127.0.1.1"))])
    }

    @Test func verdicts() throws {
        func verdict(_ entry: ResolverError, _ list: ResolverError) throws -> NameResolution.Verdict {
            try NameResolver(calls: calls(.failure(entry), .failure(list)), timeout: .seconds(5)).resolve("x").verdict
        }
        #expect(try verdict(notFound, notFound) == .notFound)
        #expect(try verdict(again, again) == .couldNotAsk)
        #expect(try verdict(notFound, again) == .notFound)
    }

    @Test func aResolverThatNeverAnswersIsNotWaitedFor() throws {
        let silent = ResolverCalls(
            entry: { _ in
                sleepLong()
                return .failure(ResolverError(call: "", symbol: "", meaning: .failed))
            },
            addresses: { _, _ in .success(AddressList(canonicalName: nil, endpoints: [Endpoint(.v4(.loopback), .any)]))
            },
            name: { _ in
                sleepLong()
                return .success("late")
            })
        let start = ContinuousClock.now
        let found = try NameResolver(calls: silent, timeout: .milliseconds(200)).resolve("x")
        #expect(ContinuousClock.now - start < .seconds(3))
        #expect(found.hostEntry?.isSilent == true)
        #expect(found.addressList.answer != nil)
        #expect(found.names.map(\.lookup.isSilent) == [true])
        #expect(ResolutionNote.notes(on: found).contains(.silence(.milliseconds(200))))
        #expect(found.verdict == .found)
    }

    @Test func anAddressIsAskedForItsName() throws {
        let list = AddressList(canonicalName: nil, endpoints: [Endpoint(.v4(.loopback), .any)])
        let found = try NameResolver(
            calls: calls(.failure(notFound), .success(list), name: .failure(notFound)), timeout: .seconds(5)
        ).resolve("127.0.0.1")
        #expect(found.verdict == .notFound)
    }
}

/// Longer than any test waits; the thread ends with the process.
private func sleepLong() {
    _ = try? waitReadable([], timeout: .seconds(30))
}
