// What Swift cannot import: variadic system calls and request numbers built by macros.
// Each function returns 0, or -1 with errno set, as the call it wraps.
#ifndef CNETSHIMS_H
#define CNETSHIMS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

// accept4(2) with SOCK_CLOEXEC, which glibc declares for _GNU_SOURCE only; elsewhere accept(2) and fcntl(2).
int netshims_accept(int descriptor, struct sockaddr *address, socklen_t *length);

// ioctl(2) on an interface, netdevice(7): the union inside struct ifreq differs from system to system.
int netshims_get_interface_flags(int descriptor, const char *name, uint32_t *flags);
int netshims_set_interface_flags(int descriptor, const char *name, uint32_t flags);
int netshims_get_interface_mtu(int descriptor, const char *name, int32_t *mtu);
int netshims_set_interface_mtu(int descriptor, const char *name, int32_t mtu);

// The link-layer address in an AF_PACKET (Linux) or AF_LINK (BSD) address; how many bytes it has, 0 for other families.
int netshims_hardware_address(const struct sockaddr *address, uint8_t *bytes, size_t room);

// capget(2) and capset(2) of the calling thread. glibc has no wrapper; elsewhere there are no capabilities (always 0).
int netshims_effective_capabilities(uint64_t *bits);
int netshims_clear_capabilities(void);

// prctl(PR_SET_NO_NEW_PRIVS): no later execve gains rights. Does nothing outside Linux.
int netshims_set_no_new_privileges(void);

#endif
