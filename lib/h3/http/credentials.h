/* SPDX-License-Identifier: MIT
 *
 * What a client shows of itself in Authorization (RFC 9110 §11.4), read strictly: whoever verifies
 * it and whoever logs it must read the same. Views into the text, any thread; what takes an event:
 * who holds it. Nothing here verifies anything. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/* What is longer, or has more parameters, is malformed. */
#define H3_CREDENTIALS_MAX_LENGTH     16384
#define H3_CREDENTIALS_MAX_PARAMETERS 32

/**
 * H3Credentials: (skip)
 * @scheme: a token, in any case
 * @token: its data is %NULL where there is none
 * @parameters: those that h3_credentials_next() takes; empty where there are none
 */
typedef struct {
    H3View scheme;     /* borrowed: the text, as the others */
    H3View token;      /* token68 */
    H3View parameters; /* no name twice */
} H3Credentials;

/* (skip) FALSE where it is none: no scheme, several tokens, a parameter twice, or bounds passed. */
gboolean h3_credentials_parse (H3View text, H3Credentials *out_credentials);

/* (skip) Whether they are of this scheme, in any case. */
gboolean h3_credentials_is (const H3Credentials *credentials, const char *scheme);

/**
 * H3CredentialsParameter: (skip)
 * @value: without its quotes
 * @is_quoted: so that each backslash in @value stands before a character that is meant as it is
 */
typedef struct {
    H3View name;
    H3View value;
    gboolean is_quoted;
} H3CredentialsParameter;

/* (skip) Takes the next parameter off the front of `*rest`; FALSE when there is none any more. */
gboolean h3_credentials_next (H3View *rest, H3CredentialsParameter *out_parameter);

/* (skip) Returns: (transfer none) (nullable): the value of a parameter, its name in any case,
 * quotes and backslashes taken off; in the arena. */
const char *h3_credentials_get (const H3Credentials *credentials, const char *name, H3Arena *arena);

/**
 * H3CredentialsResult:
 * @H3_CREDENTIALS_ABSENT: there is no Authorization
 * @H3_CREDENTIALS_OTHER: of another scheme
 * @H3_CREDENTIALS_MALFORMED: more than one, or not to be read: 400
 * @H3_CREDENTIALS_READ: the results are set
 */
typedef enum {
    H3_CREDENTIALS_ABSENT,
    H3_CREDENTIALS_OTHER,
    H3_CREDENTIALS_MALFORMED,
    H3_CREDENTIALS_READ,
} H3CredentialsResult;

/* (skip) Never OTHER. The views live as long as the event. */
H3CredentialsResult h3_event_read_credentials (H3Event *event, H3Credentials *out_credentials);

/**
 * h3_event_read_basic:
 * @out_user: (out) (transfer none): what stands before the first colon (RFC 7617)
 * @out_password: (out) (transfer none): what stands behind it
 *
 * Both are UTF-8 without controls; what is not is malformed. They live as long as the event.
 */
H3CredentialsResult h3_event_read_basic (H3Event *event, const char **out_user,
                                         const char **out_password);

/* The token of RFC 6750: (out) (transfer none); it lives as long as the event. A token anywhere
 * else, in the query or in a form, is never looked at. */
H3CredentialsResult h3_event_read_bearer (H3Event *event, const char **out_token);

/* (skip) The same for the value of a field that was found elsewhere: both views lie in `out`, which
 * has room for `token.length` bytes. FALSE where it is malformed. */
gboolean h3_credentials_decode_basic (H3View token, char *out, H3View *out_user,
                                      H3View *out_password);

G_END_DECLS
