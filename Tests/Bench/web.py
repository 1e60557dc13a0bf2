"""Makes a repeatable capture of web traffic for the bench: names looked up over UDP and sometimes TCP, then HTTP/1.1 in the
clear or TLS, with the headers, extensions and options that browsers and servers send. Classic pcap, Ethernet, microseconds;
everything follows from the seed.
"""
import random
import struct

import traffic

AGENTS = ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "curl/7.88.1"]
SEGMENT = 1448


def labels(name):
    return b"".join(bytes((len(part),)) + part for part in name.encode().split(b".")) + b"\0"


def query(number, name, kind=1):
    return struct.pack("!HHHHHH", number & 0xFFFF, 0x0100, 1, 0, 0, 1) + labels(name) + struct.pack("!HH", kind, 1) + b"\0\0\x29\x04\xd0\0\0\0\0\0\0"


def answer(number, name, addresses):
    alias = "edge." + name.split(".", 1)[1]
    records = b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 300, len(labels(alias))) + labels(alias)
    where = 12 + len(labels(name)) + 4 + 12
    for address in addresses:
        records += struct.pack("!HHHIHI", 0xC000 | where, 1, 1, 60, 4, address)
    return (struct.pack("!HHHHHH", number & 0xFFFF, 0x8180, 1, 1 + len(addresses), 0, 1) + labels(name) + struct.pack("!HH", 1, 1) + records
            + b"\0\0\x29\x02\0\0\0\0\0\0\0")


def get(dice, host):
    path = "/%s/%d.html?session=%x&page=%d" % (dice.choice(("news", "images", "static/js", "api/v1/items")), dice.randrange(1000), dice.randrange(1 << 32), dice.randrange(9))
    lines = ["GET %s HTTP/1.1" % path, "Host: " + host, "User-Agent: " + dice.choice(AGENTS), "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
             "Accept-Language: en-GB,en;q=0.5", "Accept-Encoding: gzip, deflate", "Connection: keep-alive", "Referer: http://%s/" % host,
             "Cookie: id=%032x; theme=dark" % dice.randrange(1 << 128), "Upgrade-Insecure-Requests: 1"]
    return "\r\n".join(lines + ["", ""]).encode()


def response(dice, filler, length):
    lines = ["HTTP/1.1 200 OK", "Date: Tue, 14 Nov 2023 22:13:20 GMT", "Server: nginx/1.24.0", "Content-Type: text/html; charset=utf-8", "Content-Length: %d" % length,
             "Connection: keep-alive", "Cache-Control: max-age=3600", "Last-Modified: Mon, 13 Nov 2023 10:00:00 GMT", 'ETag: "%x"' % dice.randrange(1 << 48), "Vary: Accept-Encoding"]
    return "\r\n".join(lines + ["", ""]).encode() + filler[:length]


def record(kind, body, version=0x0303):
    return struct.pack("!BHH", kind, version, len(body)) + body


def handshake(kind, body):
    return struct.pack("!BBH", kind, len(body) >> 16, len(body) & 0xFFFF) + body


def extension(kind, body):
    return struct.pack("!HH", kind, len(body)) + body


def listed(body, width="!H"):
    return struct.pack(width, len(body)) + body


def client_hello(dice, host):
    suites = struct.pack("!16H", 0x1301, 0x1303, 0x1302, 0xC02B, 0xC02F, 0xCCA9, 0xCCA8, 0xC02C, 0xC030, 0xC00A, 0xC009, 0xC013, 0xC014, 0x9C, 0x9D, 0x2F)
    name = host.encode()
    extensions = b"".join((
        extension(0, listed(b"\0" + listed(name))), extension(23, b""), extension(0xFF01, b"\0"), extension(10, listed(struct.pack("!4H", 29, 23, 24, 25))),
        extension(11, b"\1\0"), extension(35, b""), extension(16, listed(b"\2h2\x08http/1.1")), extension(5, b"\1\0\0\0\0"),
        extension(13, listed(struct.pack("!8H", 0x403, 0x503, 0x603, 0x804, 0x805, 0x806, 0x401, 0x501))), extension(43, listed(struct.pack("!2H", 0x304, 0x303), "!B")),
        extension(45, b"\1\1"), extension(51, listed(struct.pack("!HH", 29, 32) + dice.randbytes(32)))))
    return record(22, handshake(1, b"\3\3" + dice.randbytes(32) + listed(dice.randbytes(32), "!B") + listed(suites) + b"\1\0" + listed(extensions)), 0x0301)


def server_hello(dice, filler):
    extensions = extension(43, b"\3\4") + extension(51, struct.pack("!HH", 29, 32) + dice.randbytes(32))
    hello = record(22, handshake(2, b"\3\3" + dice.randbytes(32) + listed(dice.randbytes(32), "!B") + b"\x13\1\0" + listed(extensions)))
    return hello + record(20, b"\1") + record(23, filler[:2800]) + record(23, filler[:80])


class Peers:
    """Two hosts that exchange packets; what they send is collected in `packets`."""

    def __init__(self, dice, client, server, port, service):
        self.dice, self.ends, self.ports, self.packets = dice, (client, server), (port, service), []
        self.seq = [dice.randrange(1 << 32), dice.randrange(1 << 32)]
        self.clock = dice.randrange(1 << 31)

    def ip(self, side, protocol, body):
        ends = self.ends if side == 0 else self.ends[::-1]
        header = traffic.ipv4_header(20 + len(body), protocol, *ends, self.dice.randrange(65536))
        self.packets.append((traffic.MAC_A, traffic.MAC_B)[side] + (traffic.MAC_B, traffic.MAC_A)[side] + b"\x08\x00" + header + body)

    def udp(self, side, payload):
        ports = self.ports if side == 0 else self.ports[::-1]
        self.ip(side, 17, struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload)

    def tcp(self, side, flags, payload=b""):
        self.clock += self.dice.randrange(20)
        if flags & 2:
            options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + struct.pack("!II", self.clock, 0) + b"\x01\x03\x03\x07"
        else:
            options = b"\x01\x01\x08\x0a" + struct.pack("!II", self.clock, self.clock - 7)
        ports = self.ports if side == 0 else self.ports[::-1]
        ack = 0 if flags == 2 else self.seq[1 - side]
        self.ip(side, 6, struct.pack("!HHIIBBHHH", *ports, self.seq[side], ack, (20 + len(options)) << 2, flags, 502, 0xFE28, 0) + options + payload)
        self.seq[side] = (self.seq[side] + len(payload) + (1 if flags & 3 else 0)) & 0xFFFFFFFF

    def send(self, side, data):
        """A message in segments, every second one acknowledged."""
        for index, start in enumerate(range(0, len(data), SEGMENT)):
            piece = data[start:start + SEGMENT]
            self.tcp(side, 0x18 if start + SEGMENT >= len(data) else 0x10, piece)
            if index % 2 == 1 or start + SEGMENT >= len(data):
                self.tcp(1 - side, 0x10)

    def open(self):
        self.tcp(0, 0x02)
        self.tcp(1, 0x12)
        self.tcp(0, 0x10)

    def close(self):
        self.tcp(0, 0x11)
        self.tcp(1, 0x11)
        self.tcp(0, 0x10)


def visit(dice, number, filler):
    """The packets of one visit to a web server."""
    client, server = (10 << 24) + number % 250 + 1, (192 << 24) + (168 << 16) + dice.randrange(1 << 12)
    host = "www%d.example.com" % (number % 700)
    resolver = Peers(dice, client, (10 << 24) + 254, 32768 + number % 28000, 53)
    if number % 8 == 0:
        resolver.open()
        resolver.send(0, listed(query(number, host)))
        resolver.send(1, listed(answer(number, host, [server, server + 1])))
        resolver.close()
    else:
        resolver.udp(0, query(number, host))
        resolver.udp(1, answer(number, host, [server]))
    isPlain = dice.random() < 0.5
    web = Peers(dice, client, server, 1024 + number % 60000, 80 if isPlain else 443)
    web.open()
    if isPlain:
        for _ in range(dice.randrange(1, 5)):
            web.send(0, get(dice, host))
            web.send(1, response(dice, filler, dice.choice((200, 900, 4000, 16000))))
    else:
        web.send(0, client_hello(dice, host))
        web.send(1, server_hello(dice, filler))
        web.send(0, record(20, b"\1") + record(23, filler[:58]))
        for _ in range(dice.randrange(1, 5)):
            web.send(0, record(23, filler[:dice.randrange(80, 700)]))
            web.send(1, record(23, filler[:dice.choice((200, 900, 4000, 16000))]))
    web.close()
    return resolver.packets + web.packets


def write(path, packets, seed=1):
    """Writes a capture of about so many packets."""
    dice = random.Random(seed)
    filler = dice.randbytes(17000)
    time, written, number = 0, 0, 0
    with open(path, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        while written < packets:
            for packet in visit(dice, number, filler):
                time += dice.randrange(1, 400)
                file.write(struct.pack("<IIII", traffic.START + time // 1000000, time % 1000000, len(packet), len(packet)) + packet)
                written += 1
            number += 1
