#!/usr/bin/env python3
"""Measures the wire between two hosts: throughput without impairment, round trips with a delay, losses by a seed.

Everything runs in private namespaces; no rights are needed. Exit status 1 where a promise of the README is not kept."""
import argparse, json, os, re, statistics, subprocess, sys, tempfile, textwrap, time

arguments = argparse.ArgumentParser()
arguments.add_argument("--netprobe", default=".build/release/netprobe")
arguments.add_argument("--megabytes", type=int, default=64)
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--lossy", type=int, default=10, help="transfers of 1 MB through 20 %% loss; each takes up to minutes")
arguments.add_argument("--only", choices=["rate", "delay", "loss"], action="append")
given = arguments.parse_args()
folder = tempfile.mkdtemp()
os.chmod(folder, 0o755)
failed = []


def script(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(textwrap.dedent(text))
    return path


def run(server, client, *options, limit=300):
    command = [given.netprobe, "run", "--no-calls", "--no-ladder", "--wire", "two-hosts", *options,
               "--server", f"{sys.executable} {server}", "--", sys.executable, *client.split()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}\n{done.stderr}{done.stdout[-2000:]}")
    return done.stdout


def check(what, holds):
    print(f"{what}{'' if holds else '   <-- NOT KEPT'}")
    if not holds:
        failed.append(what)


sink = script("sink.py", """
    import hashlib, socket, time
    listener = socket.create_server(("10.0.0.2", 7000))
    connection, peer = listener.accept()
    digest, size, start = hashlib.sha256(), 0, None
    view = memoryview(bytearray(1 << 20))
    while True:
        count = connection.recv_into(view)
        if start is None: start = time.monotonic()
        if not count: break
        size += count
        HASH
    print("received", size, digest.hexdigest(), time.monotonic() - start, flush=True)
    connection.sendall(b"done")
    connection.close()
    """.replace("HASH", "digest.update(view[:count])"))
quick = script("quick.py", open(sink).read().replace("digest.update(view[:count])", "pass"))
source = script("source.py", """
    import hashlib, random, socket, sys
    content = random.Random(1).randbytes(1 << 20)
    connection = socket.create_connection(("10.0.0.2", 7000))
    digest = hashlib.sha256()
    for _ in range(int(sys.argv[1])):
        connection.sendall(content)
        digest.update(content)
    connection.shutdown(socket.SHUT_WR)
    connection.recv(10)
    print("sent", int(sys.argv[1]) << 20, digest.hexdigest(), flush=True)
    """)

if not given.only or "rate" in given.only:
    rates = []
    for _ in range(given.rounds):
        output = run(quick, f"{source} {given.megabytes}")
        size, _, seconds = re.search(r"received (\d+) (\w+) ([\d.e-]+)", output).groups()
        rates.append(int(size) * 8 / float(seconds) / 1e9)
    check(f"TCP without impairment, both ends captured: {statistics.median(rates):.2f} Gbit/s of payload (median of {given.rounds}, {min(rates):.2f} to {max(rates):.2f})",
          statistics.median(rates) >= 1)

if not given.only or "delay" in given.only:
    echo = script("echo.py", """
        import socket
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("10.0.0.2", 7000))
        while True:
            data, peer = server.recvfrom(100)
            server.sendto(data, peer)
        """)
    ping = script("ping.py", """
        import socket, time
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.connect(("10.0.0.2", 7000))
        times = []
        for number in range(51):
            start = time.monotonic()
            client.send(b"x")
            client.recv(100)
            times.append((time.monotonic() - start) * 1000)
            time.sleep(0.005)
        # The first one also waited for ARP.
        print("times", *times[1:], flush=True)
        """)
    for delay in [1, 10, 40, 100]:
        output = run(echo, ping, "--delay", f"{delay}ms")
        times = [float(word) for word in re.search(r"times (.*)", output).group(1).split()]
        check(f"delay {delay} ms each way: round trip {statistics.median(times):.3f} ms (median of {len(times)}, {min(times):.3f} to {max(times):.3f})",
              0 <= statistics.median(times) - 2 * delay < 1)

if not given.only or "loss" in given.only:
    taken = []
    for _ in range(given.lossy):
        start = time.monotonic()
        output = run(sink, f"{source} 1", "--loss", "20%", "--seed", "7", limit=3600)
        received = re.search(r"received (\d+) (\w+)", output).groups()
        sent = re.search(r"sent (\d+) (\w+)", output).groups()
        if received != sent:
            failed.append(f"1 MB with --loss 20% --seed 7: {received} is not {sent}")
        taken.append(time.monotonic() - start)
    check(f"1 MB over TCP with --loss 20% --seed 7 arrived whole in {given.lossy} of {given.lossy} runs ({min(taken):.0f} to {max(taken):.0f} s)", not failed)

    count = script("count.py", """
        import socket
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
        server.bind(("10.0.0.2", 7000))
        numbers = []
        while True:
            server.settimeout(None if not numbers else 1)
            try: numbers.append(int(server.recv(100)))
            except TimeoutError: break
        print("arrived", *numbers, flush=True)
        """)
    shots = script("shots.py", """
        import socket, time
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.connect(("10.0.0.2", 7000))
        for number in range(1000):
            client.send(str(number).encode())
            time.sleep(0.0005)
        time.sleep(1.5)
        """)
    results = []
    for _ in range(3):
        output = run(count, shots, "--loss", "20%", "--seed", "7")
        arrived = re.search(r"arrived (.*)", output).group(1).split()
        lost = int(re.search(r"client → server .*: 1000 packets, (\d+) lost", output).group(1))
        if 1000 - len(arrived) != lost:
            failed.append(f"{len(arrived)} of 1000 datagrams arrived, and the wire says that it lost {lost}")
        results.append(arrived)
    check(f"1000 datagrams with --loss 20% --seed 7: {1000 - len(results[0])} lost, as the wire says, and the same ones in 3 runs",
          results[0] == results[1] == results[2] and not failed)

sys.exit(1 if failed else 0)
