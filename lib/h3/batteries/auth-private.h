/* SPDX-License-Identifier: MIT
 *
 * What the sources of the authentication share: the schemes behind an H3Auth, and a check under
 * way. An H3Auth and its schemes are frozen once they are used; a check belongs to its event's
 * worker. */

#pragma once

#include "auth.h"
#include "auth-memory.h"

#include <h3/http/challenge.h>

#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct _AuthScheme AuthScheme;

/* Why credentials were not taken. */
typedef struct {
    const char *error;       /* borrowed: static; of RFC 6750 §3.1 */
    const char *description; /* borrowed: the caller; NULL: nothing to add */
    const char *scope;       /* borrowed: the caller; NULL: none is missing */
    gboolean is_stale;       /* right, but of an old nonce */
} AuthRefusal;

struct _AuthScheme {
    const char *name; /* borrowed: static */
    /* Decides the check, at once or later. FALSE: the credentials cannot be read, 400. */
    gboolean (*verify) (AuthScheme *scheme, H3AuthCheck *check, const H3Credentials *credentials);
    /* Adds what is asked for; `refusal` (nullable) is why this scheme's were not taken. FALSE with
     * `error` set: nothing can be asked for. */
    gboolean (*challenge) (AuthScheme *scheme, H3Event *event, const char *realm,
                           const AuthRefusal *refusal, GError **error);
    void (*free) (AuthScheme *scheme);
    gboolean needs_body;
    gboolean is_dear; /* what it accepts is remembered where nothing is said */
};

#define AUTH_MAX_SCHEMES 3

struct _H3Auth {
    atomic_uint references;
    char *realm;                           /* owned */
    AuthScheme *schemes[AUTH_MAX_SCHEMES]; /* owned */
    guint n_schemes;
    gboolean is_optional;
    gboolean has_bearer;
    gboolean is_memory_set; /* by the program: for all schemes that can */
    guint max_remembered;   /* 0: none */
    guint remembered_time;
    AuthMemory *memory; /* owned; NULL: none, or not used yet */
};

typedef enum { CHECK_OPEN, CHECK_ACCEPTED, CHECK_REFUSED, CHECK_FAILED } CheckDecision;

struct _H3AuthCheck {
    const H3Auth *auth; /* borrowed: the middleware, which outlives its events */
    AuthScheme *scheme; /* borrowed: the auth */
    H3Event *event;     /* borrowed: the chain, or who decides later */
    const char *user;   /* borrowed: the event, as the next two; NULL: not by Basic */
    const char *password;
    const char *token;      /* NULL: not by Bearer */
    H3Principal *principal; /* ref; ACCEPTED only */
    GError *error;          /* owned; FAILED only */
    AuthRefusal refusal;
    AuthMemoryKey key;  /* of what is remembered */
    guint64 generation; /* of the table it was verified by */
    CheckDecision decision;
    gboolean is_remembered; /* by the key, once it is accepted */
    gboolean has_returned;  /* the function that verifies; what decides now, concludes */
};

/* (transfer none) (nullable): the scheme of this name, in any case. */
AuthScheme *auth_find_scheme (const H3Auth *auth, H3View name);
/* Takes the scheme. */
void auth_add_scheme (H3Auth *auth, AuthScheme *scheme);

/* 401, with a challenge of each scheme. `scheme` (nullable) is the one whose credentials came. */
void auth_refuse (const H3Auth *auth, H3Event *event, const AuthScheme *scheme,
                  const AuthRefusal *refusal);
/* The same with another status. */
void auth_answer (const H3Auth *auth, H3Event *event, guint status, const AuthScheme *scheme,
                  const AuthRefusal *refusal, const char *detail);

/* When its scheme has returned: the chain goes on, or is answered, or waits for the decision. */
void auth_check_settle (H3AuthCheck *check);

/* Whether these credentials were accepted a while ago, and are now; else, that they may be. */
gboolean auth_check_recall (H3AuthCheck *check, H3View credentials, guint64 generation);

/* As h3_auth_check_refuse (); what `refusal` points at is static. */
void auth_check_refuse (H3AuthCheck *check, const AuthRefusal *refusal);

/* (transfer none) (nullable): what asked for this event's credentials. */
const H3Auth *auth_of_event (H3Event *event);

/* What the schemes that are called Basic share: the user and the password of the check. FALSE where
 * they cannot be read. */
gboolean auth_read_basic (H3AuthCheck *check, const H3Credentials *credentials);
gboolean auth_challenge_basic (AuthScheme *scheme, H3Event *event, const char *realm,
                               const AuthRefusal *refusal, GError **error);

/* (transfer full): each of a scheme. */
AuthScheme *auth_passwords_new (H3Passwords *passwords);
AuthScheme *auth_basic_new (H3AuthVerify verify, gpointer user_data, GDestroyNotify destroy);
AuthScheme *auth_bearer_new (H3AuthVerify verify, gpointer user_data, GDestroyNotify destroy);
AuthScheme *auth_jwt_new (H3JwtVerifier *verifier);

/* Adds `text` as a parameter where it can be quoted. */
void auth_add_text (H3Challenge *challenge, const char *name, const char *text);

G_END_DECLS
