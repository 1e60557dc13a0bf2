/// The demos, in the order in which they are listed.
public enum DemoCatalogue {
    public static let all: [any Demo] = [
        TCPEcho(), UDPEcho(), Compare(), UpperTCP(), UpperUDP(), GreetingDemo(), AdderDemo(), UDPSink(), UDPLength(),
        SixteenDemo(),
        UDPBackoff(), TextStoreDemo(), FileDemo(), ChatDemo(), UnixEcho(),
        Refused(), Filtered(), Backlog(), AcceptLate(), SamePort(), SelfConnect(),
        ByteStream(), PartialSend(), ZeroWindow(), Nagle(), KeepAlive(),
        HalfClose(), Reset(), FinVersusRst(), ShutdownVersusClose(), TimeWait(),
        UDPRefused(), ConnectedUDP(), DatagramTruncated(), DatagramTooBig(), Broadcast(),
        BindAddress(), DualStack(), PrivilegedPort(), RawSocket(),
        TCPLoss(), UDPLoss(), Reorder(), SlowLink(), SYNLoss(),
    ]

    public static func named(_ name: String) -> (any Demo)? { all.first { $0.name == name } }
}
