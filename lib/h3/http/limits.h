/* SPDX-License-Identifier: MIT
 *
 * How much a server takes from a peer and how long it waits: every bound by name, with its default
 * and range. A value; copied by whoever is configured with it. Any thread. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* X (field, "option", default, minimum, maximum, what it bounds and what happens beyond it).
 * Times are milliseconds; 0 switches off what may be 0. */
#define H3_LIMITS(X)                                                                               \
    X (target, "max-target", 8192, 16, 60000, "bytes of the request target (414)")                 \
    X (field_line, "max-field-line", 8192, 64, 60000, "bytes of one header field line (431)")      \
    X (head, "max-head", 32768, 256, 65535, "bytes of a whole request head (431)")                 \
    X (fields, "max-fields", 100, 1, 4096, "header fields of a request (431)")                     \
    X (chunk_extension, "max-chunk-extension", 256, 0, 65535,                                      \
       "bytes of extensions of one chunk (400)")                                                   \
    X (chunk_extensions, "max-chunk-extensions", 8192, 0, 1 << 20,                                 \
       "bytes of extensions of all chunks (400)")                                                  \
    X (trailer_bytes, "max-trailer-bytes", 8192, 0, 65535, "bytes of a trailer section (431)")     \
    X (trailers, "max-trailers", 32, 0, 4096, "trailer fields (431)")                              \
    X (body, "max-body", 1 << 20, 0, G_MAXINT64 / 2, "bytes of a body kept whole in memory (413)") \
    X (query_fields, "max-query-fields", 1000, 1, 100000, "fields of a query or form (400)")       \
    X (json_depth, "max-json-depth", 64, 1, 1024, "depth of a JSON body (400)")                    \
    X (form, "max-form", 1 << 30, 0, G_MAXINT64 / 2, "bytes of a form that may have files (413)")  \
    X (form_file, "max-form-file", 1 << 30, 0, G_MAXINT64 / 2,                                     \
       "bytes of one file of a form (413)")                                                        \
    X (form_memory, "max-form-memory", 2 << 20, 0, 1 << 30,                                        \
       "bytes of a form's files kept in memory; the rest goes to disk")                            \
    X (parts, "max-parts", 100, 1, 100000, "parts of a form (413)")                                \
    X (part_head, "max-part-head", 8192, 64, 65535, "bytes of the head of a part (413)")           \
    X (part_fields, "max-part-fields", 16, 1, 1024, "header fields of a part (413)")               \
    X (part_name, "max-part-name", 1024, 1, 65535,                                                 \
       "bytes of the name of a part, or of its file (413)")                                        \
    X (json_line, "max-json-line", 65536, 16, 1 << 30,                                             \
       "bytes of one line of a body of JSON lines (413)")                                          \
    X (pipelined, "max-pipelined", 65536, 1024, 1 << 24,                                           \
       "bytes read ahead while a request is handled (reading pauses)")                             \
    X (output, "max-output", 262144, 1024, 1 << 30,                                                \
       "bytes waiting for a client before its producer pauses")                                    \
    X (connections, "max-connections", 65536, 1, 1 << 24,                                          \
       "connections, never above the descriptors there are less 64 (503)")                         \
    X (connections_address, "max-connections-per-address", 0, 0, 1 << 24,                          \
       "connections from one address, 0: no bound (503)")                                          \
    X (requests, "max-requests", 1000, 0, G_MAXINT64 / 2,                                          \
       "requests on one connection, 0: no bound (closed after the answer)")                        \
    X (age, "max-connection-age", 3600000, 0, G_MAXINT64 / 2,                                      \
       "milliseconds a connection is kept alive, 0: no bound (closed after the answer)")           \
    X (handshake_time, "handshake-timeout", 10000, 0, 86400000,                                    \
       "milliseconds for a TLS handshake (closed)")                                                \
    X (first_byte_time, "first-byte-timeout", 10000, 0, 86400000,                                  \
       "milliseconds until the first byte of a connection (closed)")                               \
    X (head_time, "head-timeout", 10000, 0, 86400000,                                              \
       "milliseconds from a head's first byte to its last (408)")                                  \
    X (idle_time, "idle-timeout", 60000, 0, 86400000, "milliseconds between requests (closed)")    \
    X (body_time, "body-timeout", 300000, 0, 86400000, "milliseconds for a body kept whole (408)") \
    X (body_rate, "min-body-rate", 240, 0, 1 << 30,                                                \
       "bytes a second of a body after the grace (408)")                                           \
    X (write_time, "write-timeout", 300000, 0, 86400000,                                           \
       "milliseconds until a whole answer is taken (reset)")                                       \
    X (write_rate, "min-write-rate", 240, 0, 1 << 30,                                              \
       "bytes a second taken of an answer after the grace (reset)")                                \
    X (rate_grace, "rate-grace", 5000, 100, 86400000, "milliseconds before the two rates count")   \
    X (handler_time, "handler-timeout", 60000, 0, 86400000,                                        \
       "milliseconds a handler may take to answer (503)")                                          \
    X (linger_time, "linger-timeout", 5000, 0, 86400000,                                           \
       "milliseconds a closed connection is read on for its peer to see the answer")               \
    X (websocket_message, "max-websocket-message", 16 << 20, 0, G_MAXINT64 / 2,                    \
       "bytes of a WebSocket's message (closed with 1009)")                                        \
    X (websocket_output, "max-websocket-output", 64 << 20, 1024, G_MAXINT64 / 2,                   \
       "bytes waiting for a WebSocket's peer (no more is sent)")                                   \
    X (websocket_ping, "websocket-ping", 30000, 0, 86400000,                                       \
       "milliseconds without a word until a WebSocket is pinged, and for its answer (closed)")     \
    X (websocket_close, "websocket-close-timeout", 5000, 0, 86400000,                              \
       "milliseconds for the answer to a WebSocket's Close (closed)")                              \
    X (drain_time, "drain-timeout", 15000, 0, 86400000,                                            \
       "milliseconds for what runs to end when the server stops")

/**
 * H3Limits:
 *
 * One number for each row of `H3_LIMITS`, under its name.
 */
typedef struct {
#define X(field, option, default_value, minimum, maximum, what) gint64 field;
    H3_LIMITS (X)
#undef X
} H3Limits;

/* Sets all to their defaults. */
void h3_limits_init (H3Limits *limits);

/* One row of the table above, for options and configuration; `offset` is that of the gint64 in
 * H3Limits. */
typedef struct {
    const char *option;
    const char *what;
    gint64 default_value, minimum, maximum;
    gsize offset;
} H3LimitInfo;

/* Returns: (transfer none) (array length=out_n): all rows. */
const H3LimitInfo *h3_limits_list (guint *out_n);

/* Sets the limit called `option`. FALSE with H3_ERROR_NOT_FOUND or H3_ERROR_INVALID, which name
 * the option and its range, and nothing changed. */
gboolean h3_limits_set (H3Limits *limits, const char *option, gint64 value, GError **error);

G_END_DECLS
