import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
with socket.create_connection((host, port), timeout=20) as s:
    s.sendall(b'Hello, world')
    data = s.recv(1024)
print('Received', repr(data))
assert data == b'Hello, world'
