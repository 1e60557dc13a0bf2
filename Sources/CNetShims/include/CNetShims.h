// What Swift cannot import: variadic system calls and request numbers built by macros.
// Each function returns 0, or -1 with errno set, as the call it wraps.
#ifndef CNETSHIMS_H
#define CNETSHIMS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

#include "ServingShims.h"
#include "FilterShims.h"
#include "TracerShims.h"

#ifdef __linux__
// epoll(7), which Swift's Glibc module leaves out.
#include <sys/epoll.h>
#endif

// How many processors this process may use: sched_getaffinity(2) and CPU_COUNT; -1 where nobody says.
int netshims_available_processors(void);

// accept4(2) with SOCK_CLOEXEC, which glibc declares for _GNU_SOURCE only; elsewhere accept(2) and fcntl(2).
int netshims_accept(int descriptor, struct sockaddr *address, socklen_t *length);

// ioctl(2) on an interface, netdevice(7): the union inside struct ifreq differs from system to system.
int netshims_get_interface_flags(int descriptor, const char *name, uint32_t *flags);
int netshims_set_interface_flags(int descriptor, const char *name, uint32_t flags);
int netshims_get_interface_mtu(int descriptor, const char *name, int32_t *mtu);
int netshims_set_interface_mtu(int descriptor, const char *name, int32_t mtu);

// The link-layer address in an AF_PACKET (Linux) or AF_LINK (BSD) address; how many bytes it has, 0 for other families.
int netshims_hardware_address(const struct sockaddr *address, uint8_t *bytes, size_t room);

// ppoll(2), elsewhere poll(2), for reading or errors on two descriptors. `ready` has bit 0 for the first, 1 for the second.
int netshims_wait_for_either(int first, int second, int64_t nanoseconds, int *ready);

// setsockopt(2) of SO_TIMESTAMPNS, elsewhere SO_TIMESTAMP: the kernel says when a datagram arrived.
int netshims_ask_for_timestamps(int descriptor);

// recvmsg(2). `arrival` is the kernel's time, 0 where it gave none; `message_flags` are msg_flags.
ssize_t netshims_receive_message(int descriptor, void *bytes, size_t room, int flags, struct timespec *arrival, int *message_flags);

// What an error queue says about a datagram that could not be delivered: struct sock_extended_err of linux/errqueue.h, and
// who said so (family 4 or 6, 0: nobody), in network order.
struct netshims_datagram_error {
    int32_t error;
    uint8_t origin, type, code, family;
    uint32_t info;
    uint32_t address_v4;
    uint8_t address_v6[16];
};

// setsockopt(2) of IP_RECVERR or IPV6_RECVERR. ENOTSUP outside Linux.
int netshims_keep_queued_errors(int descriptor, int ipv6);

// recvmsg(2) with MSG_ERRQUEUE, which never blocks: the start of the datagram and the error. EAGAIN when nothing is queued.
ssize_t netshims_receive_datagram_error(int descriptor, void *bytes, size_t room, struct netshims_datagram_error *error);

// setsockopt(2) of IP_MTU_DISCOVER (IP_PMTUDISC_DO), IP_DONTFRAG, or their IPv6 forms: no datagram is fragmented.
int netshims_forbid_fragments(int descriptor, int ipv6);

// getsockopt(2) of IP_MTU or IPV6_MTU of a connected socket: what the kernel knows of the path. ENOTSUP outside Linux.
int netshims_path_mtu(int descriptor, int ipv6, int32_t *mtu);

// setsockopt(2) of SO_BINDTODEVICE, elsewhere IP_BOUND_IF: only this interface is used.
int netshims_bind_to_interface(int descriptor, int ipv6, const char *name);

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


// recvmsg(2) with MSG_ERRQUEUE, which never blocks, and the CMSG macros. EAGAIN when nothing is queued.
int netshims_take_queued_error(int descriptor, struct netshims_queued_error *entry);

// unshare(2) of CLONE_NEWNET: the calling thread gets a network of its own. ENOTSUP outside Linux.
int netshims_new_network_namespace(void);

// setns(2) of CLONE_NEWNET: the calling thread enters another network. ENOTSUP outside Linux.
int netshims_enter_network_namespace(int descriptor);

// ioctl(2) SIOCETHTOOL with a command of linux/ethtool.h that sets one value. ENOTSUP outside Linux.
int netshims_set_ethtool_value(int descriptor, const char *name, uint32_t command, uint32_t value);

// fork(2) and execve(2): starts a program with these three standard streams and no other descriptor, no signal blocked and the
// default dispositions. On Linux it gets SIGKILL when the calling thread ends (PR_SET_PDEATHSIG), and with `drop_capabilities` it
// can get no capability, root in a user namespace or not. Returns 0 and the child, or the errno of what failed, execve included.
int netshims_start_program(
    const char *path, char *const arguments[], char *const environment[], int input, int output, int errors, int drop_capabilities,
    int32_t *child);

// prctl(2) PR_SET_CHILD_SUBREAPER: children of children that end become children of this process. ENOTSUP outside Linux.
int netshims_adopt_orphans(void);

// Whether children can be given a process namespace of their own with its own /proc (Linux: CLONE_NEWPID, CLONE_NEWNS).
int netshims_can_separate(void);

// fork(2) and execve(2), in a process namespace of its own if is_separate, and then passes SIGINT, SIGTERM, SIGHUP and SIGTSTP
// on until that child ends (SIGQUIT ends it at once); status as shells have it. The child dies with this process: by SIGKILL in a namespace, and
// the kernel ends everything in it along with it; else by SIGTERM. Returns an errno, 0 when the child has ended.
int netshims_supervise(const char *path, char *const arguments[], char *const environment[], int is_separate, int32_t *status);

#endif
