// The load on an echo server, a process of its own. Every octet that comes back is compared: the contents of a message depend on
// the connection and the round, so nothing can be lost, swapped or doubled unseen.
//
// Usage: echo_load tcp PORT CONNECTIONS ROUNDS SIZE   all connections are open before the first message; each sends a message,
//                                                     waits for it to come back, and sends the next
//        echo_load udp PORT WINDOW SECONDS SIZE       one socket, WINDOW datagrams on their way
// Prints: messages per second, messages, wrong octets or connections (0 is right), seconds to connect.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct client { int fd; uint32_t round, done; };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// A message is a piece of a table of random octets, another one for each connection and round.
#define LARGEST (1 << 20)
static unsigned char table[LARGEST + 65536];

static const unsigned char *content(uint32_t id, uint32_t round) { return table + (id * 2654435761u + round * 40503u) % 65521; }

// A datagram begins with its number.
static void ask(int s, unsigned char *message, size_t size, uint32_t number) {
    memcpy(message, content(1, number), size);
    memcpy(message, &number, 4);
    send(s, message, size, 0);
}

static void fail(const char *what) { perror(what); exit(2); }

// What the socket does not take at once is waited for: the server must read, or nothing goes on.
static int send_all(int s, const unsigned char *bytes, size_t size) {
    for (size_t sent = 0; sent < size;) {
        ssize_t n = send(s, bytes + sent, size - sent, MSG_NOSIGNAL);
        if (n > 0) sent += (size_t)n;
        else if (errno != EAGAIN) return -1;
        else poll(&(struct pollfd){s, POLLOUT, 0}, 1, -1);
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 6) return 64;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    size_t size = (size_t)atoi(argv[5]);
    static unsigned char back[LARGEST], message[LARGEST];
    if (size > LARGEST) return 64;
    long wrong = 0;
    srandom(1);
    for (size_t i = 0; i < sizeof table; i++) table[i] = (unsigned char)random();

    if (!strcmp(argv[1], "udp")) {
        int window = atoi(argv[3]), s = socket(AF_INET, SOCK_DGRAM, 0), room = 4 << 20;
        setsockopt(s, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) fail("connect");
        double start = now(), end = start + atof(argv[4]);
        long count = 0, lost = 0;
        uint32_t next = 0;
        if (size < 8) return 64;
        for (int i = 0; i < window; i++) ask(s, message, size, next++);
        for (;;) {
            struct pollfd p = {s, POLLIN, 0};
            ssize_t n = recv(s, back, sizeof back, MSG_DONTWAIT);
            if (n < 0 && errno == EAGAIN) {
                if (poll(&p, 1, 200) == 0) {
                    // All on their way are lost: a new window.
                    lost += window;
                    for (int i = 0; i < window; i++) ask(s, message, size, next++);
                }
                continue;
            }
            if (n < 0) fail("recv");
            uint32_t number;
            memcpy(&number, back, 4);
            if ((size_t)n != size || memcmp(back + 4, content(1, number) + 4, size - 4)) wrong++;
            count++;
            if (count % 64 == 0 && now() >= end) break;
            ask(s, message, size, next++);
        }
        double took = now() - start;
        printf("%.0f %ld %ld %ld\n", (double)count / took, count, wrong, lost);
        return wrong > 0;
    }

    int connections = atoi(argv[3]);
    uint32_t rounds = (uint32_t)atoi(argv[4]);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    struct client *clients = calloc((size_t)connections, sizeof *clients);
    int epoll = epoll_create1(0);
    double begun = now();
    for (int i = 0; i < connections; i++) {
        clients[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (clients[i].fd < 0) fail("socket");
        // The ports of one source address do not suffice for many runs: 127.0.0.2 and so on are this machine too.
        struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(i % 4))};
        bind(clients[i].fd, (struct sockaddr *)&own, sizeof own);
        if (connect(clients[i].fd, (struct sockaddr *)&a, sizeof a) < 0) fail("connect");
        fcntl(clients[i].fd, F_SETFL, O_NONBLOCK);
        struct epoll_event e = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &e);
    }
    double start = now();
    int open = connections;
    long count = 0;
    for (int i = 0; i < connections; i++) {
        if (send_all(clients[i].fd, content((uint32_t)i, 0), size) < 0) fail("send");
    }
    static struct epoll_event events[512];
    while (open > 0) {
        int n = epoll_wait(epoll, events, 512, 20000);
        if (n == 0) { fprintf(stderr, "nothing for 20 s; %d connections wait\n", open); return 1; }
        for (int k = 0; k < n; k++) {
            uint32_t id = events[k].data.u32;
            struct client *c = &clients[id];
            ssize_t got = recv(c->fd, back, size - c->done, 0);
            if (got < 0 && errno == EAGAIN) continue;
            if (got <= 0) { wrong++; close(c->fd); open--; continue; }
            if (memcmp(back, content(id, c->round) + c->done, (size_t)got)) wrong++;
            c->done += (uint32_t)got;
            if (c->done < size) continue;
            count++;
            c->done = 0;
            if (++c->round == rounds) { close(c->fd); open--; continue; }
            if (send_all(c->fd, content(id, c->round), size) < 0) wrong++;
        }
    }
    double took = now() - start;
    printf("%.0f %ld %ld %.2f\n", (double)count / took, count, wrong, start - begun);
    return wrong > 0 || count != (long)connections * rounds;
}
