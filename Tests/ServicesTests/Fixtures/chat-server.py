import socket, sys, threading

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
members = {}

def serve(conn):
    conn.sendall(b'* your first line is your name\n')
    name = ''
    for line in conn.makefile('r'):
        if not name:
            name = line.strip()
            members[name] = conn
        for other, sock in list(members.items()):
            if other != name:
                sock.sendall(('%s: %s' % (name, line)).encode())
    members.pop(name, None)
    conn.close()

s = socket.socket(family, socket.SOCK_STREAM)
s.bind((host, port))
s.listen(10)
print(s.getsockname()[1], flush=True)
threads = []
for _ in range(2):
    threads.append(threading.Thread(target=serve, args=(s.accept()[0],)))
    threads[-1].start()
for thread in threads:
    thread.join()
