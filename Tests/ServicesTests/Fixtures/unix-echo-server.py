import os, socket, sys

path, kind = sys.argv[1], {'stream': socket.SOCK_STREAM, 'dgram': socket.SOCK_DGRAM, 'seqpacket': socket.SOCK_SEQPACKET}[sys.argv[2]]
s = socket.socket(socket.AF_UNIX, kind)
s.bind(path)
if kind == socket.SOCK_DGRAM:
    print('ready', flush=True)
    data, address = s.recvfrom(1024)
    s.sendto(data, address)
else:
    s.listen(1)
    print('ready', flush=True)
    conn, address = s.accept()
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
os.unlink(path)
