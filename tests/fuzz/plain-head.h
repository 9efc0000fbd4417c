/* SPDX-License-Identifier: MIT
 *
 * A request's head read the plain way, from the grammar of RFC 9110 and RFC 9112 and the stricter
 * rules that are ours: lines are cut apart first, then each part is looked at. Slow, and right by
 * looking at it; shares nothing with the library but views and limits. */

#pragma once

#include "h3/base/view.h"
#include "h3/http/limits.h"

/* X (name, status, why a head is refused). Those marked "ours" are stricter than the RFCs. */
#define PLAIN_REASONS(X)                                                                           \
    X (EMPTY_LINE, 400, "§2.2 of RFC 9112 has one empty line in front at most")                    \
    X (REQUEST_LINE, 400, "it is not method SP target SP version")                                 \
    X (METHOD, 400, "the method is no token")                                                      \
    X (METHOD_LENGTH, 400, "ours: a method has at most 32 bytes")                                  \
    X (VERSION, 400, "the version is not HTTP/d.d, or ours: it is before 1.0")                     \
    X (OTHER_VERSION, 505, "it is neither 1.0 nor 1.1")                                            \
    X (TARGET, 400, "the target has a byte that no URL has, or none of the four forms")            \
    X (TARGET_LENGTH, 414, "limit")                                                                \
    X (PATH, 400, "the path cannot be made canonical")                                             \
    X (QUERY, 400, "a malformed escape, or ours: one of NUL, in the query")                        \
    X (FIELD_NAME, 400, "a field's name is no token with a colon behind it")                       \
    X (FIELD_VALUE, 400, "a control in a value")                                                   \
    X (FIELD_LINE_LENGTH, 431, "limit")                                                            \
    X (FIELD_COUNT, 431, "limit")                                                                  \
    X (HEAD_LENGTH, 431, "limit")                                                                  \
    X (HEAD_LENGTH_IN_TARGET, 414, "limit: the head's end lies within the target")                 \
    X (CONTENT_TYPE, 400, "ours: Content-Type twice")                                              \
    X (HOST, 400, "not exactly one Host in 1.1, or one that cannot be")                            \
    X (OTHER_HOST, 400, "ours: an absolute target's host is not that of Host")                     \
    X (CODING, 400, "Transfer-Encoding with 1.0, with Content-Length, twice, or no token")         \
    X (UNKNOWN_CODING, 501, "a coding that is not chunked")                                        \
    X (CONTENT_LENGTH, 400, "not one number; ours: twice, with a leading zero, from 2^63")         \
    X (EXPECT, 417, "anything but one 100-continue")

typedef enum {
#define X(name, status, what) PLAIN_##name,
    PLAIN_REASONS (X)
#undef X
        N_PLAIN_REASONS
} PlainReason;

typedef struct {
    H3View name, value;
} PlainField;

typedef struct {
    gboolean whole;  /* its empty line has come */
    guint32 reasons; /* bit n: it is refused for PlainReason n */
    gsize length;    /* of the whole head */
    H3View method, target, version;
    GArray *fields; /* owned: PlainField */
    guint minor;
    H3View host;
    GString *path; /* owned; NULL: refused */
    H3View query;  /* data is NULL: there is no '?' */
    gboolean chunked, has_body, keep_alive, expects_continue, wants_upgrade;
    guint64 content_length;
} PlainHead;

void plain_head_read (PlainHead *head, const H3Limits *limits, H3View bytes);
void plain_head_clear (PlainHead *head);

/* Whether one of the reasons has the status. */
gboolean plain_head_allows (const PlainHead *head, guint status);
/* (transfer full): the reasons in words. */
char *plain_head_explain (const PlainHead *head);
