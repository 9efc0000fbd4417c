/* SPDX-License-Identifier: MIT
 *
 * System calls that fail by order. The calls of fault-calls.c take the place of the C library's in
 * the program they are linked into (or preloaded before), for the libraries it uses as well; the
 * n-th of a kind that a thread makes which is not spared fails as it was ordered. Any thread;
 * orders are given by one. Plain C: it is also preloaded into programs that know nothing of it. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What can fail, under the name that a user orders it by. `wake` and `woken` are write () and
 * read () of an eventfd, which fail otherwise than a file's. epoll_ctl () counts what is added,
 * fcntl () locks. */
#define FAULT_CALLS(X)                                                                             \
    X (SOCKET, "socket")                                                                           \
    X (BIND, "bind")                                                                               \
    X (LISTEN, "listen")                                                                           \
    X (CONNECT, "connect")                                                                         \
    X (ACCEPT, "accept4")                                                                          \
    X (SETSOCKOPT, "setsockopt")                                                                   \
    X (GETSOCKOPT, "getsockopt")                                                                   \
    X (GETSOCKNAME, "getsockname")                                                                 \
    X (GETPEERNAME, "getpeername")                                                                 \
    X (SHUTDOWN, "shutdown")                                                                       \
    X (RECV, "recv")                                                                               \
    X (SEND, "send")                                                                               \
    X (SENDMSG, "sendmsg")                                                                         \
    X (SENDFILE, "sendfile")                                                                       \
    X (READ, "read")                                                                               \
    X (PREAD, "pread")                                                                             \
    X (PWRITE, "pwrite")                                                                           \
    X (LINKAT, "linkat")                                                                           \
    X (RENAME, "rename")                                                                           \
    X (WRITE, "write")                                                                             \
    X (WRITEV, "writev")                                                                           \
    X (WAKE, "wake")                                                                               \
    X (WOKEN, "woken")                                                                             \
    X (EPOLL_CREATE, "epoll_create1")                                                              \
    X (EPOLL_CTL, "epoll_ctl")                                                                     \
    X (EPOLL_WAIT, "epoll_wait")                                                                   \
    X (EVENTFD, "eventfd")                                                                         \
    X (TIMERFD, "timerfd_create")                                                                  \
    X (PIPE, "pipe2")                                                                              \
    X (SOCKETPAIR, "socketpair")                                                                   \
    X (OPEN, "open")                                                                               \
    X (OPENAT2, "openat2")                                                                         \
    X (FSTAT, "fstat")                                                                             \
    X (FSYNC, "fsync")                                                                             \
    X (FTRUNCATE, "ftruncate")                                                                     \
    X (FLOCK, "fcntl")                                                                             \
    X (DUP, "dup")                                                                                 \
    X (POLL, "poll")                                                                               \
    X (CLOSE, "close")                                                                             \
    X (GETRANDOM, "getrandom")                                                                     \
    X (PTHREAD_CREATE, "pthread_create")                                                           \
    X (SPAWN, "posix_spawn")                                                                       \
    X (PIDFD, "pidfd_open")                                                                        \
    X (WAITID, "waitid")

#define FAULT_CALL_ID(id, name) FAULT_##id,
typedef enum { FAULT_CALLS (FAULT_CALL_ID) N_FAULT_CALLS } FaultCall;
#undef FAULT_CALL_ID

/* Beside the numbers of errno: one byte is taken or given; nothing is, as at an end. */
enum { FAULT_SHORT = -1, FAULT_END = -2 };

/* From now on the `first`-th call of the kind, and the `times` - 1 behind it (0: all behind it),
 * fails with `error_number`. The calls are counted from here. `second` orders stand beside it. */
void fault_arm (FaultCall call, int error_number, unsigned first, unsigned times);
void fault_arm_second (FaultCall call, int error_number, unsigned first, unsigned times);
/* Nothing fails any more. Returns how often the first order was carried out since it was given. */
unsigned fault_disarm (void);
/* How many calls of a kind there were since the last order. */
unsigned fault_count (FaultCall call);

/* Calls of this thread are neither counted nor failed. */
void fault_spare_thread (bool spared);

/* Sockets that accept4 () gives from now on have a send buffer of that size; 0: the system's. */
void fault_set_send_buffer (int size);
/* Waits until every socket that accept4 () gave has been closed. false: not within `milliseconds`.
 */
bool fault_wait_closed (unsigned milliseconds);

/* Names: of a call, of an error ("ECONNRESET", "SHORT", "END"). */
const char *fault_get_name (FaultCall call);
const char *fault_get_error_name (int error_number);
/* Gives the order that `text` describes: "recv:3:ECONNRESET" the third, "recv:3+:ECONNRESET" all
 * from the third on. false: it describes none. */
bool fault_arm_text (const char *text);
/* Each carried out order is told on standard error. */
void fault_set_verbose (void);

/* For fault-calls.c. Counts a call; true where it has to fail, with `*out_error`. */
bool fault_meets (FaultCall call, int *out_error);
void fault_note_accepted (int fd);
void fault_note_eventfd (int fd);
bool fault_is_eventfd (int fd);
/* Before `fd` is closed, and behind it. */
bool fault_forget (int fd);
void fault_tell_closed (void);
int fault_get_send_buffer (void);
/* Whether the code there is GLib's, and where dlsym () finds the C library's own functions. */
bool fault_is_of_glib (const void *code);
void *fault_get_c_library (void);
