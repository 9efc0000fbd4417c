/* SPDX-License-Identifier: MIT */

#include "sweep.h"

#include "tests/support/suite.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Of the program and the processes of its tests: the first reads when they have ended. */
typedef struct {
    guint carried_out[N_FAULT_CALLS];
    char under_way[N_FAULT_CALLS][128]; /* "": none */
    guint n_tried;
} Account;

static Account *account; /* shared memory */
static GRand *random_numbers;
static guint share;

/* A refusal for want of something is harmless where the library has another way, or waits. */
static const Fault faults[] = {
    { FAULT_SOCKET, EMFILE, FALSE },
    { FAULT_SOCKET, EACCES, FALSE },
    { FAULT_BIND, EADDRINUSE, FALSE },
    { FAULT_BIND, EACCES, FALSE },
    { FAULT_LISTEN, EADDRINUSE, FALSE },
    { FAULT_CONNECT, EAGAIN, FALSE },
    { FAULT_CONNECT, ENETUNREACH, FALSE },
    { FAULT_ACCEPT, EINTR, TRUE },
    { FAULT_ACCEPT, EAGAIN, TRUE },
    { FAULT_ACCEPT, ECONNABORTED, TRUE },
    { FAULT_ACCEPT, EPROTO, TRUE },
    { FAULT_ACCEPT, EPERM, TRUE },
    { FAULT_ACCEPT, ENOSYS, TRUE },
    { FAULT_ACCEPT, EMFILE, FALSE },
    { FAULT_ACCEPT, ENFILE, FALSE },
    { FAULT_ACCEPT, ENOBUFS, TRUE },
    { FAULT_ACCEPT, ENOMEM, TRUE },
    { FAULT_SETSOCKOPT, ENOBUFS, FALSE },
    { FAULT_SETSOCKOPT, EINVAL, FALSE },
    { FAULT_GETSOCKOPT, ENOBUFS, FALSE },
    { FAULT_GETSOCKNAME, ENOBUFS, FALSE },
    { FAULT_GETPEERNAME, ENOTCONN, TRUE },
    { FAULT_SHUTDOWN, ENOTCONN, TRUE },
    { FAULT_RECV, EINTR, TRUE },
    { FAULT_RECV, EAGAIN, TRUE },
    { FAULT_RECV, FAULT_SHORT, TRUE },
    { FAULT_RECV, FAULT_END, FALSE },
    { FAULT_RECV, ECONNRESET, FALSE },
    { FAULT_RECV, ETIMEDOUT, FALSE },
    { FAULT_RECV, ENOMEM, FALSE },
    { FAULT_SEND, EINTR, TRUE },
    { FAULT_SEND, EAGAIN, TRUE },
    { FAULT_SEND, FAULT_SHORT, TRUE },
    { FAULT_SEND, EPIPE, FALSE },
    { FAULT_SEND, ECONNRESET, FALSE },
    { FAULT_SEND, ENOBUFS, FALSE },
    { FAULT_SENDMSG, EINTR, TRUE },
    { FAULT_SENDMSG, EAGAIN, TRUE },
    { FAULT_SENDMSG, FAULT_SHORT, TRUE },
    { FAULT_SENDMSG, EPIPE, FALSE },
    { FAULT_SENDMSG, ECONNRESET, FALSE },
    { FAULT_SENDMSG, ENOMEM, FALSE },
    { FAULT_SENDFILE, EINTR, TRUE },
    { FAULT_SENDFILE, EAGAIN, TRUE },
    { FAULT_SENDFILE, FAULT_SHORT, TRUE },
    { FAULT_SENDFILE, EINVAL, TRUE },
    { FAULT_SENDFILE, ENOSYS, TRUE },
    { FAULT_SENDFILE, FAULT_END, FALSE },
    { FAULT_SENDFILE, EIO, FALSE },
    { FAULT_SENDFILE, EPIPE, FALSE },
    { FAULT_SENDFILE, ENOMEM, FALSE },
    { FAULT_READ, EIO, FALSE },
    { FAULT_READ, EINTR, TRUE },
    { FAULT_PREAD, EINTR, TRUE },
    { FAULT_PREAD, FAULT_SHORT, TRUE },
    { FAULT_PREAD, FAULT_END, FALSE },
    { FAULT_PREAD, EIO, FALSE },
    { FAULT_PWRITE, EINTR, TRUE },
    { FAULT_PWRITE, FAULT_SHORT, TRUE },
    { FAULT_PWRITE, FAULT_END, FALSE },
    { FAULT_PWRITE, ENOSPC, FALSE },
    { FAULT_PWRITE, EDQUOT, FALSE },
    { FAULT_PWRITE, EIO, FALSE },
    { FAULT_LINKAT, ENOENT, TRUE },
    { FAULT_LINKAT, EPERM, TRUE },
    { FAULT_LINKAT, EXDEV, TRUE },
    { FAULT_RENAME, EACCES, FALSE },
    { FAULT_RENAME, ENOSPC, FALSE },
    { FAULT_WRITE, EINTR, TRUE },
    { FAULT_WRITE, FAULT_SHORT, TRUE },
    { FAULT_WRITE, ENOSPC, TRUE },
    { FAULT_WRITE, EIO, TRUE },
    { FAULT_WRITE, EFBIG, TRUE },
    { FAULT_WAKE, EINTR, TRUE },
    { FAULT_WOKEN, EINTR, TRUE },
    { FAULT_WOKEN, EAGAIN, TRUE },
    { FAULT_EPOLL_CREATE, EMFILE, FALSE },
    { FAULT_EPOLL_CREATE, ENOMEM, FALSE },
    { FAULT_EPOLL_CTL, ENOMEM, FALSE },
    { FAULT_EPOLL_CTL, ENOSPC, FALSE },
    { FAULT_EPOLL_WAIT, EINTR, TRUE },
    { FAULT_EVENTFD, ENOSYS, TRUE },
    { FAULT_EVENTFD, EMFILE, FALSE },
    { FAULT_EVENTFD, ENOMEM, FALSE },
    { FAULT_TIMERFD, ENOSYS, TRUE },
    { FAULT_TIMERFD, EMFILE, FALSE },
    { FAULT_TIMERFD, ENOMEM, FALSE },
    { FAULT_PIPE, EMFILE, FALSE },
    { FAULT_PIPE, ENFILE, FALSE },
    { FAULT_OPEN, EMFILE, FALSE },
    { FAULT_OPEN, ENFILE, FALSE },
    { FAULT_OPEN, EACCES, FALSE },
    { FAULT_OPEN, ENOENT, FALSE },
    { FAULT_OPEN, EINTR, FALSE },
    { FAULT_OPEN, EIO, FALSE },
    { FAULT_OPEN, EOPNOTSUPP, FALSE },
    { FAULT_OPENAT2, EINTR, TRUE },
    { FAULT_OPENAT2, EAGAIN, TRUE },
    { FAULT_OPENAT2, EMFILE, FALSE },
    { FAULT_OPENAT2, EACCES, FALSE },
    { FAULT_OPENAT2, EXDEV, FALSE },
    { FAULT_OPENAT2, EIO, FALSE },
    { FAULT_FSTAT, ENOMEM, FALSE },
    { FAULT_FSTAT, EIO, FALSE },
    { FAULT_FSYNC, EIO, FALSE },
    { FAULT_FSYNC, ENOSPC, FALSE },
    { FAULT_FTRUNCATE, EINTR, TRUE },
    { FAULT_FTRUNCATE, EIO, FALSE },
    { FAULT_FTRUNCATE, ENOSPC, FALSE },
    { FAULT_FLOCK, EINTR, FALSE },
    { FAULT_FLOCK, EAGAIN, FALSE },
    { FAULT_FLOCK, ENOLCK, FALSE },
    { FAULT_DUP, EMFILE, FALSE },
    { FAULT_POLL, EINTR, TRUE },
    { FAULT_CLOSE, EINTR, TRUE },
    { FAULT_CLOSE, EIO, TRUE },
    { FAULT_GETRANDOM, EINTR, TRUE },
    { FAULT_GETRANDOM, ENOSYS, TRUE },
    { FAULT_GETRANDOM, FAULT_SHORT, TRUE },
    { FAULT_PTHREAD_CREATE, EAGAIN, FALSE },
    { FAULT_SPAWN, EAGAIN, FALSE },
    { FAULT_SPAWN, ENOMEM, FALSE },
    { FAULT_SPAWN, ENOENT, FALSE },
    { FAULT_PIDFD, EMFILE, FALSE },
    { FAULT_PIDFD, ENOSYS, TRUE },
    { FAULT_WAITID, EINTR, TRUE },
};

const Fault *
sweep_list (FaultCall call, guint *out_n)
{
    guint first = 0;

    while (first < G_N_ELEMENTS (faults) && faults[first].call != call)
        first++;
    *out_n = 0;
    while (first + *out_n < G_N_ELEMENTS (faults) && faults[first + *out_n].call == call)
        ++*out_n;
    ck_assert_msg (*out_n > 0, "no way is known for %s to fail", fault_get_name (call));
    return &faults[first];
}

static guint
read_number (const char *variable, guint unset)
{
    const char *text = g_getenv (variable);

    return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : unset;
}

void
sweep_init (void)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    guint usual = 20;
#else
    guint usual = 100;
#endif
    guint seed = read_number ("H3_FAULT_SEED", g_random_int ());

    account =
        mmap (NULL, sizeof *account, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    g_assert (account != MAP_FAILED);
    share = read_number ("H3_FAULT_SHARE", usual);
    random_numbers = g_rand_new_with_seed (seed);
    g_print ("H3_FAULT_SEED=%u H3_FAULT_SHARE=%u\n", seed, share);
}

int
sweep_finish (int status)
{
    guint total = 0;

    for (guint i = 0; i < N_FAULT_CALLS; i++) {
        if (account->carried_out[i] == 0)
            continue;
        g_print ("%s %u  ", fault_get_name ((FaultCall) i), account->carried_out[i]);
        total += account->carried_out[i];
    }
    g_print ("\n%u faults in %u runs\n", total, account->n_tried);
    for (guint i = 0; i < N_FAULT_CALLS; i++) {
        if (account->under_way[i][0] != '\0')
            g_printerr ("Under way when a test failed: %s\n", account->under_way[i]);
    }
    g_rand_free (random_numbers);
    (void) munmap (account, sizeof *account);
    return status;
}

gboolean
sweep_wants (const Fault *fault)
{
    return share >= 100 || account->carried_out[fault->call] == 0
           || (guint) g_rand_int_range (random_numbers, 0, 100) < share;
}

guint
sweep_get_step (void)
{
    return 100 / CLAMP (share, 1, 100);
}

void
sweep_note (const Fault *fault, guint first, const char *where)
{
    account->n_tried++;
    g_snprintf (account->under_way[fault->call], sizeof account->under_way[0], "%s:%u:%s in %s",
                fault_get_name (fault->call), first, fault_get_error_name (fault->error_number),
                where);
}

void
sweep_count (const Fault *fault, guint n)
{
    account->carried_out[fault->call] += n;
}

void
sweep_arm (const Fault *fault, guint first, const char *where)
{
    sweep_note (fault, first, where);
    fault_arm (fault->call, fault->error_number, first, 1);
}

gboolean
sweep_disarm (const Fault *fault)
{
    guint n = fault_disarm ();

    sweep_count (fault, n);
    return n > 0;
}

void
sweep_end (FaultCall call)
{
    ck_assert_msg (account->carried_out[call] > 0, "no %s failed: is it called otherwise now?",
                   fault_get_name (call));
    account->under_way[call][0] = '\0';
}
