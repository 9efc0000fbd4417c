/* SPDX-License-Identifier: MIT
 *
 * What the tests of compression share: an app, a text, and how coded answers are asked for and
 * read. The test's thread only. */

#pragma once

#include "h3/batteries/compression.h"
#include "h3/format/coder.h"
#include "tests/app/ask.h"
#include "tests/support/codings.h"

#define ALL "br, zstd, gzip"

static H3App *app;
static char *text; /* 4,000 bytes that shrink */

static inline void
set_up (void)
{
    app = h3_app_new ();
    text = g_strnfill (4000, 'x');
    for (guint i = 0; i < 4000; i += 7)
        text[i] = (char) ('a' + i % 26);
}

static inline void
tear_down (void)
{
    g_clear_object (&app);
    g_clear_pointer (&text, g_free);
}

static inline void
use_compression (H3Handler handler, gconstpointer user_data)
{
    h3_app_use (app, "/", h3_compression_new ());
    h3_app_get (app, "/", handler, (gpointer) user_data);
}

static inline H3Injected *
ask_coded (const char *method, const char *accepted)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    if (accepted != NULL)
        h3_headers_set (headers, "Accept-Encoding", accepted);
    return ask_with (app, method, "/", headers, NULL);
}

static inline char *
decode (H3Injected *injected)
{
    const char *name = h3_injected_get_header (injected, "Content-Encoding");
    GBytes *body = h3_injected_get_body (injected);
    g_autoptr (GByteArray) output = g_byte_array_new ();
    g_autoptr (Coder) coder = NULL;
    Coding coding;

    ck_assert_ptr_nonnull (name);
    ck_assert (coding_parse (h3_view_of (name), &coding));
    coder = coder_new_decoding (coding, 0);
    ck_assert_int_eq (
        coder_append (coder, h3_view (g_bytes_get_data (body, NULL), g_bytes_get_size (body)),
                      CODER_FINISH, output),
        CODER_READY);
    g_byte_array_append (output, (const guint8 *) "", 1);
    return (char *) g_byte_array_free (g_steal_pointer (&output), FALSE);
}

static inline void
assert_header (H3Injected *injected, const char *name, const char *value)
{
    const char *found = h3_injected_get_header (injected, name);

    ck_assert_msg (g_strcmp0 (found, value) == 0, "%s: %s, not %s", name,
                   found != NULL ? found : "nothing", value != NULL ? value : "nothing");
}

/* The answer to `accepted` is in `coding` (NULL: as it is). */
static inline void
assert_coding (const char *accepted, const char *coding)
{
    g_autoptr (H3Injected) answer = ask_coded ("GET", accepted);

    ck_assert_uint_eq (h3_injected_get_status (answer), 200);
    assert_header (answer, "Content-Encoding", coding);
    ck_assert (!h3_injected_is_cut (answer));
}

/* HEAD says what GET says; the length of what would be made piece by piece it leaves out. */
static inline void
assert_head_is_as_get (H3Handler handler, gconstpointer user_data)
{
    static const char *const names[] = { "Content-Encoding", "Vary",          "ETag",
                                         "Content-Type",     "Accept-Ranges", "Content-Length" };
    g_autoptr (H3Injected) get = NULL;
    g_autoptr (H3Injected) head = NULL;

    use_compression (handler, user_data);
    get = ask_coded ("GET", "zstd, gzip");
    head = ask_coded ("HEAD", "zstd, gzip");
    ck_assert_ptr_nonnull (h3_injected_get_header (head, "Content-Encoding"));
    ck_assert_uint_eq (g_bytes_get_size (h3_injected_get_body (head)), 0);
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        assert_header (head, names[i], h3_injected_get_header (get, names[i]));
}
