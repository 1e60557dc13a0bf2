import Addressing
import Probe
import Testing

@Suite struct DefaultRoutesTests {
    @Test func ipv4TakesUpRoutesToEverywhereInOrderOfMetric() {
        let lines = """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
            wlan0\t00000000\t0101A8C0\t0003\t0\t0\t20\t00000000\t0\t0\t0
            ppp0\t00000000\t00000000\t0001\t0\t0\t500\t00000000\t0\t0\t0
            eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
            *\t00000000\t00000000\t0200\t0\t0\t5\t00000000\t0\t0\t0
            half\t00000000\t0101A8C0\t0003\t0\t0\t20\t00000080\t0\t0\t0
            bad\tzz
            """.split(separator: "\n").map(String.init)
        #expect(
            DefaultRoutes.ipv4(lines) == [
                DefaultRoute(gateway: IPAddress("192.168.1.1"), interface: "wlan0", metric: 20),
                DefaultRoute(gateway: IPAddress("192.0.2.1"), interface: "eth0", metric: 100),
                DefaultRoute(gateway: nil, interface: "ppp0", metric: 500),
            ])
    }

    @Test func ipv6LeavesOutRejectingRoutes() {
        let lines = """
            00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 \
            00000400 00000001 00000000 00000003     eth0
            00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 \
            ffffffff 00000001 00000000 00200200       lo
            fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 \
            00000100 00000001 00000000 00000001     eth0
            """.split(separator: "\n").map(String.init)
        #expect(
            DefaultRoutes.ipv6(lines) == [DefaultRoute(gateway: IPAddress("fe80::1"), interface: "eth0", metric: 1024)])
    }
}
