import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
with socket.create_connection((host, port), timeout=20) as s:
    for numbers, total in ('50,40', '90'), ('-7,3,1', '-3'), ('9' * 30 + ',1', '1' + '0' * 30):
        s.sendall(numbers.encode())
        answer = s.recv(1024).decode()
        print(numbers, '=', answer)
        assert answer == total
    s.sendall(b'fifty,40')
    answer = s.recv(1024).decode()
    assert answer.startswith('error'), answer
    s.sendall(b'1,2')
    assert s.recv(1024) == b'3'
