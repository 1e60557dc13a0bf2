// An echo server and its client in one program: fork, sendmsg, recvmsg, read, write, poll, epoll.
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(7000), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1) < 0) return 1;
    if (fork() == 0) {
        char bytes[64];
        struct iovec part = {bytes, sizeof bytes};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
        int connection = accept4(listener, 0, 0, SOCK_CLOEXEC);
        close(listener);
        ssize_t count;
        while ((count = recvmsg(connection, &message, 0)) > 0) write(connection, bytes, count);
        close(connection);
        _exit(0);
    }
    close(listener);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect(client, (struct sockaddr *)&address, sizeof address);
    struct pollfd wait_for = {client, POLLOUT, 0};
    poll(&wait_for, 1, 1000);
    struct iovec parts[2] = {{"hello ", 6}, {"there", 5}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    sendmsg(client, &message, 0);
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = client}, found;
    epoll_ctl(epoll, EPOLL_CTL_ADD, client, &event);
    epoll_wait(epoll, &found, 1, 1000);
    char answer[64] = {0};
    ssize_t count = read(client, answer, sizeof answer);
    count = read(client, answer + count, 8) < 0 ? count : -1;
    shutdown(client, SHUT_WR);
    poll(&(struct pollfd){client, POLLIN, 0}, 1, 1000);
    printf("%s\n", answer);
    close(client);
    wait(0);
    return count == 11 ? 0 : 1;
}
