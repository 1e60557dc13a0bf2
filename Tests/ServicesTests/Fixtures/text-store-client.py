import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
text = 'a text\nof two lines, and an Umlaut: ä'.encode()
with socket.create_connection((host, port), timeout=20) as s:
    stream = s.makefile('rb')
    s.sendall(b'SET %d\n' % len(text) + text)
    assert stream.readline() == b'OK %d\n' % len(text)
    s.sendall(b'GET\n')
    word, length = stream.readline().split()
    assert word == b'TEXT' and stream.read(int(length)) == text
    s.sendall(b'CLOSE\n')
    assert stream.readline() == b'BYE\n' and stream.read() == b''
print('stored and retrieved', len(text), 'bytes')
