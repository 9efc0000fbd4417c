/* SPDX-License-Identifier: MIT
 *
 * For test programs that let GIO use its threads (GTask, GSubprocess, files), to be included by
 * their one source. GLib's locks are futexes that ThreadSanitizer cannot see, so it takes GLib's
 * hand-offs between its own threads for races. What these libraries do themselves is not looked at;
 * all accesses that our code makes still are, those in callbacks of GLib too. Not for every
 * program, because memory that our code frees through g_free () then goes unwatched. */

#pragma once

const char *__tsan_default_suppressions (void);

const char *
__tsan_default_suppressions (void)
{
    return "called_from_lib:libglib-2.0.so\n"    /* the pool of threads, the worker context */
           "called_from_lib:libgobject-2.0.so\n" /* closures and objects handed to threads */
           "called_from_lib:libgio-2.0.so\n";    /* GTask, descriptors of subprocesses */
}
