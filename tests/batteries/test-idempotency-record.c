/* SPDX-License-Identifier: MIT */

#include "h3/batteries/idempotency-record.h"

#include "tests/support/suite.h"

static const struct {
    const char *field;
    const char *key;
} keys[] = {
    { "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd-bc93-6894a57f9324" },
    { "8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324" },
    { "  \"a\"\t", "a" },
    { "\"a b,;c\"", "a b,;c" },
    { "\"a\\\"b\\\\\"", "a\"b\\" },
    { "a=b:c/d+e", "a=b:c/d+e" },
};

START_TEST (a_key_stands_in_quotes_or_without)
{
    char key[IDEMPOTENCY_KEY_ROOM];

    ck_assert (idempotency_key_read (h3_view_of (keys[_i].field), key));
    ck_assert_str_eq (key, keys[_i].key);
}
END_TEST

static const char *const no_keys[] = {
    "",       "\"",    "\"\"",         "\"a",       "a\"",          "a b",      "a,b",
    "a, b",   "a;b",   "\"a\", \"b\"", "\"a\";x=1", "\"a\"b\"",     "\"a\\b\"", "\"a\\\"",
    "\"\\\"", "a\x7f", "\"a\x7f\"",    "\"\x01\"",  "\"\xc3\xa4\"", "\xc3\xa4", "\"a\tb\"",
    "a\\b",
};

START_TEST (what_is_malformed_is_no_key)
{
    char key[IDEMPOTENCY_KEY_ROOM];

    ck_assert (!idempotency_key_read (h3_view_of (no_keys[_i]), key));
}
END_TEST

START_TEST (a_key_has_its_length)
{
    g_autofree char *longest = g_strnfill (IDEMPOTENCY_KEY_MAX, 'k');
    g_autofree char *longer = g_strnfill (IDEMPOTENCY_KEY_MAX + 1, 'k');
    g_autofree char *quoted = g_strconcat ("\"", longest, "\"", NULL);
    g_autofree char *quoted_longer = g_strconcat ("\"", longer, "\"", NULL);
    char key[IDEMPOTENCY_KEY_ROOM];

    ck_assert (idempotency_key_read (h3_view_of (longest), key));
    ck_assert_str_eq (key, longest);
    ck_assert (idempotency_key_read (h3_view_of (quoted), key));
    ck_assert_str_eq (key, longest);
    ck_assert (!idempotency_key_read (h3_view_of (longer), key));
    ck_assert (!idempotency_key_read (h3_view_of (quoted_longer), key));
}
END_TEST

static const guint8 fingerprint[IDEMPOTENCY_FINGERPRINT] = "0123456789abcdef0123456789abcde";
static const guint8 token[IDEMPOTENCY_TOKEN] = "token";

static H3View
view_bytes (GBytes *bytes)
{
    gsize length;
    const char *data = g_bytes_get_data (bytes, &length);

    return h3_view (data, length);
}

START_TEST (a_claim_says_what_for)
{
    g_autoptr (GBytes) bytes = idempotency_record_new_claim (fingerprint, token);
    g_auto (IdempotencyRecord) record = { 0 };

    ck_assert (idempotency_record_read (view_bytes (bytes), &record));
    ck_assert (!record.is_answer);
    ck_assert_mem_eq (record.fingerprint, fingerprint, sizeof fingerprint);
}
END_TEST

static GBytes *
make_answer (void)
{
    g_autoptr (H3Headers) fields = h3_headers_new ();

    h3_headers_add (fields, "Location", "/things/7");
    h3_headers_add (fields, "Link", "</a>");
    h3_headers_add (fields, "Link", "</b>");
    h3_headers_add (fields, "Empty", "");
    return idempotency_record_new_answer (fingerprint, 201, fields, H3_VIEW ("{\"a\0b\":1}"));
}

START_TEST (an_answer_is_read_as_it_was_kept)
{
    g_autoptr (GBytes) bytes = make_answer ();
    g_auto (IdempotencyRecord) record = { 0 };
    g_autofree char *links = NULL;

    ck_assert (idempotency_record_read (view_bytes (bytes), &record));
    ck_assert (record.is_answer);
    ck_assert_mem_eq (record.fingerprint, fingerprint, sizeof fingerprint);
    ck_assert_uint_eq (record.status, 201);
    ck_assert_uint_eq (h3_headers_get_size (record.fields), 4);
    ck_assert_str_eq (h3_headers_get (record.fields, "location"), "/things/7");
    ck_assert_str_eq (h3_headers_get (record.fields, "Empty"), "");
    links = h3_headers_dup_joined (record.fields, "Link");
    ck_assert_str_eq (links, "</a>, </b>");
    ck_assert (h3_view_equal (record.body, H3_VIEW ("{\"a\0b\":1}")));
}
END_TEST

/* Where the body begins: a cut behind it only makes that shorter. */
static gsize
find_body (H3View bytes)
{
    return bytes.length - (sizeof "{\"a\0b\":1}" - 1);
}

START_TEST (a_record_that_is_cut_is_none)
{
    g_autoptr (GBytes) answer = make_answer ();
    g_autoptr (GBytes) claim = idempotency_record_new_claim (fingerprint, token);
    gsize length = find_body (view_bytes (answer));

    for (gsize i = 0; i < length; i++) {
        IdempotencyRecord record;
        g_autofree char *copy = g_memdup2 (view_bytes (answer).data, i);

        ck_assert (!idempotency_record_read (h3_view (copy, i), &record));
    }
    for (gsize i = 0; i < g_bytes_get_size (claim); i++) {
        IdempotencyRecord record;
        g_autofree char *copy = g_memdup2 (view_bytes (claim).data, i);

        ck_assert (!idempotency_record_read (h3_view (copy, i), &record));
    }
}
END_TEST

static gboolean
reads_with (gsize at, const char *instead, gsize length)
{
    g_autoptr (GBytes) bytes = make_answer ();
    H3View view = view_bytes (bytes);
    g_autofree char *copy = g_memdup2 (view.data, view.length);
    g_auto (IdempotencyRecord) record = { 0 };

    memcpy (copy + at, instead, length);
    return idempotency_record_read (h3_view (copy, view.length), &record);
}

/* Form and kind, fingerprint, status, number of fields; then length and name of the first. */
enum { AT_FORM = 0, AT_KIND = 1, AT_STATUS = 34, AT_COUNT = 36, AT_LENGTH = 38, AT_NAME = 40 };

START_TEST (a_record_of_others_making_is_none)
{
    ck_assert (reads_with (AT_NAME, "Dislocat", 8));
    ck_assert (!reads_with (AT_FORM, "\2", 1));
    ck_assert (!reads_with (AT_KIND, "\2", 1));
    ck_assert (!reads_with (AT_KIND, "\0", 1));
    ck_assert (!reads_with (AT_STATUS, "\0\xc7", 2)); /* 199 */
    ck_assert (!reads_with (AT_STATUS, "\2\x58", 2)); /* 600 */
    ck_assert (!reads_with (AT_STATUS, "\0\xcc", 2)); /* 204, which has no body */
    ck_assert (!reads_with (AT_COUNT, "\0\5", 2));
    ck_assert (!reads_with (AT_COUNT, "\xff\xff", 2));
    ck_assert (!reads_with (AT_LENGTH, "\0\0", 2));
    ck_assert (!reads_with (AT_NAME, "Loca ion", 8));
    ck_assert (!reads_with (AT_NAME + 8 + 4, "/a\r\nb", 5));
}
END_TEST

START_TEST (secrets_and_framing_are_not_kept)
{
    static const char *const never[] = { "Set-Cookie",
                                         "set-cookie",
                                         "WWW-Authenticate",
                                         "Content-Length",
                                         "Transfer-Encoding",
                                         "Connection",
                                         "a b",
                                         "" };
    g_autoptr (H3Headers) fields = h3_headers_new ();
    g_autoptr (GBytes) bytes = NULL;
    IdempotencyRecord record;

    for (guint i = 0; i < G_N_ELEMENTS (never); i++)
        ck_assert_msg (!idempotency_may_keep (never[i]), "%s", never[i]);
    ck_assert (idempotency_may_keep ("Location"));
    h3_headers_add (fields, "Set-Cookie", "a=b");
    bytes = idempotency_record_new_answer (fingerprint, 200, fields, H3_VIEW_EMPTY);
    ck_assert (!idempotency_record_read (view_bytes (bytes), &record));
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("keys");

    tcase_add_loop_test (tcase, a_key_stands_in_quotes_or_without, 0, G_N_ELEMENTS (keys));
    tcase_add_loop_test (tcase, what_is_malformed_is_no_key, 0, G_N_ELEMENTS (no_keys));
    tcase_add_test (tcase, a_key_has_its_length);
    suite_add_tcase (suite, tcase);
    suite_add_case (suite, "records", a_claim_says_what_for, an_answer_is_read_as_it_was_kept,
                    a_record_that_is_cut_is_none, a_record_of_others_making_is_none,
                    secrets_and_framing_are_not_kept, NULL);
}

int
main (void)
{
    return suite_run ("batteries/idempotency-record", add_cases);
}
