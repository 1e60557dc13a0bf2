#!/usr/bin/env python3
"""What takes long of the servers: 10,000 clients at once on one thread, each echoed 100 times; and a gigabyte that is got although
its client is killed 50 times.

Usage: serve.py NETPROBE     runs in a network namespace of its own where it may, else on loopback
"""
import hashlib, os, random, re, resource, shutil, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
netprobe = os.path.abspath(sys.argv[1])
scratch = tempfile.mkdtemp(prefix='netprobe-soak-')
failures = []
if 'NETPROBE_SOAK_INSIDE' not in os.environ and subprocess.run(['unshare', '-Urn', 'true'], capture_output=True).returncode == 0:
    inside = f'ip link set lo up && exec {sys.executable} {os.path.abspath(__file__)} {netprobe}'
    os.execvpe('unshare', ['unshare', '-Urn', 'sh', '-c', inside], {**os.environ, 'NETPROBE_SOAK_INSIDE': '1'})


def check(what, good):
    print(f'{"ok    " if good else "FAILED"} {what}', flush=True)
    if not good:
        failures.append(what)


def serve(*arguments):
    # A soft limit as shells have it: serve raises it itself.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    # With its log: what only the release build does wrong would show here.
    process = subprocess.Popen([netprobe, 'serve', *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard)))
    while not process.stdout.readline().startswith('client: '):
        pass
    return process


def stop(process):
    process.terminate()
    check('the server ends cleanly', process.wait(10) == 0)


def peak(process):
    return int(re.search(r'VmHWM:\s+(\d+)', open(f'/proc/{process.pid}/status').read())[1]) / 1024


def many(connections=10000, rounds=100, size=64):
    load = os.path.join(scratch, 'load')
    subprocess.run([os.environ.get('CC', 'cc'), '-O2', '-o', load, f'{here}/../Bench/serve/echo_load.c'], check=True)
    server = serve('tcp-echo', '--port', '7001')
    run = subprocess.run([load, 'tcp', '7001', str(connections), str(rounds), str(size)], capture_output=True, text=True)
    rate, count, wrong, connecting = (run.stdout.split() + ['0'] * 4)[:4]
    threads = len(os.listdir(f'/proc/{server.pid}/task'))
    check(f'{connections} clients at once, each echoed {rounds} times: {count} of {connections * rounds} messages, {wrong} wrong, '
          f'{float(rate):,.0f}/s, connected in {connecting} s {run.stderr.strip()}',
          run.returncode == 0 and int(count) == connections * rounds and wrong == '0')
    check(f'{peak(server):.0f} MB at most (limit 100)', peak(server) < 100)
    # One serves; the other only waits for signals.
    check(f'{threads} threads, one of which waits for signals', threads <= 2)
    stop(server)


def resumed(kills=50, size=1 << 30):
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    folder, target = os.path.join(scratch, 'shared'), os.path.join(scratch, 'got')
    os.mkdir(folder)
    whole = hashlib.sha256()
    with open(f'{folder}/big', 'wb') as file:
        block = chance.randbytes(1 << 20)
        for number in range(size >> 20):
            piece = number.to_bytes(8, 'big') + block[8:]
            whole.update(piece)
            file.write(piece)
    server = serve('file', folder, '--port', '7002')
    command = [netprobe, 'client', 'file', '127.0.0.1', 'big', '--port', '7002', '-o', target]
    killed = grown = 0
    while killed < kills:
        before = os.path.getsize(target + '.part') if os.path.exists(target + '.part') else 0
        client = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        # The client first reads what it has, at about 1.5 GB a second.
        time.sleep(chance.uniform(0, 0.02 + before / 1.2e9 + 0.03))
        client.kill()
        client.wait()
        if os.path.exists(target):
            # It was faster: from the start, with the kills that are left.
            os.unlink(target)
            continue
        killed += 1
        grown += os.path.exists(target + '.part') and os.path.getsize(target + '.part') > before
    last = subprocess.run(command, capture_output=True, text=True)
    digest = hashlib.sha256()
    if os.path.exists(target):
        with open(target, 'rb') as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    check(f'{size >> 20} MB, killed {killed} times at random points (seed {seed}), {grown} of them after more had come: SHA-256 '
          f'{"right" if digest.hexdigest() == whole.hexdigest() else "WRONG " + last.stderr}',
          last.returncode == 0 and digest.hexdigest() == whole.hexdigest())
    stop(server)


try:
    many()
    resumed()
finally:
    shutil.rmtree(scratch)
sys.exit(1 if failures else 0)
