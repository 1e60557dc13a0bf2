import hashlib, socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
content = bytes(range(256)) * 4000
s = socket.socket(family, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((host, port))
s.listen(5)
print(s.getsockname()[1], flush=True)
conn, addr = s.accept()
with conn:
    request = conn.makefile('rb').readline().decode()
    word, offset, name = request.rstrip('\n').split(' ', 2)
    conn.sendall(b'OK %d\n' % len(content))
    conn.sendall(content[int(offset):])
    conn.sendall(hashlib.sha256(content).hexdigest().encode() + b'\n')
