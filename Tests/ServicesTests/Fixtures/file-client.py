import hashlib, socket, sys

host, port = sys.argv[1], int(sys.argv[2])
with socket.create_connection((host, port), timeout=20) as s:
    stream = s.makefile('rb')
    s.sendall(b'GET 0 notes.txt\n')
    status, size = stream.readline().split()
    assert status == b'OK', status
    content = stream.read(int(size))
    digest = stream.readline().strip().decode()
print(len(content), 'bytes', digest)
assert len(content) == int(size) and hashlib.sha256(content).hexdigest() == digest
