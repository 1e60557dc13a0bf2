// Socket options whose values are structures that Swift cannot import.
#ifndef NETSHIMS_FILTER_H
#define NETSHIMS_FILTER_H

// setsockopt(2) of SO_ATTACH_FILTER with a program that keeps nothing, and of SO_DETACH_FILTER. ENOTSUP outside Linux.
int netshims_drop_what_arrives(int descriptor);
int netshims_take_what_arrives(int descriptor);

// ioctl(2) SIOCSIFADDR and SIOCSIFNETMASK on a label of an interface ("lo:1"): a further IPv4 address, in network order.
int netshims_add_interface_address(int descriptor, const char *label, unsigned address, unsigned netmask);

#endif
