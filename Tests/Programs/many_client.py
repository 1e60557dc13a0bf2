import socket, sys, threading

def talk(times):
    for number in range(times):
        with socket.create_connection(("127.0.0.1", 7100)) as s:
            s.sendall(b"hello %d" % number)
            if s.recv(1024) != b"HELLO %d" % number:
                sys.exit("wrong answer")
            s.shutdown(socket.SHUT_WR)
            s.recv(1024)

total, threads = int(sys.argv[1]), int(sys.argv[2])
members = [threading.Thread(target=talk, args=(total // threads,)) for _ in range(threads)]
for member in members:
    member.start()
for member in members:
    member.join()
