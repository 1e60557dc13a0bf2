// What a child does to itself between fork(2) and execve(2). Of the shims themselves; not in include/.
#ifndef NETSHIMS_CHILD_SETUP_H
#define NETSHIMS_CHILD_SETUP_H

#include <sys/types.h>

// These three standard streams, no other descriptor after execve, default dispositions of signals, an end with the parent's
// thread, and no capabilities if asked. Only async-signal-safe calls. -1 with errno set.
int netshims_set_up_child(const int streams[3], int drop_capabilities, pid_t parent);

// Blocks no signal any more. Right before execve, so that none comes while somebody waits for the child to get there.
void netshims_admit_signals(void);

#endif
