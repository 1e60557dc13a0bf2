#!/usr/bin/env python3
"""Scans many times where packets get lost, and random mixes of answers, in a network namespace of its own.

    Tests/Soak/scans.py NETPROBE [LOSSY] [MIXES] [SEED]

LOSSY scans go through 5 % loss in each direction and must find every port that listens. MIXES give each port a random fate (listens,
closed, reset, dropped, or rejected with one of the ICMP codes); netprobe must find each one's state and reason, and nmap, where it is
installed, must agree on the state.
"""
import json, os, random, re, selectors, shutil, socket, subprocess, sys, threading

# nft is in a folder that ordinary users' PATH may lack.
os.environ["PATH"] += ":/usr/sbin:/sbin"

if not os.environ.get("NETPROBE_SOAK_NAMESPACE"):
    enter = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
    os.execvpe("unshare", enter + [sys.executable] + sys.argv, dict(os.environ, NETPROBE_SOAK_NAMESPACE="1"))

netprobe = os.path.abspath(sys.argv[1])
lossy, mixes, seed = (int(sys.argv[i]) if len(sys.argv) > i else otherwise for i, otherwise in ((2, 100), (3, 6), (4, random.randrange(1 << 30))))
print("scans: seed %d" % seed)
dice = random.Random(seed)
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)

# What a rule says and what is to be concluded from it: state, reason.
FATES = {
    "4": {
        "icmp type net-unreachable": ("filtered", "net-unreach"), "icmp type host-unreachable": ("filtered", "host-unreach"),
        "icmp type prot-unreachable": ("filtered", "proto-unreach"), "icmp type port-unreachable": ("closed", "conn-refused"),
        "icmp type net-prohibited": ("filtered", "net-prohibited"), "icmp type host-prohibited": ("filtered", "host-prohibited"),
        "icmp type admin-prohibited": ("filtered", "admin-prohibited"),
    },
    "6": {
        "icmpv6 type no-route": ("filtered", "net-unreach"), "icmpv6 type admin-prohibited": ("filtered", "admin-prohibited"),
        "icmpv6 type addr-unreachable": ("filtered", "host-unreach"), "icmpv6 type port-unreachable": ("closed", "conn-refused"),
        "icmpv6 type policy-fail": ("filtered", "admin-prohibited"), "icmpv6 type reject-route": ("filtered", "reject-route"),
    },
}
ADDRESS = {"4": "127.0.0.1", "6": "::1"}


class Listeners:
    """Accepts and closes whatever comes to its ports, IPv4 and IPv6."""

    def __init__(self, ports):
        self.selector = selectors.DefaultSelector()
        self.sockets = []
        for port in ports:
            for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
                listener = socket.socket(family)
                if family == socket.AF_INET6:
                    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind((address, port))
                listener.listen(128)
                self.selector.register(listener, selectors.EVENT_READ)
                self.sockets.append(listener)
        self.ends = False
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while not self.ends:
            for key, _ in self.selector.select(0.1):
                try:
                    key.fileobj.accept()[0].close()
                except OSError:
                    pass

    def close(self):
        self.ends = True
        self.thread.join()
        for listener in self.sockets:
            listener.close()


def firewall(rules):
    subprocess.run(["nft", "-f", "-"], input="table inet soak {\nchain input {\ntype filter hook input priority 0;\n%s\n}\n}\n" % "\n".join(rules), text=True, check=True)


def no_firewall():
    subprocess.run(["nft", "delete", "table", "inet", "soak"], check=True)


def ports_of(address, ports):
    """State and reason of each port by netprobe."""
    run = subprocess.run([netprobe, "scan", "-n", "-Pn", address, "-p", ports, "--ndjson"], capture_output=True, text=True)
    if run.returncode not in (0, 1) or run.stderr:
        raise SystemExit("netprobe ended with %d: %s" % (run.returncode, run.stderr))
    objects = map(json.loads, run.stdout.splitlines())
    return {o["port"]: (o["state"], o["reason"]) for o in objects if o["type"] == "port"}


def by_nmap(address, ports, version):
    """State of each port by nmap. Over loopback an ICMP message that comes while connect(2) runs reaches errno only with the
    next SYN, a second later: nmap needs that much patience."""
    command = ["nmap", "-n", "-Pn", "-sT", "--min-rtt-timeout", "2s", "-p", ports, "-oX", "-", address] + (["-6"] if version == "6" else [])
    import xml.etree.ElementTree as tree
    root = tree.fromstring(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    found = {}
    for extra in root.iter("extraports"):
        for reason in extra.iter("extrareasons"):
            for part in reason.get("ports").split(","):
                first, _, last = part.partition("-")
                found.update((port, extra.get("state")) for port in range(int(first), int(last or first) + 1))
    found.update((int(port.get("portid")), port.find("state").get("state")) for port in root.iter("port"))
    return found


failed = 0


def complain(text):
    global failed
    failed += 1
    print(text)


open_ports = sorted(dice.sample(range(2000, 2200), 20))
listeners = Listeners(open_ports)
firewall(["numgen random mod 100 < 5 drop"])
for number in range(lossy):
    version = "46"[number % 2]
    found = ports_of(ADDRESS[version], "2000-2199")
    missed = [port for port in open_ports if found[port][0] != "open"]
    wrong = [port for port in found if found[port][0] != ("open" if port in open_ports else "closed")]
    if missed:
        complain("scan %d of %s missed %s" % (number, ADDRESS[version], missed))
    elif wrong:
        complain("scan %d of %s: %s" % (number, ADDRESS[version], {port: found[port] for port in wrong}))
no_firewall()
listeners.close()
print("scans: %d through 5 %% loss each way, 20 of 200 ports open: %d failed" % (lossy, failed))

nmap = shutil.which("nmap")
for number in range(mixes):
    version = "46"[number % 2]
    kinds = ["open", "closed", "reset", "drop"] + list(FATES[version])
    fates = {port: dice.choice(kinds) for port in range(3000, 3120)}
    rules, expected = [], {}
    for port, fate in fates.items():
        if fate == "drop":
            rules.append("tcp dport %d drop" % port)
            expected[port] = ("filtered", "no-response")
        elif fate == "reset":
            rules.append("tcp dport %d reject with tcp reset" % port)
            expected[port] = ("closed", "conn-refused")
        elif fate in FATES[version]:
            rules.append("meta nfproto ipv%s tcp dport %d reject with %s" % (version, port, fate))
            expected[port] = FATES[version][fate]
        else:
            expected[port] = ("open", "syn-ack") if fate == "open" else ("closed", "conn-refused")
    listeners = Listeners([port for port, fate in fates.items() if fate == "open"])
    firewall(rules)
    found = ports_of(ADDRESS[version], "3000-3119")
    if found != expected:
        complain("mix %d, IPv%s: %s" % (number, version, {p: (fates[p], found.get(p)) for p in fates if found.get(p) != expected[p]}))
    if nmap:
        theirs = by_nmap(ADDRESS[version], "3000-3119", version)
        differing = {p: (fates[p], found[p][0], theirs.get(p)) for p in fates if theirs.get(p) != found[p][0]}
        if differing:
            complain("mix %d, IPv%s: nmap says otherwise: %s" % (number, version, differing))
    no_firewall()
    listeners.close()
print("scans: %d mixes of 120 ports, %s: %s" % (mixes, "nmap asked too" if nmap else "nmap is not installed", "all agree" if not failed else "%d failures" % failed))
sys.exit(1 if failed else 0)
