/* SPDX-License-Identifier: MIT
 *
 * Sessions. The input's first line is what a client sends as cookies, to a service that has given
 * out none: whatever it is, the session is new, and what is written gets an id that the client did
 * not choose. What stands behind is the values of a document, which are read as jansson reads them;
 * what is read is written, changed and read again. */

#include "fuzz.h"
#include "h3/app/inject.h"
#include "h3/batteries/csrf-tokens.h"
#include "h3/batteries/session-document.h"
#include "h3/batteries/session.h"
#include "h3/batteries/sessions.h"
#include "h3/format/json.h"
#include "h3/http/answer.h"

#define MOST 4096

static void
write_to_session (H3Event *event, gpointer user_data)
{
    H3Session *session = h3_event_get_session (event);

    FUZZ_ASSERT (h3_session_is_new (session), "a session that nobody began");
    FUZZ_ASSERT (h3_session_set_int (session, "n", 1, NULL), "nothing can be written");
    h3_event_send_empty (event, 204);
}

static H3App *
make_app (void)
{
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3Sealer) sealer = h3_sealer_new ();
    H3SessionsOptions options;

    h3_sessions_options_init (&options);
    options.sealer = sealer;
    options.name = "session";
    FUZZ_ASSERT (h3_sealer_generate_key (sealer, NULL), "no key");
    h3_app_use (app, "/kept", h3_sessions_new (NULL));
    h3_app_use (app, "/sealed", h3_sessions_new_full (&options, NULL));
    h3_app_get (app, "/kept", write_to_session, NULL);
    h3_app_get (app, "/sealed", write_to_session, NULL);
    return app;
}

static void
ask (H3App *app, const char *target, H3View cookies)
{
    g_autofree char *text = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: h\r\nCookie: %.*s\r\n\r\n",
                                             target, H3_VIEW_ARGS (cookies));
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
    g_autoptr (H3Injected) answer = h3_app_inject_raw (app, bytes, NULL);
    const char *set = h3_injected_get_header (answer, "Set-Cookie");
    guint status = h3_injected_get_status (answer);
    g_autofree char *id = NULL;
    gsize length;

    FUZZ_ASSERT (status == 204 || status == 400 || status == 431, "%u", status);
    if (status != 204)
        return;
    FUZZ_ASSERT (set != NULL && g_str_has_prefix (set, "session="), "%s", set);
    length = strcspn (set, ";") - strlen ("session=");
    FUZZ_ASSERT (length >= 43, "%s", set);
    id = g_strndup (set + strlen ("session="), length);
    FUZZ_ASSERT (g_strstr_len (cookies.data, (gssize) cookies.length, id) == NULL,
                 "the client's id was taken over: %s", set);
}

static gsize
measure (const json_t *values)
{
    gsize size = 0;
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *) values, name, value) size +=
        strlen (name) + json_dumpb (value, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY) + 4;
    return size;
}

static GBytes *
make_document (H3View text)
{
    GByteArray *bytes = g_byte_array_new ();
    guint8 head[SESSION_HEAD_LENGTH] = { 1 };

    g_byte_array_append (bytes, head, sizeof head);
    g_byte_array_append (bytes, (const guint8 *) text.data, (guint) text.length);
    return g_byte_array_free_to_bytes (bytes);
}

static gboolean
read_bytes (SessionDocument *document, GBytes *bytes)
{
    gsize length;
    const char *data = g_bytes_get_data (bytes, &length);

    session_document_init (document);
    return session_document_read_head (document, h3_view (data, length))
           && session_document_read_values (document);
}

static void
assert_comes_back (const SessionDocument *document)
{
    g_autoptr (GBytes) bytes = session_document_write (document);
    SessionDocument again;

    FUZZ_ASSERT (read_bytes (&again, bytes), "what was written cannot be read");
    FUZZ_ASSERT (json_equal (again.values, document->values), "other values come back");
    FUZZ_ASSERT (again.size == document->size, "%zu bytes, not %zu", again.size, document->size);
    session_document_clear (&again);
}

/* Values go from name to name, as handlers might. */
static void
change (SessionDocument *document, FuzzChoice *choice)
{
    g_autoptr (json_t) names = json_array ();
    const char *name;
    json_t *value;

    json_object_foreach (document->values, name, value)
        json_array_append_new (names, json_string (name));
    for (gsize i = 0; i < json_array_size (names); i++) {
        const char *own = json_string_value (json_array_get (names, i));
        json_t *copy = session_document_copy_value (session_document_get (document, own), NULL);

        if (copy == NULL || fuzz_choose (choice, 3) == 0) {
            json_decref (copy);
            FUZZ_ASSERT (session_document_remove (document, own), "%s is not there", own);
        } else {
            (void) session_document_set (document, fuzz_choose (choice, 2) == 0 ? "other" : own,
                                         copy, MOST, NULL);
        }
        FUZZ_ASSERT (document->size == measure (document->values), "%zu bytes, not %zu",
                     document->size, measure (document->values));
    }
}

static void
read_document (H3View text)
{
    FuzzChoice choice = fuzz_choice_of (text);
    g_autoptr (json_t) plain = h3_json_parse (text, H3_JSON_MAX_DEPTH, NULL);
    g_autoptr (GBytes) bytes = make_document (text);
    SessionDocument document;
    gboolean is_read = read_bytes (&document, bytes);

    FUZZ_ASSERT (is_read == (json_is_object (plain) || text.length == 0), "%.*s",
                 H3_VIEW_ARGS (text));
    FUZZ_ASSERT (document.size == measure (document.values), "%zu bytes", document.size);
    if (is_read) {
        assert_comes_back (&document);
        change (&document, &choice);
        assert_comes_back (&document);
    }
    session_document_clear (&document);
}

static void
read_tokens (H3View bytes)
{
    g_autoptr (GBytes) written = NULL;
    CsrfTokens tokens, again;
    gsize length;
    const char *data;

    csrf_tokens_read (&tokens, bytes, 0);
    FUZZ_ASSERT (tokens.n_tokens <= CSRF_MAX_TOKENS, "%u tokens", tokens.n_tokens);
    written = csrf_tokens_write (&tokens);
    data = g_bytes_get_data (written, &length);
    csrf_tokens_read (&again, h3_view (data, length), 0);
    FUZZ_ASSERT (
        again.n_tokens == tokens.n_tokens
            && memcmp (again.tokens, tokens.tokens, tokens.n_tokens * sizeof *tokens.tokens) == 0,
        "other tokens come back");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    static H3App *app;
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), line = H3_VIEW_EMPTY;

    if (app == NULL)
        app = make_app ();
    (void) fuzz_take_line (&rest, &line);
    ask (app, "/kept", line);
    ask (app, "/sealed", line);
    read_document (rest);
    read_tokens (h3_view (copy, size));
    return 0;
}
