import socket, sys, time

s = socket.socket()
s.connect(("127.0.0.1", 12347))
if sys.argv[1] == "talk":
    time.sleep(0.3)
    s.sendall(b"hello everybody\n")
    time.sleep(0.1)
else:
    print(s.recv(1024).decode().strip())
s.close()
