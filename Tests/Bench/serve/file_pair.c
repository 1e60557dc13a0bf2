// The pair that `serve file` and `client file` are measured against: plain read, hash, send; and recv, write, hash. The same
// SHA-256 as netprobe's, libcrypto's. Usage: file_pair serve PORT FILE | file_pair get PORT FILE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned char buffer[1 << 18];

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
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
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
            EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
            for (ssize_t n; (n = read(f, buffer, sizeof buffer)) > 0;) {
                EVP_DigestUpdate(hash, buffer, (size_t)n);
                send_all(c, buffer, (size_t)n);
            }
            EVP_DigestFinal_ex(hash, mine, NULL);
            send_all(c, mine, 32);
            close(f), close(c);
        }
    }
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) return 1;
    int f = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0644);
    read_exactly(s, &size, 8);
    EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    for (uint64_t left = size; left > 0;) {
        ssize_t n = recv(s, buffer, left < sizeof buffer ? (size_t)left : sizeof buffer, 0);
        if (n <= 0) return 1;
        if (write(f, buffer, (size_t)n) != n) return 1;
        EVP_DigestUpdate(hash, buffer, (size_t)n);
        left -= (uint64_t)n;
    }
    EVP_DigestFinal_ex(hash, mine, NULL);
    read_exactly(s, theirs, 32);
    return memcmp(mine, theirs, 32) != 0;
}
