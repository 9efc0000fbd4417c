/* SPDX-License-Identifier: MIT
 *
 * What a client shows of itself in Authorization (RFC 9110 §11.4), read strictly: whoever verifies
 * it and whoever logs it must read the same. Views into the text, any thread; what takes an event:
 * who holds it. Nothing here verifies anything. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * H3_CREDENTIALS_MAX_LENGTH:
 *
 * Bytes of credentials; what is longer is malformed.
 *
 * Since: 0.1
 */
#define H3_CREDENTIALS_MAX_LENGTH 16384

/**
 * H3_CREDENTIALS_MAX_PARAMETERS:
 *
 * Parameters of credentials; what has more is malformed.
 *
 * Since: 0.1
 */
#define H3_CREDENTIALS_MAX_PARAMETERS 32

/**
 * H3Credentials: (skip)
 * @scheme: a token, in any case
 * @token: its data is %NULL where there is none
 * @parameters: those that h3_credentials_next() takes; empty where there are none
 *
 * What a client shows of itself (RFC 9110 §11.4): views into the text it was read from. Bindings
 * have h3_event_read_basic() and h3_event_read_bearer().
 *
 * Since: 0.1
 */
typedef struct {
    H3View scheme;     /* borrowed: the text, as the others */
    H3View token;      /* token68 */
    H3View parameters; /* no name twice */
} H3Credentials;

/**
 * h3_credentials_parse: (skip)
 * @text: the value of a field
 * @out_credentials: (out): what it says, borrowed from @text
 *
 * Reads credentials (RFC 9110 §11.4). Bindings have h3_event_read_basic() and
 * h3_event_read_bearer(). Any thread.
 *
 * Returns: %FALSE where they are none: no scheme, several tokens, a parameter twice, or bounds
 *   passed
 *
 * Since: 0.1
 */
gboolean h3_credentials_parse (H3View text, H3Credentials *out_credentials);

/**
 * h3_credentials_is: (skip)
 * @credentials: what was read
 * @scheme: in any case
 *
 * Tells whether credentials are of this scheme. Any thread.
 *
 * Returns: %TRUE where they are
 *
 * Since: 0.1
 */
gboolean h3_credentials_is (const H3Credentials *credentials, const char *scheme);

/**
 * H3CredentialsParameter: (skip)
 * @name: in any case
 * @value: without its quotes
 * @is_quoted: so that each backslash in @value stands before a character that is meant as it is
 *
 * A parameter of credentials: views into their text.
 *
 * Since: 0.1
 */
typedef struct {
    H3View name;
    H3View value;
    gboolean is_quoted;
} H3CredentialsParameter;

/**
 * h3_credentials_next: (skip)
 * @rest: (inout): what is left of the parameters
 * @out_parameter: (out): the next one
 *
 * Takes the next parameter off the front of @rest. Any thread.
 *
 * Returns: %FALSE when there is none any more
 *
 * Since: 0.1
 */
gboolean h3_credentials_next (H3View *rest, H3CredentialsParameter *out_parameter);

/**
 * h3_credentials_get: (skip)
 * @credentials: what was read
 * @name: of the parameter, in any case
 * @arena: where the value is put
 *
 * Finds a parameter of credentials.
 *
 * Returns: (transfer none) (nullable): its value, quotes and backslashes taken off, as long as
 *   @arena; %NULL where there is none
 *
 * Since: 0.1
 */
const char *h3_credentials_get (const H3Credentials *credentials, const char *name, H3Arena *arena);

/**
 * H3CredentialsResult:
 * @H3_CREDENTIALS_ABSENT: there is no Authorization
 * @H3_CREDENTIALS_OTHER: of another scheme
 * @H3_CREDENTIALS_MALFORMED: more than one, or not to be read: 400
 * @H3_CREDENTIALS_READ: the results are set
 *
 * What became of reading a client's credentials.
 *
 * Since: 0.1
 */
typedef enum {
    H3_CREDENTIALS_ABSENT,
    H3_CREDENTIALS_OTHER,
    H3_CREDENTIALS_MALFORMED,
    H3_CREDENTIALS_READ,
} H3CredentialsResult;

/**
 * h3_event_read_credentials: (skip)
 * @event: an event
 * @out_credentials: (out): what the client shows; the views live as long as the event
 *
 * Reads Authorization (RFC 9110 §11.6.2), whatever its scheme. Bindings have h3_event_read_basic()
 * and h3_event_read_bearer().
 *
 * Returns: what became of it; never %H3_CREDENTIALS_OTHER
 *
 * Since: 0.1
 */
H3CredentialsResult h3_event_read_credentials (H3Event *event, H3Credentials *out_credentials);

/**
 * h3_event_read_basic:
 * @event: an event
 * @out_user: (out) (transfer none): what stands before the first colon (RFC 7617)
 * @out_password: (out) (transfer none): what stands behind it
 *
 * Reads Authorization of the scheme Basic (RFC 7617). Nothing is verified.
 *
 * Both are UTF-8 without controls; what is not is malformed. They live as long as the event.
 *
 * Returns: what became of it
 *
 * Since: 0.1
 */
H3CredentialsResult h3_event_read_basic (H3Event *event, const char **out_user,
                                         const char **out_password);

/**
 * h3_event_read_bearer:
 * @event: an event
 * @out_token: (out) (transfer none): the token; it lives as long as the event
 *
 * Reads Authorization of the scheme Bearer (RFC 6750 §2.1). Nothing is verified. A token anywhere
 * else, in the query or in a form, is never looked at.
 *
 * Returns: what became of it
 *
 * Since: 0.1
 */
H3CredentialsResult h3_event_read_bearer (H3Event *event, const char **out_token);

/**
 * h3_credentials_decode_basic: (skip)
 * @token: of credentials of the scheme Basic
 * @out: room for as many bytes as @token has
 * @out_user: (out): what stands before the first colon; in @out
 * @out_password: (out): what stands behind it; in @out
 *
 * Reads what h3_event_read_basic() reads out of a field that was found elsewhere. Any thread.
 *
 * Returns: %FALSE where it is malformed
 *
 * Since: 0.1
 */
gboolean h3_credentials_decode_basic (H3View token, char *out, H3View *out_user,
                                      H3View *out_password);

G_END_DECLS
