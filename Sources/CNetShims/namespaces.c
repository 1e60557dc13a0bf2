// Network namespaces and the offloads of their links.
#define _GNU_SOURCE
#include "CNetShims.h"

#include <errno.h>

#ifdef __linux__

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>

int netshims_new_network_namespace(void) { return unshare(CLONE_NEWNET); }

int netshims_enter_network_namespace(int descriptor) { return setns(descriptor, CLONE_NEWNET); }

int netshims_set_ethtool_value(int descriptor, const char *name, uint32_t command, uint32_t value) {
    struct ethtool_value wanted = {.cmd = command, .data = value};
    struct ifreq request;
    memset(&request, 0, sizeof request);
    size_t length = strlen(name);
    if (length == 0 || length >= sizeof request.ifr_name) {
        errno = ENODEV;
        return -1;
    }
    memcpy(request.ifr_name, name, length);
    request.ifr_data = (void *)&wanted;
    return ioctl(descriptor, SIOCETHTOOL, &request);
}

#else

int netshims_new_network_namespace(void) {
    errno = ENOTSUP;
    return -1;
}

int netshims_enter_network_namespace(int descriptor) {
    (void)descriptor;
    errno = ENOTSUP;
    return -1;
}

int netshims_set_ethtool_value(int descriptor, const char *name, uint32_t command, uint32_t value) {
    (void)descriptor, (void)name, (void)command, (void)value;
    errno = ENOTSUP;
    return -1;
}

#endif
