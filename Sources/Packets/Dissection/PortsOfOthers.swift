/// Ports of protocols that Wireshark knows and netprobe does not dissect: what stands there is theirs, so that neither
/// the other port of the two nor a likeness to another protocol decides.
///
/// A protocol that is attached to one of these ports takes its place; its number can then leave the list.
enum PortsOfOthers {
    /// The list is measured: DNS messages with random identifiers were shown to tshark 4.0 at every port that it knows,
    /// and these are the ports where it took most of them for something else.
    static let udp: [(port: UInt16, accepts: Attachment.Acceptance?)] =
        udpPorts.map { ($0, nil) }

    static let tcp: [(port: UInt16, accepts: Attachment.Acceptance?)] = [
        7, 13, 19, 20, 37, 42, 43, 49,
    ].map { ($0, nil) }

    private static let udpPorts: [UInt16] = [
        7, 13, 19, 37, 49, 111, 138, 173, 213, 269, 319, 320, 389, 427, 464, 496, 513, 521, 524,
        525, 664, 701, 853, 854, 910, 921, 925, 1001, 1113, 1153, 1194, 1293, 1628, 1629, 1718, 1719, 1745,
        2099, 2157, 2221, 2222, 2246, 2269, 2313, 2345, 2887, 2944, 2945, 2948, 2949, 3000, 3130, 3250, 3343, 3357,
        3389, 3452, 3455, 3567, 3671, 3784, 3785, 3804, 3863, 4305, 4306, 4307, 4551, 4555, 4569, 4729, 4784,
        4791, 4991, 5246, 5404, 5405, 5436, 5567, 5678, 5683, 5684, 5868, 6073, 6118, 6160, 6784, 6970, 7074, 7075,
        7255, 7275, 7784, 8200, 8600, 8611, 8755, 8767, 8805, 8848, 9200, 9201, 9202, 9203, 9214, 9875, 9877, 9901,
        9956, 10253, 11211, 11273, 12004, 13400, 17220, 17500, 17755, 17756, 19132, 19948, 19999, 23272, 24576,
        24577, 25826, 26000, 27500, 27910, 27950, 27951, 27952, 27953, 27960, 27961, 27962, 27963, 32000, 32512,
        34962, 34980, 41170, 44818, 47000, 54328,
    ]
}
