#define _GNU_SOURCE
#include "CNetShims.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifdef __linux__
#include <linux/capability.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <linux/if_packet.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <net/if_dl.h>
#endif

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

int netshims_keep_queued_errors(int descriptor, int ipv6) {
    int on = 1;
    if (ipv6) return setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    return setsockopt(descriptor, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
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

int netshims_keep_queued_errors(int descriptor, int ipv6) {
    (void)descriptor, (void)ipv6;
    errno = ENOTSUP;
    return -1;
}

int netshims_take_queued_error(int descriptor, struct netshims_queued_error *entry) {
    (void)descriptor, (void)entry;
    errno = EAGAIN;
    return -1;
}

#endif
