/* SPDX-License-Identifier: MIT
 *
 * How much a server takes from a peer and how long it waits: every bound by name, with its default
 * and range. A value; copied by whoever is configured with it. Any thread. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3_LIMITS: (skip)
 * @X: a macro: X (field, "option", default, minimum, maximum, what it bounds and what happens
 *   beyond it)
 *
 * The table of all limits, a row each. Times are milliseconds; 0 switches off what may be 0. At run
 * time: h3_limits_list().
 *
 * Since: 0.1
 */
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
    X (memory_budget, "memory-budget", 0, 0, G_MAXINT64 / 2,                                       \
       "bytes of memory the process should stay within, 0: not asked (503 to new requests)")       \
    X (queue_delay, "queue-delay", 0, 0, 86400000,                                                 \
       "milliseconds requests may wait for a worker, for a while, 0: not asked (503 to new ones)") \
    X (drain_time, "drain-timeout", 15000, 0, 86400000,                                            \
       "milliseconds for what runs to end when the server stops")                                  \
    X (parting_time, "parting-timeout", 5000, 0, 86400000,                                         \
       "milliseconds for idle clients to ask once more when another server takes over (closed)")

/**
 * H3_LIMITS_FIELD: (skip)
 * @field: its name in #H3Limits
 * @option: its name in options and configurations
 * @default_value: its default
 * @minimum: the least it may be
 * @maximum: the most it may be
 * @what: what it bounds and what happens beyond it
 *
 * Makes the field of #H3Limits of a row of %H3_LIMITS.
 *
 * Since: 0.1
 */
#define H3_LIMITS_FIELD(field, option, default_value, minimum, maximum, what) gint64 field;

/**
 * H3Limits:
 * @target: bytes of the request target (414)
 * @field_line: bytes of one header field line (431)
 * @head: bytes of a whole request head (431)
 * @fields: header fields of a request (431)
 * @chunk_extension: bytes of extensions of one chunk (400)
 * @chunk_extensions: bytes of extensions of all chunks (400)
 * @trailer_bytes: bytes of a trailer section (431)
 * @trailers: trailer fields (431)
 * @body: bytes of a body kept whole in memory (413)
 * @query_fields: fields of a query or form (400)
 * @json_depth: depth of a JSON body (400)
 * @form: bytes of a form that may have files (413)
 * @form_file: bytes of one file of a form (413)
 * @form_memory: bytes of a form's files kept in memory; the rest goes to disk
 * @parts: parts of a form (413)
 * @part_head: bytes of the head of a part (413)
 * @part_fields: header fields of a part (413)
 * @part_name: bytes of the name of a part, or of its file (413)
 * @json_line: bytes of one line of a body of JSON lines (413)
 * @pipelined: bytes read ahead while a request is handled (reading pauses)
 * @output: bytes waiting for a client before its producer pauses
 * @connections: connections, never above the descriptors there are less 64 (503)
 * @connections_address: connections from one address, 0: no bound (503)
 * @requests: requests on one connection, 0: no bound (closed after the answer)
 * @age: milliseconds a connection is kept alive, 0: no bound (closed after the answer)
 * @handshake_time: milliseconds for a TLS handshake (closed)
 * @first_byte_time: milliseconds until the first byte of a connection (closed)
 * @head_time: milliseconds from a head's first byte to its last (408)
 * @idle_time: milliseconds between requests (closed)
 * @body_time: milliseconds for a body kept whole (408)
 * @body_rate: bytes a second of a body after the grace (408)
 * @write_time: milliseconds until a whole answer is taken (reset)
 * @write_rate: bytes a second taken of an answer after the grace (reset)
 * @rate_grace: milliseconds before the two rates count
 * @handler_time: milliseconds a handler may take to answer (503)
 * @linger_time: milliseconds a closed connection is read on for its peer to see the answer
 * @websocket_message: bytes of a WebSocket's message (closed with 1009)
 * @websocket_output: bytes waiting for a WebSocket's peer (no more is sent)
 * @websocket_ping: milliseconds without a word until a WebSocket is pinged, and for its answer
 *   (closed)
 * @websocket_close: milliseconds for the answer to a WebSocket's Close (closed)
 * @memory_budget: bytes of memory the process should stay within, 0: not asked (503 to new
 *   requests)
 * @queue_delay: milliseconds requests may wait for a worker, for a while, 0: not asked (503 to new
 *   ones)
 * @drain_time: milliseconds for what runs to end when the server stops
 * @parting_time: milliseconds for idle clients to ask once more when another server takes over
 *   (closed)
 *
 * How much a server takes from a peer and how long it waits: one number for each row of %H3_LIMITS,
 * under its name.
 *
 * Times are milliseconds; 0 switches off what may be 0. A value; copied by whoever is configured
 * with it. In brackets stands what happens beyond the bound: a status, or the connection's end. A
 * server's own, to be changed before its start: h3_server_get_limits().
 *
 * Since: 0.1
 */
typedef struct {
    H3_LIMITS (H3_LIMITS_FIELD)
} H3Limits;

/**
 * h3_limits_init:
 * @limits: (out caller-allocates): what to fill in
 *
 * Sets all limits to their defaults. Any thread.
 *
 * Since: 0.1
 */
void h3_limits_init (H3Limits *limits);

/**
 * H3LimitInfo:
 * @option: the limit's name in options and configurations, such as "max-body"
 * @what: what it bounds, and what happens beyond it
 * @default_value: its default
 * @minimum: the least it may be
 * @maximum: the most it may be
 * @offset: where its gint64 is in #H3Limits, in bytes
 *
 * A row of %H3_LIMITS, for options and configurations.
 *
 * Since: 0.1
 */
typedef struct {
    const char *option;
    const char *what;
    gint64 default_value, minimum, maximum;
    gsize offset;
} H3LimitInfo;

/**
 * h3_limits_list:
 * @out_n: (out): how many there are
 *
 * Lists all limits. Any thread.
 *
 * Returns: (transfer none) (array length=out_n): the rows, which live as long as the program
 *
 * Since: 0.1
 */
const H3LimitInfo *h3_limits_list (guint *out_n);

/**
 * h3_limits_set:
 * @limits: where to set it
 * @option: the limit's name in options and configurations, such as "max-body"
 * @value: within its range
 * @error: %H3_ERROR_NOT_FOUND or %H3_ERROR_INVALID, which name the option and its range
 *
 * Sets a limit by its name.
 *
 * Returns: %FALSE with @error set, and nothing changed
 *
 * Since: 0.1
 */
gboolean h3_limits_set (H3Limits *limits, const char *option, gint64 value, GError **error);

G_END_DECLS
