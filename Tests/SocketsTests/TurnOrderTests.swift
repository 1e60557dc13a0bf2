import Sockets
import Synchronization
import Testing

@Suite struct TurnOrderTests {
    @Test func numbersAreServedInOrderWhoeverWaitsFirst() throws {
        let order = TurnOrder()
        let served = Mutex<[Int]>([])
        let work: @Sendable (Int) -> Void = { first in
            for number in stride(from: first, to: 300, by: 3) {
                order.wait(for: number)
                served.withLock { $0.append(number) }
                order.pass()
            }
        }
        let others = try [2, 1].map { first in try SystemThread.start { work(first) } }
        work(0)
        for other in others { other.join() }
        #expect(served.withLock { $0 } == Array(0..<300))
    }
}
