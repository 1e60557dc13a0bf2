// What ping-udp is compared with: a bare send/recv loop, and the echo server for both.
//   ping_peer serve PORT               an echo server on 127.0.0.1
//   ping_peer loop PORT COUNT SIZE     COUNT times send and recv; prints min, p50, p90, p99 in nanoseconds and calls a second
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(int count, char **arguments) {
    if (count < 3) return 64;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[2]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static char buffer[65536];
    int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    if (strcmp(arguments[1], "serve") == 0) {
        if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return perror("bind"), 1;
        for (;;) {
            struct sockaddr_in peer;
            socklen_t length = sizeof peer;
            ssize_t received = recvfrom(descriptor, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &length);
            if (received >= 0) sendto(descriptor, buffer, (size_t)received, 0, (struct sockaddr *)&peer, length);
        }
    }
    if (count < 5) return 64;
    long rounds = atol(arguments[3]);
    size_t size = (size_t)atol(arguments[4]);
    if (rounds < 1 || size > sizeof buffer) return 64;
    int64_t *times = malloc((size_t)rounds * sizeof *times);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return perror("connect"), 1;
    int64_t start = now();
    for (long round = 0; round < rounds; round++) {
        int64_t sent = now();
        if (send(descriptor, buffer, size, 0) < 0) return perror("send"), 1;
        if (recv(descriptor, buffer, sizeof buffer, 0) < 0) return perror("recv"), 1;
        times[round] = now() - sent;
    }
    double seconds = (double)(now() - start) / 1e9;
    qsort(times, (size_t)rounds, sizeof *times, compare);
    printf("{\"min_ns\": %lld, \"p50_ns\": %lld, \"p90_ns\": %lld, \"p99_ns\": %lld, \"per_second\": %.0f}\n", (long long)times[0],
           (long long)times[rounds / 2], (long long)times[rounds * 9 / 10], (long long)times[rounds * 99 / 100], rounds / seconds);
    free(times);
    return 0;
}
