import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
with socket.create_connection((host, port), timeout=20) as s:
    s.sendall(b'Hi there, server')
    reply = s.recv(1024)
print('The server said', repr(reply))
assert reply == b'Hello World!'
