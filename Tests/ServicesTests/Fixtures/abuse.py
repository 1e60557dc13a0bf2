# Abuses a server, while an ordinary client is served over and over. Usage: abuse.py PORT PID WHAT
import os, socket, struct, sys, threading, time

port, pid, what = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
over = threading.Event()
served = [0]
trouble = []


def connect(timeout=15):
    return socket.create_connection(('127.0.0.1', port), timeout=timeout)


def upper(s):
    s.sendall(b'hello\n')
    answer = s.recv(100)
    assert answer == b'HELLO\n', answer


def store(s):
    s.sendall(b'GET\n')
    stream = s.makefile('rb')
    length = int(stream.readline().split()[1])
    assert len(stream.read(length)) == length


def echo(s):
    s.sendall(b'hello')
    assert s.recv(100) == b'hello'


def ordinary(exchange, again):
    """An ordinary client; `again` makes a new connection each time."""
    try:
        s = connect()
        while not over.is_set():
            exchange(s)
            served[0] += 1
            if again:
                s.close()
                s = connect()
            time.sleep(0.002)
        s.close()
    except Exception as error:
        trouble.append('the ordinary client: %r' % error)


def beside(exchange, again=True):
    thread = threading.Thread(target=ordinary, args=(exchange, again), daemon=True)
    thread.start()
    return thread


def cpu_ticks():
    fields = open('/proc/%d/stat' % pid).read().rsplit(')', 1)[1].split()
    return int(fields[11]) + int(fields[12])


def silent():
    thread = beside(upper)
    mute = [connect() for _ in range(500)]
    closed = sum(s.recv(1) == b'' for s in mute)
    print(closed, 'connections closed by the server')
    return thread


def drip():
    thread = beside(upper)
    s = connect()
    for letter in b'one byte at a time':
        s.sendall(bytes([letter]))
        answer = s.recv(10)
        assert answer == bytes([letter]).upper(), answer
    print('every byte answered')
    return thread


def endless():
    thread = beside(upper)
    s = connect()
    block = b'x' * 65536
    try:
        for _ in range(16384):
            s.sendall(block)
    except (BrokenPipeError, ConnectionResetError):
        pass
    else:
        raise AssertionError('a gigabyte was taken')
    # A second one reads before it sends too much: it is told.
    s = connect()
    s.sendall(b'x' * 65537)
    answer = s.makefile('rb').read()
    assert b'longer than 65536 bytes' in answer, answer
    print('told that the message is too long, and closed')
    return thread


def claim():
    thread = beside(store)
    s = connect()
    s.sendall(b'SET 1000000000\n')
    answer = s.makefile('rb').read().decode()
    assert answer.startswith('ERROR a text may have at most'), answer
    print('told that', answer[6:].strip())
    return thread


def deaf():
    thread = beside(echo)
    s = connect(timeout=1)
    sent = 0
    try:
        while sent < 1 << 30:
            sent += s.send(b'x' * 65536)
    except socket.timeout:
        print('stopped by flow control after', sent >> 20, 'MB')
    assert sent < 1 << 28
    return thread


def add(s):
    s.sendall(b'50,40\n')
    answer = s.recv(100)
    assert answer == b'90\n', answer


def askers():
    thread = beside(add)
    crowd = [connect() for _ in range(40)]
    for s in crowd:
        s.settimeout(0.01)
        try:
            # Every newline is answered with an error of 35 bytes.
            for _ in range(16):
                s.sendall(b'\n' * 65536)
        except (socket.timeout, OSError):
            pass
    print(len(crowd), 'clients asked and did not read')
    return thread


def resets():
    s = connect()
    s.sendall(b'SET 12\nacknowledged')
    assert s.recv(100) == b'OK 12\n'
    thread = beside(store)
    for number in range(1000):
        rude = connect()
        rude.sendall(b'SET 100000\n' + b'x' * (number * 37 % 50000))
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        rude.close()
    s.sendall(b'GET\n')
    answer = s.makefile('rb').read(20)
    assert answer == b'TEXT 12\nacknowledged', answer
    print('the acknowledged text is there')
    return thread


def knocks():
    thread = beside(upper)
    start = time.time()
    for number in range(1000):
        s = connect()
        if number % 2:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        s.close()
    print('1000 connections made at', int(1000 / (time.time() - start)), 'a second')
    return thread


def descriptors():
    thread = beside(upper, again=False)
    while not served[0]:
        time.sleep(0.01)
    crowd = [connect() for _ in range(150)]
    ticks, before = cpu_ticks(), served[0]
    time.sleep(1)
    # 100 ticks are a second of one core: the ordinary client costs some, a loop that spins takes all.
    spent = cpu_ticks() - ticks
    assert spent < 60, 'the server spins: %d ticks' % spent
    assert served[0] > before, 'the client that was there is served no more'
    for s in crowd[:100]:
        s.close()
    for s in crowd[100:]:
        upper(s)
    upper(connect())
    print('all served in the end;', spent, '% of a core while none were left')
    return thread


def crowd():
    thread = beside(upper, again=False)
    while not served[0]:
        time.sleep(0.01)
    present = [connect() for _ in range(7)]
    for s in present:
        upper(s)
    ninth = connect()
    ninth.sendall(b'hello\n')
    ninth.settimeout(0.3)
    try:
        raise AssertionError(ninth.recv(10))
    except socket.timeout:
        pass
    present[0].close()
    ninth.settimeout(15)
    assert ninth.recv(10) == b'HELLO\n'
    print('the ninth served when one left')
    return thread


def slow_member():
    names = ['anna', 'bob', 'deaf']
    members = [connect(timeout=30) for _ in names]
    members[2].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    streams = [s.makefile('r') for s in members]
    for name, s, stream in zip(names, members, streams):
        stream.readline()
        s.sendall(name.encode() + b'\n')
        stream.readline()
    for stream, joined in ((streams[0], 2), (streams[1], 1)):
        for _ in range(joined):
            stream.readline()
    line = 'x' * 1000
    count = 20000

    def talk():
        for number in range(count):
            members[0].sendall(('%d %s\n' % (number, line)).encode())

    talker = threading.Thread(target=talk, daemon=True)
    talker.start()
    gone = False
    number = 0
    while number < count:
        heard = streams[1].readline()
        if heard == '* deaf left: 2 here\n':
            gone = True
        else:
            assert heard == 'anna: %d %s\n' % (number, line), (number, heard[:60])
            number += 1
            served[0] += 1
    talker.join()
    if not gone:
        members[0].sendall(b'bye\n')
        gone = any(streams[1].readline() == '* deaf left: 2 here\n' for _ in range(2))
    assert gone, 'the slow member is still there'
    print('sent away; the others got every line in order:', count, 'lines')
    return None


thread = globals()[what]()
if thread:
    enough = served[0] + 20
    deadline = time.time() + 15
    while served[0] < enough and time.time() < deadline and not trouble:
        time.sleep(0.01)
    over.set()
    thread.join()
    assert served[0] >= enough or trouble, 'the ordinary client waits'
print('the ordinary client was served', served[0], 'times')
sys.exit('; '.join(trouble) or 0)
