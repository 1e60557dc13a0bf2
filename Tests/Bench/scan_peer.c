// What scan is compared with, and what it scans.
//   scan_peer listen PORT…      listens on 0.0.0.0 and :: at each port, says "ready", and accepts and closes whatever comes
//   scan_peer loop              socket, connect and close for 127.0.0.1's ports 1 to 65535; prints how many accepted
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int loop(void) {
    int accepted = 0;
    for (int port = 1; port <= 65535; port++) {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int descriptor = socket(AF_INET, SOCK_STREAM, 0);
        if (descriptor < 0) return perror("socket"), 1;
        accepted += connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0;
        close(descriptor);
    }
    printf("%d\n", accepted);
    return 0;
}

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "loop") == 0) return loop();
    if (count < 3 || count > 66 || strcmp(arguments[1], "listen") != 0) return 64;
    struct pollfd watched[64];
    for (int index = 0; index < count - 2; index++) {
        struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)atoi(arguments[index + 2]))};
        int on = 1, descriptor = socket(AF_INET6, SOCK_STREAM, 0);
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return perror("bind"), 1;
        if (listen(descriptor, 128) < 0) return perror("listen"), 1;
        watched[index] = (struct pollfd){.fd = descriptor, .events = POLLIN};
    }
    puts("ready");
    fflush(stdout);
    for (;;) {
        poll(watched, (nfds_t)(count - 2), -1);
        for (int index = 0; index < count - 2; index++) {
            if (!(watched[index].revents & POLLIN)) continue;
            int connection = accept(watched[index].fd, NULL, NULL);
            if (connection >= 0) close(connection);
        }
    }
}
