"""Makes a repeatable synthetic capture for the bench: classic pcap, Ethernet, microseconds.

The mix is that of an office line: TCP connections with handshake, data, bare acknowledgments and teardown over IPv4 and
IPv6, DNS over UDP, ICMP echo, ARP. Sizes are chosen so that 1,000,000 packets take about 450 MB. Everything follows from
the seed; checksums of IP are right, those of TCP and UDP are left zero or partial as offload leaves them.
"""
import random
import struct

START = 1_700_000_000
MAC_A = bytes.fromhex("020000000001")
MAC_B = bytes.fromhex("020000000002")


def ipv4_header(length, protocol, source, destination, identification):
    header = bytearray(struct.pack("!BBHHHBBHII", 0x45, 0, length, identification, 0x4000, 64, protocol, 0, source, destination))
    total = sum(struct.unpack("!10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    header[10:12] = struct.pack("!H", ~(total + (total >> 16)) & 0xFFFF)
    return bytes(header)


class Connection:
    """A TCP connection between a client and a server, a packet at a time."""

    def __init__(self, dice, number):
        self.six = dice.random() < 0.2
        self.client = (10 << 24) + 0x10000 + number
        self.server = (192 << 24) + (168 << 16) + dice.randrange(1 << 12)
        self.port = 1024 + number % 60000
        self.service = dice.choice((80, 443, 443, 443, 22, 8080, 5432))
        self.seq = [dice.randrange(1 << 32), dice.randrange(1 << 32)]
        self.stage = 0
        self.left = dice.choice((4, 10, 40, 200, 2000))
        self.clock = dice.randrange(1 << 31)

    def next(self, dice, filler):
        """The next packet, or None when the connection is over."""
        stage, side, flags, size = self.stage, 0, 0x10, 0
        if stage == 0:
            flags = 0x02
        elif stage == 1:
            side, flags = 1, 0x12
        elif stage == 2:
            flags = 0x10
        elif self.left > 0:
            self.left -= 1
            kind = dice.random()
            if kind < 0.45:
                flags = 0x10
                side = 0 if dice.random() < 0.7 else 1
            elif kind < 0.60:
                flags, size = 0x18, dice.randrange(20, 600)
            else:
                side, flags, size = 1, 0x18 if kind > 0.9 else 0x10, 1448 if kind < 0.77 else dice.randrange(40, 700)
        elif self.left == 0:
            self.left, flags = -1, 0x11
        elif self.left == -1:
            self.left, side, flags = -2, 1, 0x11
        elif self.left == -2:
            self.left, flags = -3, 0x10
        else:
            return None
        self.stage += 1
        self.clock += dice.randrange(20)
        if flags & 2:
            options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + struct.pack("!II", self.clock, 0) + b"\x01\x03\x03\x07"
        else:
            options = b"\x01\x01\x08\x0a" + struct.pack("!II", self.clock, self.clock - 7)
        ports = (self.port, self.service) if side == 0 else (self.service, self.port)
        ack = 0 if flags == 2 else self.seq[1 - side]
        tcp = struct.pack("!HHIIBBHHH", *ports, self.seq[side], ack, (20 + len(options)) << 2, flags, 502, 0xFE28, 0) + options
        self.seq[side] = (self.seq[side] + size + (1 if flags & 3 else 0)) & 0xFFFFFFFF
        ends = (self.client, self.server) if side == 0 else (self.server, self.client)
        body = tcp + filler[:size]
        if self.six:
            prefix = bytes.fromhex("20010db8000000000000000000")
            addresses = b"".join(prefix[:12] + struct.pack("!I", end) for end in ends)
            return (MAC_A, MAC_B)[side] + (MAC_B, MAC_A)[side] + b"\x86\xdd" + struct.pack("!IHBB", 0x60000000, len(body), 6, 64) + addresses + body
        return ((MAC_A, MAC_B)[side] + (MAC_B, MAC_A)[side] + b"\x08\x00"
                + ipv4_header(20 + len(body), 6, *ends, dice.randrange(65536)) + body)


def dns(dice, number):
    name = b"".join(bytes((len(part),)) + part for part in (b"host%d" % (number % 5000), b"example", b"com")) + b"\0"
    query = struct.pack("!HHHHHH", number & 0xFFFF, 0x0100, 1, 0, 0, 0) + name + b"\0\x01\0\x01"
    body = struct.pack("!HHHH", 1024 + number % 60000, 53, 8 + len(query), 0) + query
    return MAC_B + MAC_A + b"\x08\x00" + ipv4_header(20 + len(body), 17, (10 << 24) + number % 250, 0x08080808, number & 0xFFFF) + body


def echo(dice, number):
    body = struct.pack("!BBHHH", 8 if number % 2 else 0, 0, 0, 7, number & 0xFFFF) + bytes(range(48))
    return MAC_B + MAC_A + b"\x08\x00" + ipv4_header(20 + len(body), 1, (10 << 24) + 1, (10 << 24) + 2, number & 0xFFFF) + body


def arp(number):
    return b"\xff" * 6 + MAC_A + b"\x08\x06" + struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + MAC_A + struct.pack("!I", (10 << 24) + 1) + bytes(6) + struct.pack("!I", (10 << 24) + number % 250)


def write(path, packets, seed=1, active=400):
    """Writes a capture of so many packets with `active` connections at a time."""
    dice = random.Random(seed)
    filler = bytes(dice.randrange(256) for _ in range(1500))
    opened = active
    connections = [Connection(dice, number) for number in range(active)]
    time = 0
    with open(path, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number in range(packets):
            kind = number % 64
            if kind == 7:
                packet = dns(dice, number)
            elif kind == 23:
                packet = echo(dice, number)
            elif number % 1024 == 99:
                packet = arp(number)
            else:
                slot = dice.randrange(active)
                packet = connections[slot].next(dice, filler)
                if packet is None:
                    connections[slot] = Connection(dice, opened)
                    opened += 1
                    packet = connections[slot].next(dice, filler)
            time += dice.randrange(1, 400)
            file.write(struct.pack("<IIII", START + time // 1000000, time % 1000000, len(packet), len(packet)) + packet)
    return opened
