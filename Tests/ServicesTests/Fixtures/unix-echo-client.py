import os, socket, sys

path, kind = sys.argv[1], {'stream': socket.SOCK_STREAM, 'dgram': socket.SOCK_DGRAM, 'seqpacket': socket.SOCK_SEQPACKET}[sys.argv[2]]
s = socket.socket(socket.AF_UNIX, kind)
s.settimeout(20)
if kind == socket.SOCK_DGRAM:
    s.bind(path + '.client')
s.connect(path)
s.sendall(b'Hello, world')
data = s.recv(1024)
s.close()
if kind == socket.SOCK_DGRAM:
    os.unlink(path + '.client')
print('Received', repr(data))
assert data == b'Hello, world'
