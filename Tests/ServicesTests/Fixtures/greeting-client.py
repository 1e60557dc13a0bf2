import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
with socket.create_connection((host, port), timeout=20) as s:
    data = s.recv(1024)
    rest = s.recv(1024)
print(data.decode())
assert data == b'Thank you for connecting' and rest == b''
