import Addressing

/// Where and with what the course's echo programs run.
public enum CourseDefaults {
    /// Of the echo servers.
    public static let port: Port = 65432
    /// What the TCP echo client sends.
    public static let tcpMessage = "Hello, world"
    /// What the UDP echo client sends.
    public static let udpMessage = "This is the message. It will be repeated to me."
    /// What the course's programs give `recv`.
    public static let receiveSize = 1024
    /// What they give `recvfrom`.
    public static let datagramSize = 4096
    /// What no datagram is larger than.
    public static let largestDatagram = 65_535
}
