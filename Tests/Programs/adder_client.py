import socket

s = socket.socket()
s.connect(("127.0.0.1", 12345))
for question in ("50,40", "1,2,3"):
    s.send(question.encode())
    print(question, "=", s.recv(1024).decode())
s.close()
