import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
with socket.create_connection((host, port), timeout=20) as anna, socket.create_connection((host, port), timeout=20) as bob:
    hers, his = anna.makefile('r'), bob.makefile('r')
    assert 'name' in hers.readline() and 'name' in his.readline()
    anna.sendall(b'anna\n')
    assert 'hello anna' in hers.readline()
    bob.sendall(b'bob\n')
    assert 'anna' in his.readline() and hers.readline() == '* bob joined: 2 here\n'
    anna.sendall(b'good morning\n')
    line = his.readline()
    print(line, end='')
    assert line == 'anna: good morning\n'
    bob.close()
    his.close()
    assert hers.readline() == '* bob left: 1 here\n'
