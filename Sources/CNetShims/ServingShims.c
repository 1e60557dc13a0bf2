#define _GNU_SOURCE
#include "ServingShims.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/openat2.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#endif

int netshims_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

int netshims_accept_nonblocking(int descriptor, struct sockaddr *address, socklen_t *length) {
#ifdef __linux__
    return accept4(descriptor, address, length, SOCK_CLOEXEC | SOCK_NONBLOCK);
#else
    int accepted = accept(descriptor, address, length);
    if (accepted >= 0) {
        fcntl(accepted, F_SETFD, FD_CLOEXEC);
        netshims_set_nonblocking(accepted);
    }
    return accepted;
#endif
}

int netshims_open_folder(const char *path) { return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

// O_NONBLOCK: a FIFO in the folder must not hold anybody up.
static const int file_flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

static int walk(int folder, const char *name) {
    char part[1025];
    int current = dup(folder);
    while (current >= 0) {
        const char *slash = strchr(name, '/');
        size_t length = slash ? (size_t)(slash - name) : strlen(name);
        int next = -1;
        if (length >= sizeof part) {
            errno = ENAMETOOLONG;
        } else {
            memcpy(part, name, length);
            part[length] = 0;
            if (length == 0) strcpy(part, ".");
            if (strcmp(part, "..") == 0) errno = EXDEV;
            else next = openat(current, part, O_NOFOLLOW | (slash ? O_RDONLY | O_DIRECTORY | O_CLOEXEC : file_flags));
        }
        int code = errno;
        close(current);
        errno = code;
        if (!slash) return next;
        current = next;
        name = slash + 1;
    }
    return -1;
}

int netshims_open_beneath(int folder, const char *name) {
#if defined __linux__ && defined SYS_openat2
    struct open_how how = {.flags = (uint64_t)file_flags, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    for (int tries = 0; tries < 16; tries++) {
        int file = (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
        if (file >= 0) return file;
        // EAGAIN: something was renamed meanwhile and the kernel could not be sure (openat2(2)).
        if (errno == EAGAIN || errno == EINTR) continue;
        // Old kernels, and sandboxes that know no openat2.
        if (errno == ENOSYS || errno == EPERM) break;
        return -1;
    }
#endif
    return walk(folder, name);
}

ssize_t netshims_send_file(int socket, int file, int64_t offset, size_t count) {
#ifdef __linux__
    off_t position = offset;
    return sendfile(socket, file, &position, count);
#else
    (void)socket, (void)file, (void)offset, (void)count;
    errno = ENOTSUP;
    return -1;
#endif
}
