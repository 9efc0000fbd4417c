/* SPDX-License-Identifier: MIT
 *
 * `h3d demo`: what the library can do, on one server that HTTP clients can be tested against. */

#pragma once

#include <h3/h3.h>

/* The whole command; returns its exit status. */
int demo_run (int argc, char **argv);

/* Each adds its routes. */
void demo_add_answer (H3App *app); /* demo-answer.c: a name to save under, how long it took */
void demo_add_base64 (H3App *app); /* demo-base64.c: decodes */
void demo_add_bytes (H3App *app);  /* demo-bytes.c: bytes at once, streamed, in ranges */
void demo_add_bench (H3App *app);  /* demo-bench.c: what benchmarks ask for */
void demo_add_cache (H3App *app);  /* demo-cache.c: validators and conditions */
/* demo-compression.c: answers in codings; those of all routes that were added before, while
 * `*is_on`, which is set before the start. */
void demo_add_compression (H3App *app, const gboolean *is_on);
void demo_add_cookie (H3App *app);   /* demo-cookie.c: cookies shown, set, deleted */
void demo_add_cors (H3App *app);     /* demo-cors.c: pages of all origins may ask */
void demo_add_document (H3App *app); /* demo-document.c: documents of several types */
void demo_add_field (H3App *app);    /* demo-field.c: fields that the client chooses */
void demo_add_gio (H3App *app);      /* demo-gio.c: GIO inside handlers */
void demo_add_image (H3App *app);    /* demo-image.c: a picture in several media types */
void demo_add_files (H3App *app, H3StaticFiles *files); /* demo-files.c: takes them */
void demo_add_inspect (H3App *app);  /* demo-inspect.c: what was received, as httpbin writes it */
void demo_add_json_rpc (H3App *app); /* demo-json-rpc.c: methods to be called */
void demo_add_later (H3App *app);    /* demo-later.c: streamed, deferred, off the loop */
void demo_add_link (H3App *app);     /* demo-link.c: pages that link to one another */
void demo_add_message (H3App *app);  /* demo-message.c: 100, 103, trailers */
void demo_add_plain (H3App *app);    /* demo-plain.c: answers made at once */
void demo_add_redirect (H3App *app); /* demo-redirect.c: redirects */
void demo_add_sse (H3App *app);      /* demo-sse.c: event streams, a channel */
void demo_add_status (H3App *app);   /* demo-status.c: statuses that the client chooses */
void demo_add_upload (H3App *app);   /* demo-upload.c: files in forms */
void demo_add_stream (H3App *app);   /* demo-stream.c: lines, drops, delays */
