/* SPDX-License-Identifier: MIT
 *
 * Sessions. The input's first line is what a client sends as cookies, to a service that has given
 * out none: whatever it is, the session is new, and what is written gets an id that the client did
 * not choose. What stands behind is the values of a document, which are read as jansson reads them;
 * what is read is written, changed and read again. */

#include "fuzz.h"
#include "h3/batteries/csrf-tokens.h"
#include "h3/batteries/session-document.h"
#include "h3/batteries/session.h"
#include "h3/batteries/sessions.h"
#include "h3/format/json.h"
#include "h3/http/answer.h"
#include "h3/route/chain-inside.h"
#include "h3/store/memory-store.h"
#include "tests/support/fake-carrier.h"

#define MOST 4096

static void
write_to_session (H3Event *event, gpointer user_data)
{
    H3Session *session = h3_event_get_session (event);

    FUZZ_ASSERT (h3_session_is_new (session), "a session that nobody began");
    FUZZ_ASSERT (h3_session_set_int (session, "n", 1, NULL), "nothing can be written");
    h3_event_send_empty (event, 204);
}

/* A failure of the carrier's own checks is one of the fuzzer's. */
void __wrap__mark_point (const char *file, int line);
_Noreturn void __wrap__ck_assert_failed (const char *file, int line, const char *expression, ...);

void
__wrap__mark_point (const char *file, int line)
{
}

void
__wrap__ck_assert_failed (const char *file, int line, const char *expression, ...)
{
    fuzz_fail (file, "%d: %s", line, expression);
}

/* One way with sessions in a store, one with sealed ones. */
typedef struct {
    FakeCarrier *carrier; /* owned */
    Chain *chains[2];     /* owned */
} Service;

static const char *
get_route_label (const H3Event *event)
{
    return "/";
}

static const EventHost host = { chain_next, event_answer_error, get_route_label };

/* Each input has its own: what a store keeps would look like a leak. */
static void
service_init (Service *service)
{
    g_autoptr (H3Store) store = h3_memory_store_new (16, 65536);
    g_autoptr (H3Sealer) sealer = h3_sealer_new ();
    H3SessionsOptions options;
    ChainLink links[2] = { { h3_sessions_new (store), NULL }, { NULL, NULL } };

    h3_sessions_options_init (&options);
    options.sealer = sealer;
    FUZZ_ASSERT (h3_sealer_generate_key (sealer, NULL), "no key");
    links[1].middleware = h3_sessions_new_full (&options, NULL);
    for (guint i = 0; i < 2; i++) {
        service->chains[i] = chain_new (&links[i], 1, write_to_session, NULL);
        h3_middleware_unref (links[i].middleware);
    }
    service->carrier = fake_carrier_new ();
}

static void
service_clear (Service *service)
{
    fake_carrier_free (service->carrier);
    chain_free (service->chains[0]);
    chain_free (service->chains[1]);
}

static gboolean
take_cookie (const char *name, const char *value, gpointer user_data)
{
    *(const char **) user_data = value;
    return FALSE;
}

static void
ask (FakeCarrier *carrier, const Chain *chain, H3View cookies)
{
    g_autofree char *head =
        g_strdup_printf ("GET / HTTP/1.1\r\nHost: h\r\nCookie: %.*s\r\n", H3_VIEW_ARGS (cookies));
    const char *set = NULL;
    g_autofree char *id = NULL;
    H3Event *event;

    fake_carrier_clear (carrier);
    event = fake_carrier_begin (carrier, head);
    event->host = &host;
    chain_start (chain, event);
    fake_carrier_dispatch (carrier);
    while (carrier->event != NULL)
        fake_carrier_pump (carrier);
    FUZZ_ASSERT (carrier->status == 204, "%u", carrier->status);
    h3_headers_foreach_value (carrier->headers, "Set-Cookie", take_cookie, &set);
    FUZZ_ASSERT (set != NULL && g_str_has_prefix (set, "session="), "%s", set);
    id = g_strndup (set + strlen ("session="), strcspn (set, ";") - strlen ("session="));
    FUZZ_ASSERT (strlen (id) >= 43, "%s", set);
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
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), line = H3_VIEW_EMPTY;
    Service service;

    service_init (&service);
    (void) fuzz_take_line (&rest, &line);
    for (guint i = 0; i < 2 && line.length < 8000 && h3_headers_is_value (line); i++)
        ask (service.carrier, service.chains[i], line);
    service_clear (&service);
    read_document (rest);
    read_tokens (h3_view (copy, size));
    return 0;
}
