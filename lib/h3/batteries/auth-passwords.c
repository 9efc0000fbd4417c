/* SPDX-License-Identifier: MIT */

#include "auth-private.h"
#include "passwords-inside.h"

#include <h3/crypto/digest.h>
#include <h3/crypto/password.h>
#include <h3/http/failure.h>
#include <h3/http/work.h>

typedef struct {
    AuthScheme scheme;
    H3Passwords *passwords; /* ref */
    atomic_uint n_waiting;  /* jobs, of all workers */
} PasswordScheme;

/* One verification on its way through the pool. */
typedef struct {
    PasswordScheme *scheme; /* borrowed: the middleware, which outlives the server's pool */
    H3AuthCheck *check;     /* borrowed: its event, which the work holds; the worker's */
    char *password;         /* owned */
    char *hash;             /* owned; NULL: nobody's */
    GStrv scopes;           /* owned */
    gboolean is_known, is_right;
} Job;

static void
free_job (gpointer data)
{
    Job *job = data;

    atomic_fetch_sub_explicit (&job->scheme->n_waiting, 1, memory_order_relaxed);
    h3_digest_wipe (job->password, strlen (job->password));
    g_free (job->password);
    g_free (job->hash);
    g_strfreev (job->scopes);
    g_free (job);
}

static void
run_job (gpointer data, GCancellable *cancellable)
{
    Job *job = data;

    if (!g_cancellable_is_cancelled (cancellable))
        job->is_right = h3_password_verify (job->password, job->hash) && job->is_known;
}

static void
finish_job (H3Event *event, gpointer data)
{
    Job *job = data;

    if (job->is_right)
        h3_auth_check_accept (job->check, h3_principal_new ("basic", job->check->user,
                                                            (const char *const *) job->scopes));
    else
        h3_auth_check_refuse (job->check, NULL);
}

static void
offload (PasswordScheme *scheme, H3AuthCheck *check)
{
    Job *job = g_new0 (Job, 1);

    job->scheme = scheme;
    job->check = check;
    job->password = g_strdup (check->password);
    job->is_known = passwords_look_up (scheme->passwords, check->user, &job->hash, &job->scopes);
    h3_event_offload (check->event, run_job, finish_job, job, free_job);
}

static gboolean
verify_password (AuthScheme *scheme, H3AuthCheck *check, const H3Credentials *credentials)
{
    PasswordScheme *self = (PasswordScheme *) scheme;

    if (!auth_read_basic (check, credentials))
        return FALSE;
    if (auth_check_recall (check, credentials->token, passwords_get_generation (self->passwords)))
        return TRUE;
    /* Where there is nobody, there is nobody to hide, and nothing to compute for. */
    if (h3_passwords_get_size (self->passwords) == 0) {
        h3_auth_check_refuse (check, NULL);
        return TRUE;
    }
    if (atomic_fetch_add_explicit (&self->n_waiting, 1, memory_order_relaxed)
        < H3_AUTH_MAX_WAITING) {
        offload (self, check);
        return TRUE;
    }
    atomic_fetch_sub_explicit (&self->n_waiting, 1, memory_order_relaxed);
    h3_response_set_header_always (h3_event_get_response (check->event), "Retry-After", "1");
    h3_auth_check_fail (check, h3_http_error_new (503, "Too many passwords are being verified."));
    return TRUE;
}

static void
free_passwords (AuthScheme *scheme)
{
    h3_passwords_unref (((PasswordScheme *) scheme)->passwords);
    g_free (scheme);
}

AuthScheme *
auth_passwords_new (H3Passwords *passwords)
{
    PasswordScheme *self = g_new0 (PasswordScheme, 1);

    self->scheme.name = "Basic";
    self->scheme.verify = verify_password;
    self->scheme.challenge = auth_challenge_basic;
    self->scheme.free = free_passwords;
    self->scheme.is_dear = TRUE;
    self->passwords = h3_passwords_ref (passwords);
    return &self->scheme;
}
