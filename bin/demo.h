/* SPDX-License-Identifier: MIT
 *
 * `h3d demo`: what the library can do, on one server that HTTP clients can be tested against. */

#pragma once

#include <h3/h3.h>

/* The whole command; returns its exit status. */
int demo_run (int argc, char **argv);

/* Each adds its routes. */
void demo_add_inspect (H3App *app); /* demo-inspect.c: what was received, as httpbin writes it */
void demo_add_plain (H3App *app);   /* demo-plain.c: answers made at once */
void demo_add_later (H3App *app);   /* demo-later.c: streamed, deferred, off the loop */
void demo_add_bytes (H3App *app);   /* demo-bytes.c: bytes at once, streamed, in ranges */
void demo_add_stream (H3App *app);  /* demo-stream.c: lines, drops, delays */
void demo_add_gio (H3App *app);     /* demo-gio.c: GIO inside handlers */
