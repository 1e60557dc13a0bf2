// What the servers need and Swift cannot import. Each function returns as the call it wraps: -1 with errno set.
#ifndef SERVINGSHIMS_H
#define SERVINGSHIMS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

// accept4(2) with SOCK_CLOEXEC and SOCK_NONBLOCK; elsewhere accept(2) and fcntl(2).
int netshims_accept_nonblocking(int descriptor, struct sockaddr *address, socklen_t *length);

// fcntl(2) O_NONBLOCK.
int netshims_set_nonblocking(int descriptor);

// open(2) of a folder.
int netshims_open_folder(const char *path);

// Opens a file for reading by a name below a folder and nowhere else, whatever links there are: openat2(2) with
// RESOLVE_BENEATH; where that is missing, component by component without following links.
int netshims_open_beneath(int folder, const char *name);

// sendfile(2): file to socket without a copy in this process. Returns the octets sent.
ssize_t netshims_send_file(int socket, int file, int64_t offset, size_t count);

#endif
