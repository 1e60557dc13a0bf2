import Addressing
import Sockets
import Testing

@testable import Lab

/// What strace 6.1 really wrote about small programs, and what must become of it.
@Suite struct StraceTraceTests {
    private func calls(_ text: String, program: SocketCall.End = .client) -> [SocketCall] {
        var trace = StraceTrace()
        trace.take(text.utf8)
        return trace.calls(of: program)
    }

    private func texts(_ text: String, program: SocketCall.End = .client) -> [String] {
        calls(text, program: program).map {
            "\($0.end.rawValue): \($0.text) [\($0.local?.description ?? "*") > \($0.peer?.description ?? "*")]"
        }
    }

    static let echo = """
        27690 1795642022.464600 openat(AT_FDCWD, "x", O_RDONLY) = 3</tmp/x>
        27690 1795642022.464610 read(3</tmp/x>, "epti"..., 4096) = 22 <0.000013>
        27690 1795642022.464620 close(3</tmp/x>) = 0 <0.000013>
        27690 1795642022.464689 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3<TCP:[124398]> <0.000022>
        27690 1795642022.464800 setsockopt(3<TCP:[124398]>, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0 <0.000005>
        27690 1795642022.465026 connect(3<TCP:[124398]>, {sa_family=AF_INET, sin_port=htons(65432), \
        sin_addr=inet_addr("127.0.0.1")}, 16) = 0 <0.000087>
        27690 1795642022.465361 sendto(3<TCP:[127.0.0.1:38398->127.0.0.1:65432]>, "hell"..., 5, MSG_NOSIGNAL, NULL, \
        0 <unfinished ...>
        27754 1795642022.465626 close(9</dev/null>) = 0 <0.000001>
        27690 1795642022.466042 <... sendto resumed>) = 5 <0.000422>
        27690 1795642022.466061 recvfrom(3<TCP:[127.0.0.1:38398->127.0.0.1:65432]>,  <unfinished ...>
        27690 1795642022.470254 <... recvfrom resumed>"hell)\\", 3<TCP:"..., 1024, 0, NULL, NULL) = 5 <0.004172>
        27690 1795642022.470362 write(1</dev/pts/0>, "b'he"..., 8) = 8 <0.000022>
        27690 1795642022.470454 close(3<TCP:[127.0.0.1:38398->127.0.0.1:65432]>) = 0 <0.000050>
        27690 1795642022.580575 +++ exited with 0 +++

        """

    @Test func anEchoClient() {
        let pair = "[127.0.0.1:38398 > 127.0.0.1:65432]"
        #expect(
            texts(Self.echo) == [
                "client: socket(AF_INET, SOCK_STREAM) = 3 [* > *]",
                "client: setsockopt(3, SOL_SOCKET, SO_REUSEADDR, 1) = 0 [* > *]",
                "client: connect(3, 127.0.0.1:65432) = 0 \(pair)",
                "client: send(3, 5 bytes) = 5 \(pair)",
                "client: recv(3, 1024) = 5 bytes \(pair)",
                "client: close(3) = 0 \(pair)",
            ])
        let send = calls(Self.echo)[3]
        #expect(send.start == Timestamp(seconds: 1_795_642_022, nanoseconds: 465_361_000))
        #expect(send.finish == Timestamp(seconds: 1_795_642_022, nanoseconds: 465_783_000))
    }

    /// strace -p names no thread where there is only one.
    @Test func theOnlyThreadOfAProgramThatRanBefore() {
        let text = Self.echo.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("27754") }
            .map { $0.hasPrefix("27690 ") ? String($0.dropFirst(6)) : String($0) }.joined(separator: "\n")
        #expect(texts(text) == texts(Self.echo))
        #expect(texts(text).count == 6)
    }

    @Test func aServerWithAChildThatInheritsTheConnection() {
        let text = """
            10 1.000000001 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<TCP:[7]> <0.000000500>
            10 1.000000100 bind(3<TCP:[7]>, {sa_family=AF_INET, sin_port=htons(7000), sin_addr=inet_addr("0.0.0.0")}, \
            16) = 0 <0.000000001>
            10 1.000000200 listen(3<TCP:[0.0.0.0:7000]>, 5) = 0 <0.000000001>
            10 1.000000300 accept4(3<TCP:[0.0.0.0:7000]>, {sa_family=AF_INET, sin_port=htons(38398), \
            sin_addr=inet_addr("127.0.0.1")}, [16], SOCK_CLOEXEC) = 4<TCP:[127.0.0.1:7000->127.0.0.1:38398]> \
            <0.000000001>
            10 1.000000400 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, \
            child_tidptr=0x7f <unfinished ...>
            11 1.000000500 read(4<TCP:[127.0.0.1:7000->127.0.0.1:38398]>, ""..., 100) = 0 <0.000000001>
            10 1.000000600 <... clone resumed>) = 11 <0.000000200>
            10 1.000000700 close(4<TCP:[127.0.0.1:7000->127.0.0.1:38398]>) = 0 <0.000000001>
            10 1.000000800 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM, \
            child_tid=0x7f}, 88) = 12 <0.000000001>
            12 1.000000900 accept4(3<TCP:[0.0.0.0:7000]>,  <unfinished ...>
            11 1.000001000 shutdown(4<TCP:[127.0.0.1:7000->127.0.0.1:38398]>, SHUT_WR) = 0 <0.000000001>

            """
        #expect(
            texts(text, program: .server) == [
                "server: socket(AF_INET, SOCK_STREAM) = 3 [* > *]",
                "server: bind(3, 0.0.0.0:7000) = 0 [0.0.0.0:7000 > *]",
                "server: listen(3, 5) = 0 [0.0.0.0:7000 > *]",
                "server: accept4(3) = 4 accepted 127.0.0.1:38398 [0.0.0.0:7000 > *]",
                "server/2: read(4, 100) = 0 bytes [127.0.0.1:7000 > 127.0.0.1:38398]",
                "server: close(4) = 0 [127.0.0.1:7000 > 127.0.0.1:38398]",
                "server/1.2: accept4(3) = ? [0.0.0.0:7000 > *]",
                "server/2: shutdown(4, SHUT_WR) = 0 [127.0.0.1:7000 > 127.0.0.1:38398]",
            ])
    }

    /// What epoll watched is known from epoll_ctl alone; a look that does not wait is no call of interest.
    @Test func epollWhoseTimeIsOver() {
        let text = """
            1 1.0 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 6<UDP:[7]> <0.000001>
            1 1.1 sendto(6<UDP:[7]>, "a", 1, 0, {sa_family=AF_INET, sin_port=htons(7001), \
            sin_addr=inet_addr("127.0.0.1")}, 16) = 1 <0.000009>
            1 1.2 epoll_wait(5<anon_inode:[eventpoll]>, [], 8, 100) = 0 <0.1>
            1 1.3 epoll_ctl(5<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 6<UDP:[7]>, {events=EPOLLIN, data={u32=6, \
            u64=6}}) = 0 <0.000010>
            1 1.4 epoll_wait(5<anon_inode:[eventpoll]>, [], 8, 3000) = 0 <3.0>
            1 4.5 epoll_wait(5<anon_inode:[eventpoll]>, [], 8, 0) = 0 <0.000001>
            1 4.6 epoll_ctl(5<anon_inode:[eventpoll]>, EPOLL_CTL_MOD, 6<UDP:[7]>, {events=EPOLLOUT, data={u32=9, \
            u64=9}}) = 0 <0.000010>
            1 4.7 epoll_pwait(5<anon_inode:[eventpoll]>, [], 8, 10, NULL, 8) = 0 <0.01>
            1 4.8 epoll_ctl(5<anon_inode:[eventpoll]>, EPOLL_CTL_DEL, 6<UDP:[7]>, 0x7ffc) = 0 <0.000010>
            1 4.9 epoll_wait(5<anon_inode:[eventpoll]>, [], 8, 10) = 0 <0.01>

            """
        #expect(
            texts(text) == [
                "client: socket(AF_INET, SOCK_DGRAM) = 6 [* > *]",
                "client: sendto(6, 1 byte, 127.0.0.1:7001) = 1 [* > 127.0.0.1:7001]",
                "client: epoll_wait(5, fd 6, 3000 ms) = 0 [* > 127.0.0.1:7001]",
                "client: epoll_wait(5, fd 6 to write, 10 ms) = 0 [* > 127.0.0.1:7001]",
            ])
    }

    /// A socket of a kind that is not followed, and could not be had.
    @Test func aRawSocketThatIsForbidden() {
        let text = """
            1 1.0 socket(AF_INET, SOCK_RAW|SOCK_CLOEXEC, IPPROTO_ICMP) = -1 EPERM (Operation not permitted) <0.000001>
            1 1.1 socket(AF_INET, SOCK_RAW|SOCK_CLOEXEC, IPPROTO_ICMP) = 3<RAW:[9]> <0.000001>
            1 1.2 socket(AF_UNIX, SOCK_STREAM, 0) = -1 EMFILE (Too many open files) <0.000001>

            """
        #expect(texts(text) == ["client: socket(AF_INET, SOCK_RAW) = -1 EPERM (1) [* > *]"])
    }

    @Test func callsThatDoNotWait() {
        let text = """
            1 1.0 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_TCP) = 6<TCP:[7]> <0.000001>
            1 1.1 connect(6<TCP:[7]>, {sa_family=AF_INET, sin_port=htons(7001), sin_addr=inet_addr("127.0.0.1")}, \
            16) = -1 EINPROGRESS (Operation now in progress) <0.000068>
            1 1.2 poll([{fd=0</dev/null>, events=POLLIN}, {fd=6<TCP:[7]>, events=POLLOUT}], 2, 1000) = 1 ([{fd=6, \
            revents=POLLOUT|POLLERR|POLLHUP}]) <0.000027>
            1 1.3 getsockopt(6<TCP:[7]>, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0 <0.000027>
            1 1.4 pselect6(7, [6<TCP:[7]>], NULL, NULL, {tv_sec=1, tv_nsec=0}, NULL) = 1 (in [6], left {tv_sec=0, \
            tv_nsec=9}) <0.000055>
            1 1.5 epoll_ctl(5<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 6<TCP:[7]>, {events=EPOLLIN, data={u32=6, \
            u64=6}}) = 0 <0.000010>
            1 1.6 epoll_wait(5<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=6, u64=6}}], 1023, \
            -1) = 1 <0.000222>
            1 1.7 recvfrom(6<TCP:[7]>, 0x7f0533fef8c0, 5, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily \
            unavailable) <0.052840>
            1 1.8 recvfrom(6<TCP:[7]>, 0x7f0533fef8c0, 5, 0, NULL, NULL) = ? ERESTARTSYS (To be restarted if \
            SA_RESTART is set) <0.5>
            1 1.9 poll([{fd=0</dev/null>, events=POLLIN}], 1, 1000) = 0 (Timeout) <1.0>

            """
        #expect(
            texts(text) == [
                "client: socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK) = 6 [* > *]",
                "client: connect(6, 127.0.0.1:7001) = -1 EINPROGRESS (115) [* > 127.0.0.1:7001]",
                "client: poll(fd 6 to write, 1000 ms) = 1 [* > 127.0.0.1:7001]",
                "client: getsockopt(6, SOL_SOCKET, SO_ERROR, ECONNREFUSED) = 0 [* > 127.0.0.1:7001]",
                "client: select(fd 6, 1000 ms) = 1 [* > 127.0.0.1:7001]",
                "client: epoll_wait(5, fd 6, no timeout) = 1 [* > 127.0.0.1:7001]",
                "client: recv(6, 5) = -1 EAGAIN (11) [* > 127.0.0.1:7001]",
                "client: recv(6, 5) = -1 ERESTARTSYS (512) [* > 127.0.0.1:7001]",
            ])
    }

    @Test func datagramsOverBothFamilies() {
        let text = """
            1 1.0 socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP) = 3<UDPv6:[9]> <0.000001>
            1 1.1 sendto(3<UDPv6:[9]>, ""..., 1, 0, {sa_family=AF_INET6, sin6_port=htons(9), sin6_flowinfo=htonl(0), \
            inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 1 <0.000001>
            1 1.2 recvmsg(3<UDPv6:[[::]:5000]>, {msg_name={sa_family=AF_INET6, sin6_port=htons(9), \
            sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, msg_namelen=28, \
            msg_iov=[{iov_base=""..., iov_len=100}, {iov_base=""..., iov_len=28}], msg_iovlen=2, msg_controllen=0, \
            msg_flags=0}, 0) = 7 <0.000001>
            1 1.3 sendmsg(3<UDPv6:[[::]:5000]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=""..., iov_len=2}], \
            msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = -1 EDESTADDRREQ (Destination address required) \
            <0.000001>
            1 1.4 socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 4<NETLINK:[ROUTE:1]> <0.000001>
            1 1.5 sendto(4<NETLINK:[ROUTE:1]>, ""..., 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, \
            12) = 20 <0.000001>
            1 1.6 dup(3<UDPv6:[[::]:5000]>) = 7<UDPv6:[[::]:5000]> <0.000001>
            1 1.7 write(7, ""..., 3) = -1 EDESTADDRREQ (Destination address required) <0.000001>

            """
        #expect(
            texts(text) == [
                "client: socket(AF_INET6, SOCK_DGRAM) = 3 [* > *]",
                "client: sendto(3, 1 byte, [::1]:9) = 1 [[::]:5000 > [::1]:9]",
                "client: recvmsg(3, 128) = 7 bytes from [::1]:9 [[::]:5000 > [::1]:9]",
                "client: sendmsg(3, 2 bytes) = -1 EDESTADDRREQ (89) [[::]:5000 > *]",
                "client: dup(3) = 7 [[::]:5000 > *]",
                "client: write(7, 3 bytes) = -1 EDESTADDRREQ (89) [[::]:5000 > *]",
            ])
    }

    /// Each message of sendmmsg and recvmmsg, calls on what is no socket, whole ranges closed, timeouts of every
    /// spelling.
    @Test func rareCalls() {
        let text = """
            1 1.0 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<UDP:[9]> <0.000001>
            1 1.1 sendmmsg(3<UDP:[9]>, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(9), \
            sin_addr=inet_addr("127.0.0.1")}, msg_namelen=16, msg_iov=[{iov_base="a", iov_len=1}], msg_iovlen=1, \
            msg_controllen=0, msg_flags=0}, msg_len=1}, {msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(8), \
            sin_addr=inet_addr("127.0.0.1")}, msg_namelen=16, msg_iov=[{iov_base="bb", iov_len=2}], msg_iovlen=1, \
            msg_controllen=0, msg_flags=0}, msg_len=2}], 2, 0) = 2 <0.000001>
            1 1.2 recvmmsg(3<UDP:[127.0.0.1:5000]>, [{msg_hdr={msg_name=NULL, msg_namelen=0, \
            msg_iov=[{iov_base="abc", iov_len=100}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=3}], 4, \
            MSG_DONTWAIT, NULL) = 1 <0.000001>
            1 1.3 sendto(-1, "x", 1, 0, NULL, 0) = -1 EBADF (Bad file descriptor) <0.000001>
            1 1.4 read(9, 0x7f, 1) = -1 EBADF (Bad file descriptor) <0.000001>
            1 1.5 connect(5</tmp/file>, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, \
            16) = -1 ENOTSOCK (Socket operation on non-socket) <0.000001>
            1 1.6 ppoll([{fd=3<UDP:[127.0.0.1:5000]>, events=POLLIN}], 1, {tv_sec=1, tv_nsec=500000000}, NULL, \
            8) = 0 (Timeout) <1.5>
            1 3.1 select(4, NULL, [3<UDP:[127.0.0.1:5000]>], NULL, NULL) = 1 (out [3]) <0.000001>
            1 3.2 io_uring_setup(8, {flags=0}) = 7<anon_inode:[io_uring]> <0.000001>
            1 3.3 close_range(3, 4294967295, 0) = 0 <0.000001>
            1 3.4 recvfrom(3, 0x7f, 5, 0, NULL, NULL) = -1 EBADF (Bad file descriptor) <0.000001>
            1 3.5 accept4(4<TCP:[127.0.0.1:7000]>, NULL, NULL, SOCK_CLOEXEC|SOCK_NONBLOCK <unfinished ...>
            1 3.6 <... accept4 resumed>) = -1 EAGAIN (Resource temporarily unavailable) <0.000001>

            """
        #expect(
            texts(text) == [
                "client: socket(AF_INET, SOCK_DGRAM) = 3 [* > *]",
                "client: sendmmsg(3, 2 messages, 1 byte, 2 bytes 127.0.0.1:8) = 2 [127.0.0.1:5000 > 127.0.0.1:9]",
                "client: recvmmsg(3, 4 messages, MSG_DONTWAIT, 3 bytes) = 1 [127.0.0.1:5000 > *]",
                "client: send(-1, 1 byte) = -1 EBADF (9) [* > *]",
                "client: connect(5) = -1 ENOTSOCK (88) [* > *]",
                "client: poll(fd 3, 1500 ms) = 0 [127.0.0.1:5000 > 127.0.0.1:9]",
                "client: select(fd 3 to write, no timeout) = 1 [127.0.0.1:5000 > 127.0.0.1:9]",
                "client: close_range(fd 3) = 0 [127.0.0.1:5000 > *]",
                "client: recv(3, 5) = -1 EBADF (9) [* > *]",
                "client: accept4(4, SOCK_NONBLOCK) = -1 EAGAIN (11) [127.0.0.1:7000 > *]",
            ])
        var trace = StraceTrace()
        trace.take(text.utf8)
        #expect(trace.usesRing)
        #expect(trace.unreadableLines == 0)
    }

    /// Threads that were there before strace came share their descriptors.
    @Test func threadsOfAProgramThatRanBefore() {
        var trace = StraceTrace()
        trace.begin(threads: [10, 12])
        trace.take(
            """
            12 1.0 recvfrom(4<TCP:[127.0.0.1:7000->127.0.0.1:38398]>, ""..., 5, 0, NULL, NULL) = 5 <0.000001>
            10 1.1 close(4) = 0 <0.000001>

            """.utf8)
        #expect(trace.calls(of: "program").map(\.end) == ["program", "program/1.2"])
    }

    /// Any chunking gives the same calls.
    @Test func bytesMayComeInAnyPieces() {
        let bytes = Array(Self.echo.utf8)
        let whole = calls(Self.echo)
        for size in 1...40 {
            var trace = StraceTrace()
            var start = 0
            while start < bytes.count {
                trace.take(bytes[start..<min(start + size, bytes.count)])
                start += size
            }
            #expect(trace.calls(of: .client) == whole)
        }
    }

    /// Damaged lines never trap, and a call that was made up by damage is at least one that the ladder can keep.
    @Test func damagedTextNeverTraps() {
        var random = SystemRandomNumberGenerator()
        let seed = random.next()
        var generator = SplitMix64(seed: seed)
        let bytes = Array(Self.echo.utf8)
        let parts = [
            "<", ">", "\"", "\\", "(", ")", "[", "{", "/*", "->", "99999999999999999999", "-1", "<unfinished ...>",
            "\n", "clone(", "CLONE_THREAD", "TCP:[", "= 3",
        ].map { Array($0.utf8) }
        for round in 0..<2000 {
            var copy = bytes
            for _ in 0...Int(generator.next() % 6) {
                let place = Int(generator.next() % UInt64(copy.count))
                switch generator.next() % 4 {
                case 0: copy[place] = UInt8(truncatingIfNeeded: generator.next())
                case 1: copy.remove(at: place)
                case 2: copy.insert(contentsOf: parts[Int(generator.next() % UInt64(parts.count))], at: place)
                default: copy.removeSubrange(place..<min(copy.count, place + Int(generator.next() % 40)))
                }
                if copy.isEmpty { copy = [10] }
            }
            var trace = StraceTrace()
            trace.take(copy)
            for call in trace.calls(of: .client) {
                let comment = SocketCallComment(call, .nearest)
                #expect(SocketCallComment(comment.text)?.call == call, "seed \(seed), round \(round)")
            }
        }
    }

    @Test func lanesHaveNames() {
        #expect(SocketCall.End.server.lane(process: 1, thread: 1) == "server")
        #expect(SocketCall.End.server.lane(process: 2, thread: 1) == "server/2")
        #expect(SocketCall.End.server.lane(process: 1, thread: 3) == "server/1.3")
        #expect(SocketCall.End("server/1.3").process == "server" && SocketCall.End("server/2.3").process == "server/2")
        #expect(SocketCall.End("client-2/2.3").program == "client-2" && SocketCall.End.client.process == .client)
    }

    // MARK: AF_UNIX and options

    private static let unix = """
        7 1795642022.100000 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0) = 3<UNIX-STREAM:[90]> <0.000010>
        7 1795642022.100100 connect(3<UNIX-STREAM:[90]>, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, \
        110) = -1 ENOENT (No such file or directory) <0.000010>
        7 1795642022.100200 close(3<UNIX-STREAM:[90]>) = 0 <0.000010>
        7 1795642022.100300 socket(AF_UNIX, SOCK_STREAM, 0) = 3<UNIX-STREAM:[91]> <0.000010>
        7 1795642022.100400 bind(3<UNIX-STREAM:[91]>, {sa_family=AF_UNIX, sun_path="/tmp/a \\"b"}, 18) = 0 <0.000010>
        7 1795642022.100500 listen(3<UNIX-STREAM:[91,"/tmp/a \\"b"]>, 128) = 0 <0.000010>
        7 1795642022.100600 accept4(3<UNIX-STREAM:[91,"/tmp/a"]>, {sa_family=AF_UNIX}, [110 => 2], \
        SOCK_CLOEXEC) = 4<UNIX-STREAM:[92->93,"/tmp/a"]> <0.000010>
        7 1795642022.100700 recvfrom(4<UNIX-STREAM:[92->93,"/tmp/a"]>, "hi", 100, 0, NULL, NULL) = 2 <0.000010>
        7 1795642022.100800 sendto(9<UNIX-STREAM:[80->81]>, "x", 1, 0, NULL, 0) = 1 <0.000010>
        7 1795642022.100900 close(4<UNIX-STREAM:[92->93,"/tmp/a"]>) = 0 <0.000010>

        """

    /// Only what goes on at a path of the programs' own; neither the system's name cache nor a pair that joins two
    /// threads.
    @Test func unixSocketsOfTheProgramsOwn() {
        var trace = StraceTrace()
        trace.take(Self.unix.utf8)
        #expect(trace.boundPaths == ["/tmp/a \"b"])
        #expect(
            trace.calls(of: .server, unixPaths: trace.boundPaths).map(\.text)
                == [
                    "socket(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK) = 3", "close(3) = 0",
                    "socket(AF_UNIX, SOCK_STREAM) = 3", "bind(3, /tmp/a \"b) = 0",
                    "listen(3, 128) = 0", "accept4(3) = 4", "recv(4, 100) = 2 bytes", "close(4) = 0",
                ].filter { !$0.contains("NONBLOCK") && $0 != "close(3) = 0" })
        #expect(trace.calls(of: .server, unixPaths: trace.boundPaths).allSatisfy { $0.transport == .unix })
        #expect(trace.calls(of: .server).isEmpty)
    }

    @Test(arguments: [
        (#"SOL_SOCKET, SO_RCVTIMEO_OLD, "\2\0\0\0\0\0\0\0 \241\7\0\0\0\0\0", 16"#, "SO_RCVTIMEO, 2.5 s"),
        (#"SOL_SOCKET, SO_SNDTIMEO_OLD, "\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16"#, "SO_SNDTIMEO, 3 s"),
        (#"SOL_SOCKET, SO_RCVTIMEO_OLD, "\2\0", 2"#, "SO_RCVTIMEO"),
        (#"SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8"#, "SO_LINGER, l_onoff=1 l_linger=0"),
        (#"SOL_TCP, TCP_CONGESTION, [1869505906], 4"#, "TCP_CONGESTION, reno"),
        (#"SOL_TCP, TCP_CONGESTION, "cubic", 5"#, "TCP_CONGESTION, cubic"),
        (#"SOL_SOCKET, SO_BINDTODEVICE, "lo\0", 3"#, "SO_BINDTODEVICE, lo"),
        (
            #"SOL_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr("224.1.1.1"), "#
                + #"imr_interface=inet_addr("0.0.0.0")}, 8"#,
            "IP_ADD_MEMBERSHIP, imr_multiaddr=224.1.1.1 imr_interface=0.0.0.0"
        ),
        (#"SOL_IPV6, IPV6_V6ONLY, [0], 4"#, "IPV6_V6ONLY, 0"),
    ])
    func options(_ arguments: String, _ expected: String) {
        let text = "7 1795642022.100000 setsockopt(3<TCP:[90]>, \(arguments)) = 0 <0.000010>\n"
        #expect(texts(text).first?.contains(", \(expected)) = 0") ?? false, "\(texts(text))")
    }
}
