import Addressing
import Services
import Testing

/// What `serve`, `client` and their help rely on, of every service.
@Suite struct CatalogueTests {
    @Test func namesAreUnique() {
        #expect(Set(ServiceCatalogue.all.map(\.name)).count == ServiceCatalogue.all.count)
        for service in ServiceCatalogue.all { #expect(ServiceCatalogue.named(service.name) == service) }
        #expect(ServiceCatalogue.named("nosuch") == nil)
    }

    @Test(arguments: ServiceCatalogue.all) func theClientHasWhatItNeeds(service: ServiceDescription) {
        #expect(service.summary.count <= 54, "a row of the help has 80 columns")
        #expect((service.port == .any) == (service.transport == .unix))
        #expect((service.path == .socket) == (service.transport == .unix))
        let message = service.message.map { Array($0.utf8) }
        switch service.client {
        case .echo: #expect(message != nil && service.answer(to: message ?? []) == message)
        case .lines, .datagrams, .retried:
            #expect(message.flatMap { service.answer(to: $0) }?.isEmpty == false)
        case .connectionEach(let size):
            #expect(message?.count == size && service.answer(to: message ?? [])?.isEmpty == false)
        case .listening: #expect(message == nil && service.answer(to: [])?.isEmpty == false)
        case .oneWay: #expect(message != nil && service.answer(to: message ?? []) == nil)
        case .dialogue: #expect(message == nil && service.answer(to: []) == nil)
        }
    }

    @Test func optionsBelongToServices() {
        #expect(ServiceDescription.udpBackoff.takes(.drop) && !ServiceDescription.udpLength.takes(.drop))
        #expect(ServiceDescription.unixEcho.takes(.backlog))
        #expect(!ServiceDescription.unixEcho.takes(.backlog, kind: .datagram))
        #expect(!ServiceDescription.udpSink.takes(ClientOption.timeout))
        #expect(ServiceDescription.chat.takes(ClientOption.name) && !ServiceDescription.file.takes(ClientOption.name))
        #expect(ServiceCatalogue.names { $0.path == .folder } == "file")
    }
}
