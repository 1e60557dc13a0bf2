// ptrace(2) with seccomp(2) filters: what a tracer needs and Swift cannot import. All but the structures is Linux's alone;
// elsewhere each function fails with ENOTSUP. ptrace belongs to one thread: the one that called netshims_trace_program.
#ifndef NETSHIMS_TRACER_H
#define NETSHIMS_TRACER_H

#include <stddef.h>
#include <stdint.h>

// Why a traced thread stopped, or that it is gone.
enum netshims_stop_kind {
    NETSHIMS_EXITED = 1,     // detail: the exit status
    NETSHIMS_KILLED = 2,     // detail: the signal
    NETSHIMS_SIGNAL = 3,     // detail: the signal that is about to be delivered
    NETSHIMS_GROUP_STOP = 4, // detail: the signal that stopped the whole process (job control)
    NETSHIMS_TRAP = 5,       // a stop of ptrace's own: a new thread's first, or the end of a group stop
    NETSHIMS_CALL = 6,       // a call that the filter names is about to run
    NETSHIMS_RETURN = 7,     // the call has run
    NETSHIMS_BIRTH = 8,      // message: the new thread
    NETSHIMS_EXEC = 9,       // message: the number that the thread had before it became the whole process
    NETSHIMS_ENDING = 10,    // message: the status with which the thread is about to end
};

struct netshims_stop {
    int32_t thread;
    int32_t kind;
    int32_t detail;
    uint64_t message;
};

// struct ptrace_syscall_info of linux/ptrace.h without its union.
struct netshims_call {
    uint32_t architecture; // AUDIT_ARCH_…
    uint64_t instruction, stack;
    uint64_t number;
    uint64_t arguments[6];
    int64_t result;
};

// AUDIT_ARCH_… of this program, of which calls are seen; 0 where there is no tracer.
uint32_t netshims_own_architecture(void);

// fork(2), PTRACE_SEIZE and execve(2): the program stops at each of the calls in `numbers` (at most 200), with all that it starts.
// It gets the three standard streams, no other descriptor, no signal blocked and default dispositions, as of
// netshims_start_program; it can gain no privileges (no_new_privs, which the filter needs), and dies with the calling thread.
// Returns 0 and the child, or an errno. Whether execve succeeded, the first stops tell.
int netshims_trace_program(
    const char *path, char *const arguments[], char *const environment[], int input, int output, int errors, int drop_capabilities,
    const int32_t numbers[], size_t count, int32_t *child);

// waitpid(2) with __WALL and __WNOTHREAD: children of other threads stay theirs. 0, or an errno: ECHILD when nobody is left.
int netshims_wait_for_stop(struct netshims_stop *stop);

// PTRACE_GET_SYSCALL_INFO at NETSHIMS_CALL or NETSHIMS_RETURN (then only `result` beside the registers). 0, or an errno.
int netshims_read_call(int32_t thread, struct netshims_call *call);

// PTRACE_CONT, PTRACE_SYSCALL (stops again when the call returns), PTRACE_LISTEN. 0, or an errno: ESRCH when it is gone.
int netshims_resume(int32_t thread, int32_t signal);
int netshims_resume_to_return(int32_t thread, int32_t signal);
int netshims_stay_stopped(int32_t thread);

// process_vm_readv(2), page by page so that what can be read is: the bytes copied, 0 where the address is none.
size_t netshims_read_memory(int32_t thread, uint64_t address, void *bytes, size_t count);

// pidfd_open(2) and pidfd_getfd(2): a descriptor for the same socket. -1 with errno set.
int netshims_open_process(int32_t process);
int netshims_borrow_descriptor(int process, int32_t descriptor);

#endif
