import socket

s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 12345))
s.listen(5)
c, addr = s.accept()
while True:
    text = c.recv(1024).decode()
    if not text:
        break
    c.send(str(sum(int(n) for n in text.split(","))).encode())
c.close()
s.close()
