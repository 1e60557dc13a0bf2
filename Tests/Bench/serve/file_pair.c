// The pair that `serve file` and `client file` are measured against: plain read, hash, send; and recv, write, hash. The same
// SHA-256 as netprobe's. Usage: file_pair serve PORT FILE | file_pair get PORT FILE
#include "SHA256Shims.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned char buffer[1 << 18];

static void digest(uint32_t *state, uint64_t count, const unsigned char *rest, unsigned char *out) {
    unsigned char block[128] = {0};
    size_t n = count % 64, size = n < 56 ? 64 : 128;
    memcpy(block, rest, n);
    block[n] = 0x80;
    for (int i = 0; i < 8; i++) block[size - 1 - (size_t)i] = (unsigned char)(count * 8 >> (8 * i));
    netshims_sha256_blocks(state, block, size / 64);
    for (int i = 0; i < 32; i++) out[i] = (unsigned char)(state[i / 4] >> (24 - i % 4 * 8));
}

#define START {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}

static void send_all(int s, const void *bytes, size_t count) {
    for (const char *p = bytes; count > 0;) {
        ssize_t n = send(s, p, count, MSG_NOSIGNAL);
        if (n <= 0) exit(1);
        p += n, count -= (size_t)n;
    }
}

static void read_exactly(int s, void *bytes, size_t count) {
    for (char *p = bytes; count > 0;) {
        ssize_t n = recv(s, p, count, 0);
        if (n <= 0) exit(1);
        p += n, count -= (size_t)n;
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return 64;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    uint32_t state[8] = START;
    unsigned char mine[32], theirs[32];
    uint64_t size;
    if (!strcmp(argv[1], "serve")) {
        setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (bind(s, (struct sockaddr *)&a, sizeof a) < 0 || listen(s, 5) < 0) return 1;
        for (;;) {
            int c = accept(s, NULL, NULL), f = open(argv[3], O_RDONLY);
            struct stat st;
            fstat(f, &st);
            size = (uint64_t)st.st_size;
            send_all(c, &size, 8);
            uint32_t now[8] = START;
            ssize_t n, left = 0;
            while ((n = read(f, buffer, sizeof buffer)) > 0) {
                netshims_sha256_blocks(now, buffer, (size_t)n / 64);
                left = n % 64;
                send_all(c, buffer, (size_t)n);
                if (left) break;
            }
            digest(now, size, buffer + (n > 0 ? n - left : 0), mine);
            send_all(c, mine, 32);
            close(f), close(c);
        }
    }
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) return 1;
    int f = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0644);
    read_exactly(s, &size, 8);
    size_t held = 0;
    for (uint64_t left = size; left > 0;) {
        size_t room = sizeof buffer - held;
        ssize_t n = recv(s, buffer + held, left < room ? (size_t)left : room, 0);
        if (n <= 0) return 1;
        if (write(f, buffer + held, (size_t)n) != n) return 1;
        left -= (uint64_t)n;
        held += (size_t)n;
        size_t whole = held / 64 * 64;
        netshims_sha256_blocks(state, buffer, whole / 64);
        memmove(buffer, buffer + whole, held - whole);
        held -= whole;
    }
    digest(state, size, buffer, mine);
    read_exactly(s, theirs, 32);
    return memcmp(mine, theirs, 32) != 0;
}
