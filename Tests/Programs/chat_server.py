import socket, threading

members = []

def serve(member):
    while True:
        line = member.recv(1024)
        if not line:
            break
        for other in members:
            if other is not member:
                other.sendall(line)
    members.remove(member)
    member.close()

s = socket.socket()
s.bind(("127.0.0.1", 12347))
s.listen(10)
while True:
    member, address = s.accept()
    members.append(member)
    threading.Thread(target=serve, args=(member,)).start()
