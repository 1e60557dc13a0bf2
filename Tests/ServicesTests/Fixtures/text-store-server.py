import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
text = b''
s = socket.socket(family, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((host, port))
s.listen(5)
print(s.getsockname()[1], flush=True)
for _ in range(2):
    conn, addr = s.accept()
    with conn:
        stream = conn.makefile('rb')
        for request in stream:
            words = request.split()
            if words[0] == b'GET':
                conn.sendall(b'TEXT %d\n' % len(text) + text)
            elif words[0] == b'SET':
                text = stream.read(int(words[1]))
                conn.sendall(b'OK %d\n' % len(text))
            elif words[0] == b'CLOSE':
                conn.sendall(b'BYE\n')
                break
