import Addressing

/// What is to be scanned: hosts times ports. Neither is stored more than once: hosts as blocks, ports as one list for
/// all.
public struct ScanPlan: Sendable {
    /// Hosts as blocks of addresses, in the user's order, none of them empty.
    public let blocks: [TargetBlock]
    /// What is left out of them.
    public let excluded: [TargetBlock]
    /// In ascending order, as results are kept and shown.
    public let ports: [Port]
    /// The order in which ports are asked, as places in `ports`: common services first. They are likely to answer, and
    /// the first answers tell how long to wait for the others.
    let order: [UInt16]

    /// - Parameters:
    ///   - ports: asked of every host.
    ///   - excluded: addresses that are not asked.
    public init(_ blocks: [TargetBlock], _ ports: PortList, excluding excluded: [TargetBlock] = []) {
        self.blocks = blocks.filter { $0.count > 0 }
        self.excluded = excluded
        self.ports = ports.ports
        var place = [Int32](repeating: -1, count: 65536)
        for (index, port) in ports.ports.enumerated() { place[Int(port.rawValue)] = Int32(index) }
        var order: [UInt16] = []
        order.reserveCapacity(ports.ports.count)
        func take(_ port: Port) {
            let index = place[Int(port.rawValue)]
            guard index >= 0 else { return }
            order.append(UInt16(truncatingIfNeeded: index))
            place[Int(port.rawValue)] = -1
        }
        for port in PortNames.mostCommon(200) { take(port) }
        for port in ports.ports { take(port) }
        self.order = order
    }

    /// How many hosts; at most `UInt64.max`. Without what is left out, as far as that can be counted quickly.
    public var hostCount: UInt64 {
        let all = allCount
        guard !excluded.isEmpty, all <= 1 << 17 else { return all }
        var cursor = HostCursor()
        var count: UInt64 = 0
        while cursor.next(in: self) != nil { count += 1 }
        return count
    }

    private var allCount: UInt64 {
        blocks.reduce(0) { sum, block in
            let (total, overflow) = sum.addingReportingOverflow(block.count)
            return overflow ? .max : total
        }
    }

    /// Hosts times ports, or `UInt64.max` where that is more.
    public var probeCount: UInt64 {
        let (product, overflow) = hostCount.multipliedReportingOverflow(by: UInt64(ports.count))
        return overflow ? .max : product
    }
}

/// A place in a plan's list of hosts.
struct HostCursor {
    private var block = 0
    private var place: UInt64 = 0

    /// The next host that is not left out.
    mutating func next(in plan: ScanPlan) -> ScanTarget? {
        while block < plan.blocks.count {
            if place < plan.blocks[block].count {
                let target = plan.blocks[block][place]
                place += 1
                if plan.excluded.contains(where: { $0.contains(target.address) }) { continue }
                return target
            }
            block += 1
            place = 0
        }
        return nil
    }
}

/// How a scan behaves. Times are nanoseconds.
public struct ScanSettings: Hashable, Sendable {
    /// The most probes that are under way at once; nil: as many as descriptors and losses allow.
    public var parallel: Int?
    /// The most SYNs a second; nil: no limit.
    public var rate: Double?
    /// How often a port that does not answer is asked again; nil: as often as the measured loss calls for.
    public var retries: Int?
    /// The longest wait for one answer.
    public var longestWait: Int64 = 10_000_000_000
    /// The shortest: answers can be late by this much on a busy machine.
    public var shortestWait: Int64 = 100_000_000
    /// Read what open ports say first.
    public var banners = false
    /// How long a service may take to say something.
    public var bannerWait: Int64 = 2_000_000_000
    /// End connections with RST instead of FIN.
    public var reset = false
    /// Leave out hosts of a block that do not answer on the first ports (nmap's -Pn switches this off).
    public var skipsSilentHosts = true

    /// What `netprobe scan` does without options.
    public init() {}
}
