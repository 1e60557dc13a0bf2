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

#else

int netshims_effective_capabilities(uint64_t *bits) {
    *bits = 0;
    return 0;
}

int netshims_clear_capabilities(void) { return 0; }

int netshims_set_no_new_privileges(void) { return 0; }

#endif
