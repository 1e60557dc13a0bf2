import Testing

/// Holds the sources to the rules of `.github/CONTRIBUTING.md`.
@Suite struct ArchitectureTests {
    @Test func theSourcesAreThere() {
        #expect(Checkout.sources.count > 300)
        #expect(Checkout.tests.count > 100)
    }

    @Test func modulesImportOnlyWhatStandsBelowThem() {
        Debts.imports.check(Imports(), in: Checkout.sources)
    }

    @Test func platformConditionalsStandInSystem() {
        Debts.platformConditionals.check(PlatformConditionals(), in: Checkout.sources)
    }

    @Test func onlyAnalysisCallsTheDissector() {
        Debts.dissectorCalls.check(DissectorCalls(), in: Checkout.sources)
    }

    @Test func layerKindsHaveNoOrder() {
        Debts.layerKindOrder.check(LayerKindOrder(), in: Checkout.sources)
    }

    @Test func librariesNeitherPrintNorExit() {
        Debts.printing.check(PrintingAndExiting(), in: Checkout.sources)
    }

    @Test func nothingTraps() {
        Debts.traps.check(Traps(), in: Checkout.sources)
    }

    @Test func clocksAreHandedIn() {
        Debts.clocks.check(Clocks(), in: Checkout.sources)
    }

    @Test func unsafeCodeHasItsPlaces() {
        Debts.unsafeCode.check(UnsafeCode(), in: Checkout.sources)
    }

    @Test func linesFit() {
        Debts.longLines.check(LineLength(), in: Checkout.sources + Checkout.tests)
    }

    @Test func filesAreShort() {
        Debts.longFiles.check(FileLength(), in: Checkout.sources + Checkout.tests)
    }

    @Test func publicDeclarationsAreDocumented() {
        Debts.comments.check(Documentation(), in: Checkout.sources)
    }

    @Test func aProtocolLivesInItsFolder() {
        let mentions = ProtocolFolders().mentions(in: Checkout.sources)
        Debts.protocolMentions.check(
            Dictionary(grouping: mentions, by: \.folder).mapValues { mentions in
                mentions.map { "\($0.file): \($0.types.joined(separator: ", "))" }
            })
    }
}
