// What Swift cannot import: variadic system calls and request numbers built by macros.
// Each function returns 0, or -1 with errno set, as the call it wraps.
#ifndef CNETSHIMS_H
#define CNETSHIMS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#ifdef __linux__
// epoll(7), which Swift's Glibc module leaves out.
#include <sys/epoll.h>
#endif

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

// An entry of a socket's error queue (struct sock_extended_err in linux/errqueue.h) without the macros around it. The
// addresses are in network order, `family` is 4, 6, or 0 for no address.
struct netshims_queued_error {
    int32_t error;
    uint8_t origin, type, code, family;
    uint32_t address_v4;
    uint64_t address_high, address_low;
};

// setsockopt(2) of IP_RECVERR or IPV6_RECVERR. ENOTSUP outside Linux.
int netshims_keep_queued_errors(int descriptor, int ipv6);

// recvmsg(2) with MSG_ERRQUEUE, which never blocks, and the CMSG macros. EAGAIN when nothing is queued.
int netshims_take_queued_error(int descriptor, struct netshims_queued_error *entry);

#endif
