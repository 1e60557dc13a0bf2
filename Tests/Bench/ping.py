#!/usr/bin/env python3
"""Compares `netprobe ping-udp` with a bare C loop and with sockperf's ping-pong, all on loopback, in turns."""
import argparse, json, os, re, shutil, statistics, subprocess, sys, tempfile, time

arguments = argparse.ArgumentParser()
arguments.add_argument("--netprobe", default=".build/release/netprobe")
arguments.add_argument("--count", type=int, default=30_000)
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--size", type=int, default=56)
given = arguments.parse_args()
folder = tempfile.mkdtemp()
peer = os.path.join(folder, "ping_peer")
subprocess.run(["cc", "-O2", "-o", peer, os.path.join(os.path.dirname(os.path.abspath(__file__)), "ping_peer.c")], check=True)
port, other = "47007", "47008"
sockperf = shutil.which("sockperf")
# Where the system puts the two processes decides more than the programs do, so both places are measured. One processor
# switches between the two at every datagram; on two, an answer has to wake the other one.
processors = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
places = {"on two processors": processors[:2], "on one processor": processors[:1] * 2} if len(processors) > 1 else {"": processors * 2}


def placed(processor):
    return (lambda: os.sched_setaffinity(0, {processor})) if processor is not None else None


def serve(processor):
    quiet = {"stdout": subprocess.DEVNULL, "preexec_fn": placed(processor)}
    servers = [subprocess.Popen([peer, "serve", port], **quiet)]
    if sockperf:
        servers.append(subprocess.Popen([sockperf, "server", "-i", "127.0.0.1", "-p", other], **quiet))
    time.sleep(0.5)
    return servers


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=placed(client)).stdout


def flood():
    figures = json.loads(output(given.netprobe, "ping-udp", "127.0.0.1", "-p", port, "-f", "-c", str(given.count), "-s", str(given.size), "--ndjson", "-q").splitlines()[-1])
    assert figures["lost"] == figures["corrupted"] == 0, figures
    # The end waits 20 ms for duplicates.
    return figures["rtt_p50_ns"], figures["sent"] / ((figures["duration_ns"] - 20e6) / 1e9)


def paced(count=1000):
    figures = json.loads(output(given.netprobe, "ping-udp", "127.0.0.1", "-p", port, "-i", "0.0005", "-c", str(count), "-s", str(given.size), "--ndjson", "-q").splitlines()[-1])
    return figures["rtt_p50_ns"], 0


def loop():
    figures = json.loads(output(peer, "loop", port, str(given.count), str(given.size)))
    return figures["p50_ns"], figures["per_second"]


def pingpong():
    text = output(sockperf, "ping-pong", "-i", "127.0.0.1", "-p", other, "-m", str(given.size), "-t", "1")
    sent = int(re.search(r"\[Valid Duration\].*SentMessages=(\d+)", text).group(1))
    run = float(re.search(r"\[Valid Duration\] RunTime=([\d.]+)", text).group(1))
    # sockperf gives half of the round trip.
    return float(re.search(r"percentile 50\.000 =\s*([\d.]+)", text).group(1)) * 2000, sent / run


ways = {"C send/recv loop": loop, "ping-udp --flood": flood, "ping-udp -i 0.0005": paced}
if sockperf:
    ways["sockperf ping-pong"] = pingpong
ok = True
for place, (server, client) in {name: (used + [None, None])[:2] for name, used in places.items()}.items():
    found = {name: [] for name in ways}
    servers = serve(server)
    try:
        for _ in range(given.rounds):
            for name, way in ways.items():
                found[name].append(way())
    finally:
        for process in servers:
            process.kill()
            process.wait()
    print(f"{place:22}{'median RTT µs':>15}{'a second':>12}")
    median = {}
    for name, values in found.items():
        median[name] = (statistics.median(v[0] for v in values), statistics.median(v[1] for v in values))
        rate = f"{median[name][1]:12,.0f}" if median[name][1] else ""
        print(f"{name:22}{median[name][0] / 1000:15.2f}{rate}")
    # One processor for both is the odd case: its figures are told, not judged.
    judged = place != "on one processor"
    said = lambda target: f"({target})" if judged else "(told, not judged)"
    latency = median["ping-udp --flood"][0] / median["C send/recv loop"][0]
    print(f"median RTT, flood / C loop: {latency:.3f} {said('at most 1.1')}")
    ok = ok and (latency <= 1.1 or not judged)
    if sockperf:
        ratio = median["ping-udp --flood"][1] / median["sockperf ping-pong"][1]
        print(f"rate, flood / sockperf: {ratio:.3f} {said('at least 1')}")
        ok = ok and (ratio >= 1 or not judged)
    print()
shutil.rmtree(folder)
if not sockperf:
    print("sockperf is not installed: not compared")
sys.exit(0 if ok else 1)
