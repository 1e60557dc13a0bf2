#include "FilterShims.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifdef __linux__
#include <linux/filter.h>
#endif

int netshims_drop_what_arrives(int descriptor) {
#ifdef __linux__
    struct sock_filter keep_nothing[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
    struct sock_fprog program = { .len = 1, .filter = keep_nothing };
    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
#else
    (void)descriptor;
    errno = ENOTSUP;
    return -1;
#endif
}

int netshims_take_what_arrives(int descriptor) {
#ifdef __linux__
    int unused = 0;
    return setsockopt(descriptor, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused);
#else
    (void)descriptor;
    errno = ENOTSUP;
    return -1;
#endif
}

int netshims_add_interface_address(int descriptor, const char *label, unsigned address, unsigned netmask) {
#ifdef __linux__
    struct ifreq request;
    memset(&request, 0, sizeof request);
    if (strlen(label) == 0 || strlen(label) >= sizeof request.ifr_name) {
        errno = ENODEV;
        return -1;
    }
    memcpy(request.ifr_name, label, strlen(label));
    struct sockaddr_in value = { .sin_family = AF_INET, .sin_addr.s_addr = address };
    memcpy(&request.ifr_addr, &value, sizeof value);
    if (ioctl(descriptor, SIOCSIFADDR, &request) < 0) return -1;
    value.sin_addr.s_addr = netmask;
    memcpy(&request.ifr_netmask, &value, sizeof value);
    return ioctl(descriptor, SIOCSIFNETMASK, &request);
#else
    (void)descriptor; (void)label; (void)address; (void)netmask;
    errno = ENOTSUP;
    return -1;
#endif
}
