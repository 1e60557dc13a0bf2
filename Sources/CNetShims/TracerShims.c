#define _GNU_SOURCE
#include "TracerShims.h"
#include "ChildSetup.h"

#include <errno.h>

#ifdef __linux__

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define OWN_ARCHITECTURE 0
#endif

#define MOST_CALLS 200

// struct ptrace_syscall_info of linux/ptrace.h, which cannot be included beside sys/ptrace.h (ptrace(2)).
struct call_information {
    uint8_t operation;
    uint8_t padding[3];
    uint32_t architecture;
    uint64_t instruction, stack;
    union {
        struct { uint64_t number, arguments[6]; } entry; // and, with one more word behind it, of seccomp's stop
        struct { int64_t value; uint8_t is_error; } result;
        uint64_t room[8];
    };
};
enum { AT_ENTRY = 1, AT_RETURN = 2, AT_SECCOMP = 3 };

uint32_t netshims_own_architecture(void) { return OWN_ARCHITECTURE; }

// "Which call?" asked of each system call: SECCOMP_RET_TRACE for those named, and only on this architecture, since numbers
// mean other calls on others (seccomp(2)). The kernel remembers which numbers are always let through, so that those cost
// nothing. At most 255 instructions can be jumped over, hence the limit.
static int install_filter(const int32_t numbers[], size_t count) {
    struct sock_filter filter[MOST_CALLS + 5];
    unsigned short used = 0;
    filter[used++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    filter[used++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 0, (unsigned char)(count + 1));
    filter[used++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < count; i++) {
        filter[used++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)numbers[i], (unsigned char)(count - i), 0);
    }
    filter[used++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[used++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    struct sock_fprog program = {.len = used, .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

// Whether this kernel has filters at all: it looks for one where none can be.
static int check_filters(void) {
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 0, 0, 0) < 0 && errno != EFAULT ? -1 : 0;
}

int netshims_trace_program(
    const char *path, char *const arguments[], char *const environment[], int input, int output, int errors, int drop_capabilities,
    const int32_t numbers[], size_t count, int32_t *child) {
    if (OWN_ARCHITECTURE == 0) return ENOTSUP;
    if (count > MOST_CALLS) return EINVAL;
    // The child waits on `go` for its tracer, and says on `report` what failed before execve.
    int go[2], report[2];
    if (pipe2(go, O_CLOEXEC) < 0) return errno;
    if (pipe2(report, O_CLOEXEC) < 0) {
        int code = errno;
        close(go[0]), close(go[1]);
        return code;
    }
    const int streams[3] = {input, output, errors};
    pid_t parent = getpid();
    // A signal would stop the child for its tracer, who waits for its report.
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    pid_t made = fork();
    int code = made < 0 ? errno : 0;
    if (made != 0) sigprocmask(SIG_SETMASK, &before, 0);
    if (made == 0) {
        // Only async-signal-safe calls between fork and execve: another thread may have held any lock.
        // With a copy of its own, the child would never see that the tracer has gone.
        close(go[1]);
        char start;
        ssize_t got = read(go[0], &start, 1);
        // Without a byte: the tracer could not attach, and is waiting for the end of this.
        if (got != 1) _exit(127);
        int answer = fcntl(report[1], F_DUPFD_CLOEXEC, 10);
        if (answer < 0 || netshims_set_up_child(streams, drop_capabilities, parent) < 0 || check_filters() < 0) code = errno;
        if (answer < 0 || write(answer, &code, sizeof code) < 0 || code != 0) _exit(127);
        // From here on execve, exit and what concerns signals are the only calls: others would stop at the filter.
        if (install_filter(numbers, count) < 0) _exit(127);
        netshims_admit_signals();
        execve(path, arguments, environment);
        _exit(127);
    }
    close(go[0]), close(report[1]);
    if (code == 0) {
        const uintptr_t options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
            PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
        if (ptrace(PTRACE_SEIZE, made, 0, options) < 0) {
            code = errno;
        } else if (write(go[1], "g", 1) != 1) {
            code = errno;
        } else {
            ssize_t got;
            int failure = EIO;
            do { got = read(report[0], &failure, sizeof failure); } while (got < 0 && errno == EINTR);
            code = failure;
        }
    }
    close(go[1]);
    if (made > 0 && code != 0) {
        kill(made, SIGKILL);
        while (waitpid(made, 0, __WALL) < 0 && errno == EINTR) continue;
    }
    close(report[0]);
    *child = made;
    return code;
}

// PTRACE_EVENT_STOP carries SIGTRAP, or the signal that stops the whole process.
static int is_stopping(int signal) { return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU; }

int netshims_wait_for_stop(struct netshims_stop *stop) {
    int status = 0;
    pid_t thread;
    do { thread = waitpid(-1, &status, __WALL | __WNOTHREAD); } while (thread < 0 && errno == EINTR);
    if (thread < 0) return errno;
    *stop = (struct netshims_stop){.thread = thread};
    if (WIFEXITED(status)) {
        stop->kind = NETSHIMS_EXITED, stop->detail = WEXITSTATUS(status);
        return 0;
    }
    if (WIFSIGNALED(status)) {
        stop->kind = NETSHIMS_KILLED, stop->detail = WTERMSIG(status);
        return 0;
    }
    int signal = WSTOPSIG(status), event = status >> 16;
    stop->detail = signal;
    switch (event) {
    case 0: stop->kind = signal == (SIGTRAP | 0x80) ? NETSHIMS_RETURN : NETSHIMS_SIGNAL; return 0;
    case PTRACE_EVENT_SECCOMP: stop->kind = NETSHIMS_CALL; return 0;
    case PTRACE_EVENT_STOP: stop->kind = is_stopping(signal) ? NETSHIMS_GROUP_STOP : NETSHIMS_TRAP; return 0;
    case PTRACE_EVENT_FORK: case PTRACE_EVENT_VFORK: case PTRACE_EVENT_CLONE: stop->kind = NETSHIMS_BIRTH; break;
    case PTRACE_EVENT_EXEC: stop->kind = NETSHIMS_EXEC; break;
    case PTRACE_EVENT_EXIT: stop->kind = NETSHIMS_ENDING; break;
    default: stop->kind = NETSHIMS_TRAP; return 0;
    }
    unsigned long message = 0;
    // A thread that was killed meanwhile has none; its end comes next.
    if (ptrace(PTRACE_GETEVENTMSG, thread, 0, &message) == 0) stop->message = message;
    return 0;
}

int netshims_read_call(int32_t thread, struct netshims_call *call) {
    struct call_information found;
    memset(&found, 0, sizeof found);
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof found, &found) < 0) return errno;
    memset(call, 0, sizeof *call);
    call->architecture = found.architecture;
    call->instruction = found.instruction, call->stack = found.stack;
    switch (found.operation) {
    case AT_ENTRY: case AT_SECCOMP:
        call->number = found.entry.number;
        memcpy(call->arguments, found.entry.arguments, sizeof call->arguments);
        return 0;
    case AT_RETURN: call->result = found.result.value; return 0;
    default: return EINVAL;
    }
}

int netshims_resume(int32_t thread, int32_t signal) {
    return ptrace(PTRACE_CONT, thread, 0, (uintptr_t)(uint32_t)signal) < 0 ? errno : 0;
}

int netshims_resume_to_return(int32_t thread, int32_t signal) {
    return ptrace(PTRACE_SYSCALL, thread, 0, (uintptr_t)(uint32_t)signal) < 0 ? errno : 0;
}

int netshims_stay_stopped(int32_t thread) { return ptrace(PTRACE_LISTEN, thread, 0, 0) < 0 ? errno : 0; }

size_t netshims_read_memory(int32_t thread, uint64_t address, void *bytes, size_t count) {
    // The kernel copies whole pieces: with one for each page, a hole ends the copy and does not prevent it.
    enum { PAGE = 4096, PIECES = 64 };
    size_t done = 0;
    while (done < count) {
        struct iovec pieces[PIECES];
        size_t wanted = 0;
        int used = 0;
        while (used < PIECES && done + wanted < count) {
            uint64_t place = address + done + wanted;
            if (place < address) break;
            size_t size = PAGE - (size_t)(place % PAGE);
            if (size > count - done - wanted) size = count - done - wanted;
            pieces[used++] = (struct iovec){.iov_base = (void *)(uintptr_t)place, .iov_len = size};
            wanted += size;
        }
        if (wanted == 0) return done;
        struct iovec here = {.iov_base = (char *)bytes + done, .iov_len = wanted};
        ssize_t got = process_vm_readv(thread, &here, 1, pieces, (unsigned long)used, 0);
        if (got <= 0) return done;
        done += (size_t)got;
        if ((size_t)got < wanted) return done;
    }
    return done;
}

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

int netshims_open_process(int32_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int netshims_borrow_descriptor(int process, int32_t descriptor) {
    return (int)syscall(SYS_pidfd_getfd, process, descriptor, 0);
}

#else

uint32_t netshims_own_architecture(void) { return 0; }

int netshims_trace_program(
    const char *path, char *const arguments[], char *const environment[], int input, int output, int errors, int drop_capabilities,
    const int32_t numbers[], size_t count, int32_t *child) {
    (void)path, (void)arguments, (void)environment, (void)input, (void)output, (void)errors, (void)drop_capabilities;
    (void)numbers, (void)count, (void)child;
    return ENOTSUP;
}

int netshims_wait_for_stop(struct netshims_stop *stop) { (void)stop; return ENOTSUP; }
int netshims_read_call(int32_t thread, struct netshims_call *call) { (void)thread, (void)call; return ENOTSUP; }
int netshims_resume(int32_t thread, int32_t signal) { (void)thread, (void)signal; return ENOTSUP; }
int netshims_resume_to_return(int32_t thread, int32_t signal) { (void)thread, (void)signal; return ENOTSUP; }
int netshims_stay_stopped(int32_t thread) { (void)thread; return ENOTSUP; }

size_t netshims_read_memory(int32_t thread, uint64_t address, void *bytes, size_t count) {
    (void)thread, (void)address, (void)bytes, (void)count;
    return 0;
}

int netshims_open_process(int32_t process) { (void)process; errno = ENOTSUP; return -1; }
int netshims_borrow_descriptor(int process, int32_t descriptor) { (void)process, (void)descriptor; errno = ENOTSUP; return -1; }

#endif
