// The minimal servers that `serve tcp-echo` and `serve udp-echo` are measured against: an epoll echo server, level-triggered, one
// recv and one send an event, and a recvfrom/sendto loop. Usage: echo_server tcp|udp PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int bound(int kind, int port) {
    int s = socket(AF_INET, kind, 0), one = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0) { perror("bind"); exit(1); }
    return s;
}

int main(int argc, char **argv) {
    static char buffer[65536];
    if (argc != 3) return 64;
    int port = atoi(argv[2]);
    if (!strcmp(argv[1], "udp")) {
        int s = bound(SOCK_DGRAM, port);
        for (;;) {
            struct sockaddr_in peer;
            socklen_t length = sizeof peer;
            ssize_t n = recvfrom(s, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &length);
            if (n >= 0) sendto(s, buffer, (size_t)n, 0, (struct sockaddr *)&peer, length);
        }
    }
    int listener = bound(SOCK_STREAM, port), poll = epoll_create1(0);
    listen(listener, 128);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = listener}, events[512];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &e);
    for (;;) {
        int count = epoll_wait(poll, events, 512, -1);
        for (int i = 0; i < count; i++) {
            int s = events[i].data.fd;
            if (s == listener) {
                int c = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (c < 0) continue;
                e = (struct epoll_event){.events = EPOLLIN, .data.fd = c};
                epoll_ctl(poll, EPOLL_CTL_ADD, c, &e);
                continue;
            }
            ssize_t n = recv(s, buffer, sizeof buffer, 0);
            if (n <= 0) {
                if (n == 0 || errno != EAGAIN) close(s);
                continue;
            }
            for (ssize_t sent = 0; sent < n;) {
                ssize_t m = send(s, buffer + sent, (size_t)(n - sent), MSG_NOSIGNAL);
                if (m > 0) sent += m;
                else if (errno != EAGAIN) break;
            }
        }
    }
}
