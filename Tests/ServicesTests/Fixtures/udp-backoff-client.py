import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.settimeout(20)
s.connect((host, port))
delay = 0.1
text = 'This is another message'
while True:
    s.send(text.encode('ascii'))
    s.settimeout(delay)
    try:
        data = s.recv(65535)
    except socket.timeout:
        delay *= 2
        if delay > 2.0:
            raise RuntimeError('I think the server is down')
    else:
        break
print('The server says', repr(data.decode()))
assert data.decode() == 'The msg was 23 bytes long'
