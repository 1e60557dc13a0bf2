#define _GNU_SOURCE
#include "CNetShims.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifdef __linux__
#include <linux/capability.h>
#include <linux/errqueue.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <net/if_dl.h>
#endif

int netshims_available_processors(void) {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    return -1;
}

int netshims_accept(int descriptor, struct sockaddr *address, socklen_t *length) {
#ifdef __linux__
    return accept4(descriptor, address, length, SOCK_CLOEXEC);
#else
    int accepted = accept(descriptor, address, length);
    if (accepted >= 0) fcntl(accepted, F_SETFD, FD_CLOEXEC);
    return accepted;
#endif
}

// A request that names the interface; a name that does not fit names no interface.
static int prepare(struct ifreq *request, const char *name) {
    memset(request, 0, sizeof *request);
    size_t length = strlen(name);
    if (length == 0 || length >= sizeof request->ifr_name) {
        errno = ENODEV;
        return -1;
    }
    memcpy(request->ifr_name, name, length);
    return 0;
}

int netshims_get_interface_flags(int descriptor, const char *name, uint32_t *flags) {
    struct ifreq request;
    if (prepare(&request, name) < 0 || ioctl(descriptor, SIOCGIFFLAGS, &request) < 0) return -1;
    *flags = (uint16_t)request.ifr_flags;
    return 0;
}

int netshims_set_interface_flags(int descriptor, const char *name, uint32_t flags) {
    struct ifreq request;
    if (prepare(&request, name) < 0) return -1;
    request.ifr_flags = (short)flags;
    return ioctl(descriptor, SIOCSIFFLAGS, &request);
}

int netshims_get_interface_mtu(int descriptor, const char *name, int32_t *mtu) {
    struct ifreq request;
    if (prepare(&request, name) < 0 || ioctl(descriptor, SIOCGIFMTU, &request) < 0) return -1;
    *mtu = request.ifr_mtu;
    return 0;
}

int netshims_set_interface_mtu(int descriptor, const char *name, int32_t mtu) {
    struct ifreq request;
    if (prepare(&request, name) < 0) return -1;
    request.ifr_mtu = mtu;
    return ioctl(descriptor, SIOCSIFMTU, &request);
}

int netshims_hardware_address(const struct sockaddr *address, uint8_t *bytes, size_t room) {
    const uint8_t *start;
    size_t length;
#ifdef __linux__
    if (address->sa_family != AF_PACKET) return 0;
    const struct sockaddr_ll *link = (const struct sockaddr_ll *)address;
    start = link->sll_addr;
    length = link->sll_halen;
#else
    if (address->sa_family != AF_LINK) return 0;
    const struct sockaddr_dl *link = (const struct sockaddr_dl *)address;
    start = (const uint8_t *)LLADDR(link);
    length = link->sdl_alen;
#endif
    if (length > room) length = room;
    memcpy(bytes, start, length);
    return (int)length;
}

int netshims_wait_for_either(int first, int second, int64_t nanoseconds, int *ready) {
    struct pollfd entries[2] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
#ifdef __linux__
    struct timespec time = {.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)};
    int count = ppoll(entries, 2, &time, NULL);
#else
    int64_t milliseconds = (nanoseconds + 999999) / 1000000;
    int count = poll(entries, 2, milliseconds > 1000000000 ? 1000000000 : (int)milliseconds);
#endif
    *ready = (entries[0].revents != 0) | (entries[1].revents != 0) << 1;
    return count;
}

int netshims_ask_for_timestamps(int descriptor) {
    int on = 1;
#ifdef SO_TIMESTAMPNS
    return setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
#else
    return setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof on);
#endif
}

// Room for what the options of a socket add to a datagram.
union control {
    char bytes[512];
    struct cmsghdr aligned;
};

ssize_t netshims_receive_message(int descriptor, void *bytes, size_t room, int flags, struct timespec *arrival, int *message_flags) {
    union control control;
    struct iovec part = {.iov_base = bytes, .iov_len = room};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    arrival->tv_sec = 0;
    arrival->tv_nsec = 0;
    ssize_t received = recvmsg(descriptor, &message, flags);
    if (received < 0) return received;
    *message_flags = message.msg_flags;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET) continue;
#ifdef SO_TIMESTAMPNS
        if (header->cmsg_type == SCM_TIMESTAMPNS && header->cmsg_len >= CMSG_LEN(sizeof *arrival)) memcpy(arrival, CMSG_DATA(header), sizeof *arrival);
#else
        struct timeval time;
        if (header->cmsg_type != SCM_TIMESTAMP || header->cmsg_len < CMSG_LEN(sizeof time)) continue;
        memcpy(&time, CMSG_DATA(header), sizeof time);
        arrival->tv_sec = time.tv_sec;
        arrival->tv_nsec = time.tv_usec * 1000L;
#endif
    }
    return received;
}

#ifdef __linux__

int netshims_keep_queued_errors(int descriptor, int ipv6) {
    int on = 1;
    if (ipv6) return setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    return setsockopt(descriptor, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
}

ssize_t netshims_receive_datagram_error(int descriptor, void *bytes, size_t room, struct netshims_datagram_error *error) {
    union control control;
    struct iovec part = {.iov_base = bytes, .iov_len = room};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    memset(error, 0, sizeof *error);
    ssize_t received = recvmsg(descriptor, &message, MSG_ERRQUEUE | MSG_DONTWAIT);
    if (received < 0) return received;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        int v4 = header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR;
        int v6 = header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR;
        struct sock_extended_err found;
        if ((!v4 && !v6) || header->cmsg_len < CMSG_LEN(sizeof found)) continue;
        memcpy(&found, CMSG_DATA(header), sizeof found);
        error->error = (int32_t)found.ee_errno;
        error->origin = found.ee_origin;
        error->type = found.ee_type;
        error->code = found.ee_code;
        error->info = found.ee_info;
        // The reporter's address follows: SO_EE_OFFENDER.
        const unsigned char *address = CMSG_DATA(header) + sizeof found;
        size_t left = header->cmsg_len - CMSG_LEN(sizeof found);
        sa_family_t family = AF_UNSPEC;
        if (left >= sizeof family) memcpy(&family, address, sizeof family);
        if (family == AF_INET && left >= sizeof(struct sockaddr_in)) {
            struct sockaddr_in reporter;
            memcpy(&reporter, address, sizeof reporter);
            error->family = 4;
            memcpy(&error->address_v4, &reporter.sin_addr, 4);
        } else if (family == AF_INET6 && left >= sizeof(struct sockaddr_in6)) {
            struct sockaddr_in6 reporter;
            memcpy(&reporter, address, sizeof reporter);
            error->family = 6;
            memcpy(error->address_v6, &reporter.sin6_addr, 16);
        }
    }
    return received;
}

int netshims_forbid_fragments(int descriptor, int ipv6) {
    int mode = ipv6 ? IPV6_PMTUDISC_DO : IP_PMTUDISC_DO;
    if (ipv6) return setsockopt(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &mode, sizeof mode);
    return setsockopt(descriptor, IPPROTO_IP, IP_MTU_DISCOVER, &mode, sizeof mode);
}

int netshims_path_mtu(int descriptor, int ipv6, int32_t *mtu) {
    socklen_t length = sizeof *mtu;
    if (ipv6) return getsockopt(descriptor, IPPROTO_IPV6, IPV6_MTU, mtu, &length);
    return getsockopt(descriptor, IPPROTO_IP, IP_MTU, mtu, &length);
}

int netshims_bind_to_interface(int descriptor, int ipv6, const char *name) {
    (void)ipv6;
    return setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name));
}

#else

int netshims_keep_queued_errors(int descriptor, int ipv6) {
    (void)descriptor, (void)ipv6;
    errno = ENOTSUP;
    return -1;
}

ssize_t netshims_receive_datagram_error(int descriptor, void *bytes, size_t room, struct netshims_datagram_error *error) {
    (void)descriptor, (void)bytes, (void)room, (void)error;
    errno = EAGAIN;
    return -1;
}

int netshims_forbid_fragments(int descriptor, int ipv6) {
    int on = 1;
    if (ipv6) return setsockopt(descriptor, IPPROTO_IPV6, IPV6_DONTFRAG, &on, sizeof on);
    return setsockopt(descriptor, IPPROTO_IP, IP_DONTFRAG, &on, sizeof on);
}

int netshims_path_mtu(int descriptor, int ipv6, int32_t *mtu) {
    (void)descriptor, (void)ipv6, (void)mtu;
    errno = ENOTSUP;
    return -1;
}

int netshims_bind_to_interface(int descriptor, int ipv6, const char *name) {
    unsigned int index = if_nametoindex(name);
    if (index == 0) return -1;
    if (ipv6) return setsockopt(descriptor, IPPROTO_IPV6, IPV6_BOUND_IF, &index, sizeof index);
    return setsockopt(descriptor, IPPROTO_IP, IP_BOUND_IF, &index, sizeof index);
}

#endif

#ifdef __linux__

int netshims_effective_capabilities(uint64_t *bits) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (syscall(SYS_capget, &header, data) < 0) return -1;
    *bits = (uint64_t)data[1].effective << 32 | data[0].effective;
    return 0;
}

int netshims_clear_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    return (int)syscall(SYS_capset, &header, data);
}

int netshims_set_no_new_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int netshims_take_queued_error(int descriptor, struct netshims_queued_error *entry) {
    // Room for the error, its sender's address, and what other options of the socket may add.
    union {
        char bytes[512];
        struct cmsghdr aligned;
    } control;
    struct msghdr message = {.msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    if (recvmsg(descriptor, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        int v4 = header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR;
        int v6 = header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR;
        struct sock_extended_err error;
        if ((!v4 && !v6) || header->cmsg_len < CMSG_LEN(sizeof error)) continue;
        memcpy(&error, CMSG_DATA(header), sizeof error);
        memset(entry, 0, sizeof *entry);
        entry->error = (int32_t)error.ee_errno;
        entry->origin = error.ee_origin;
        entry->type = error.ee_type;
        entry->code = error.ee_code;
        // The sender's address follows: SO_EE_OFFENDER.
        const unsigned char *address = CMSG_DATA(header) + sizeof error;
        size_t left = header->cmsg_len - CMSG_LEN(sizeof error);
        sa_family_t family = AF_UNSPEC;
        if (left >= sizeof family) memcpy(&family, address, sizeof family);
        if (family == AF_INET && left >= sizeof(struct sockaddr_in)) {
            struct sockaddr_in offender;
            memcpy(&offender, address, sizeof offender);
            entry->family = 4;
            memcpy(&entry->address_v4, &offender.sin_addr, 4);
        } else if (family == AF_INET6 && left >= sizeof(struct sockaddr_in6)) {
            struct sockaddr_in6 offender;
            memcpy(&offender, address, sizeof offender);
            entry->family = 6;
            memcpy(&entry->address_high, offender.sin6_addr.s6_addr, 8);
            memcpy(&entry->address_low, offender.sin6_addr.s6_addr + 8, 8);
        }
        return 0;
    }
    errno = EAGAIN;
    return -1;
}

#else

int netshims_effective_capabilities(uint64_t *bits) {
    *bits = 0;
    return 0;
}

int netshims_clear_capabilities(void) { return 0; }

int netshims_set_no_new_privileges(void) { return 0; }


int netshims_take_queued_error(int descriptor, struct netshims_queued_error *entry) {
    (void)descriptor, (void)entry;
    errno = EAGAIN;
    return -1;
}

#endif
