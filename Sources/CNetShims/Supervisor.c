// The process that watches over another one: it passes signals on, and is what the kernel's process namespace hangs on.
#define _GNU_SOURCE
#include "CNetShims.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/wait.h>

#ifdef __linux__
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#endif

#ifdef __linux__

// From now on children are born in a process namespace of their own, and mounts here stay here.
static int separate(void) {
    if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0) return -1;
    return mount("none", "/", 0, MS_REC | MS_PRIVATE, 0);
}

// In the first child of such a namespace: /proc shows its processes (strace and others look there).
static int mount_proc(void) { return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0); }

static int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int netshims_can_separate(void) {
    // What unshare(2) changed cannot be taken back, so a child tries.
    pid_t trying = fork();
    if (trying < 0) return 0;
    if (trying == 0) {
        if (separate() < 0) _exit(1);
        pid_t first = fork();
        if (first == 0) _exit(mount_proc() < 0 ? 1 : 0);
        _exit(first < 0 || wait_for(first) < 0 ? 1 : 0);
    }
    return wait_for(trying) == 0;
}

static void become(const char *path, char *const arguments[], char *const environment[], int is_separate, const sigset_t *before, int parent_is_there) {
    prctl(PR_SET_PDEATHSIG, is_separate ? SIGKILL : SIGTERM, 0, 0, 0);
    // It may have ended before that; then the other end of its pipe is closed.
    struct pollfd end = {.fd = parent_is_there, .events = POLLIN};
    if (poll(&end, 1, 0) > 0) _exit(127);
    if (is_separate && mount_proc() < 0) _exit(127);
    sigprocmask(SIG_SETMASK, before, 0);
    execve(path, arguments, environment);
    _exit(127);
}

int netshims_supervise(const char *path, char *const arguments[], char *const environment[], int is_separate, int32_t *status) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return errno;
    if (is_separate && separate() < 0) return errno;
    sigset_t taken, before;
    sigemptyset(&taken);
    const int signals[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction action;
        // nohup(1) and background jobs of scripts ignore some: so shall the child, and this process.
        if (signals[i] != SIGCHLD && sigaction(signals[i], 0, &action) == 0 && action.sa_handler == SIG_IGN) continue;
        sigaddset(&taken, signals[i]);
    }
    if (sigprocmask(SIG_BLOCK, &taken, &before) < 0) return errno;
    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) {
        close(ends[1]);
        become(path, arguments, environment, is_separate, &before, ends[0]);
    }
    close(ends[0]);
    for (;;) {
        siginfo_t info;
        int number = sigwaitinfo(&taken, &info);
        if (number < 0) continue;
        if (number == SIGTSTP) {
            // Ctrl-Z stops both; the first process of a namespace heeds only SIGSTOP.
            kill(child, SIGSTOP);
            kill(getpid(), SIGSTOP);
            kill(child, SIGCONT);
        } else if (number == SIGQUIT) {
            // Ctrl-\ is for what does not end otherwise.
            kill(child, SIGKILL);
        } else if (number != SIGCHLD) {
            // What the terminal sends (SI_KERNEL) comes to the whole foreground, and so to the child, too.
            if (info.si_code != SI_KERNEL) kill(child, number);
        }
        int ended;
        pid_t found;
        // Orphans that this process adopted are collected on the way.
        while ((found = waitpid(-1, &ended, WNOHANG)) > 0) {
            if (found != child) continue;
            *status = WIFSIGNALED(ended) ? 128 + WTERMSIG(ended) : WEXITSTATUS(ended);
            close(ends[1]);
            return 0;
        }
        if (found < 0 && errno == ECHILD) return ECHILD;
    }
}

#else

int netshims_can_separate(void) { return 0; }

int netshims_supervise(const char *path, char *const arguments[], char *const environment[], int is_separate, int32_t *status) {
    (void)path, (void)arguments, (void)environment, (void)is_separate, (void)status;
    return ENOTSUP;
}

#endif
