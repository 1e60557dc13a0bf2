#define _GNU_SOURCE
#include "CNetShims.h"
#include "ChildSetup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <sys/types.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

int netshims_set_up_child(const int streams[3], int drop_capabilities, pid_t parent) {
    // Above the standard streams first, so that none overwrites another.
    int safe[3];
    for (int i = 0; i < 3; i++) {
        safe[i] = fcntl(streams[i], F_DUPFD, 10);
        if (safe[i] < 0) return -1;
    }
    for (int i = 0; i < 3; i++) {
        if (dup2(safe[i], i) < 0) return -1;
    }
    long most = sysconf(_SC_OPEN_MAX);
#if defined(__linux__) && defined(SYS_close_range)
    // All others are closed by execve: CLOSE_RANGE_CLOEXEC is 4. Older kernels: below, up to the limit.
    if (syscall(SYS_close_range, 3u, ~0u, 4u) == 0) most = 0;
#endif
    for (long number = 3; number < most && number < 65536; number++) fcntl((int)number, F_SETFD, FD_CLOEXEC);
    struct sigaction plain = {.sa_handler = SIG_DFL};
    for (int number = 1; number < 65; number++) sigaction(number, &plain, 0);
#ifdef __linux__
    if (drop_capabilities) {
        for (int capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        netshims_clear_capabilities();
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    // It may have ended before that.
    if (getppid() != parent) _exit(127);
#else
    (void)drop_capabilities, (void)parent;
#endif
    return 0;
}

void netshims_admit_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
}

// Only async-signal-safe calls between fork and execve: another thread may have held any lock.
static void become(
    const char *path, char *const arguments[], char *const environment[], const int streams[3], int drop_capabilities, pid_t parent,
    int report) {
    int kept = fcntl(report, F_DUPFD_CLOEXEC, 10);
    if (kept >= 0) report = kept;
    if (kept >= 0 && netshims_set_up_child(streams, drop_capabilities, parent) == 0) {
        netshims_admit_signals();
        execve(path, arguments, environment);
    }
    int code = errno;
    ssize_t written = write(report, &code, sizeof code);
    (void)written;
    _exit(127);
}

int netshims_start_program(
    const char *path, char *const arguments[], char *const environment[], int input, int output, int errors, int drop_capabilities,
    int32_t *child) {
    int ends[2];
    if (pipe(ends) < 0) return errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    const int streams[3] = {input, output, errors};
    pid_t parent = getpid();
    pid_t made = fork();
    if (made == 0) become(path, arguments, environment, streams, drop_capabilities, parent, ends[1]);
    int code = made < 0 ? errno : 0;
    close(ends[1]);
    if (made > 0) {
        // Nothing comes when execve succeeded: it closed the pipe.
        ssize_t count;
        int failure = 0;
        do { count = read(ends[0], &failure, sizeof failure); } while (count < 0 && errno == EINTR);
        if (count == (ssize_t)sizeof failure) code = failure;
        *child = made;
    }
    close(ends[0]);
    return code;
}

int netshims_adopt_orphans(void) {
#ifdef __linux__
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#else
    errno = ENOTSUP;
    return -1;
#endif
}
