/* SPDX-License-Identifier: MIT
 *
 * h3d demo: forms with files, and pictures. */

#include "tests/batteries/form-text.h"
#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <string.h>

/* More than stays in memory. */
#define LARGE (5 << 20)

static RawAnswer *
post (const char *path, const char *body, gsize length)
{
    g_autoptr (RawClient) client = running_demo_connect ();
    g_autofree char *head = g_strdup_printf ("POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\n"
                                             "Content-Length: %zu\r\n\r\n",
                                             path, FORM_TYPE, length);

    ck_assert (raw_client_send (client, head));
    (void) raw_client_send_data (client, body, length);
    return raw_client_read (client, FALSE);
}

static json_t *
read_json (const RawAnswer *answer)
{
    json_t *document;

    ck_assert_msg (answer->status == 200, "%s%s", answer->head, answer->body->str);
    document = json_loadb (answer->body->str, answer->body->len, 0, NULL);
    ck_assert_ptr_nonnull (document);
    return document;
}

START_TEST (fields_and_files_are_shown_as_httpbin_shows_them)
{
    static const char body[] = FORM_FIELD ("a", "1") FORM_FIELD ("b", "x") FORM_FIELD ("a", "2")
        FORM_FILE ("f", "t.txt", "text\n") FORM_PART ("name=g; filename=x", "", "\xff\xfe")
            FORM_END;
    const char *first, *second, *b, *f, *g, *data;
    g_autoptr (RawAnswer) answer = NULL;
    json_t *document;

    running_demo_start ();
    answer = post ("/post", body, sizeof body - 1);
    document = read_json (answer);
    ck_assert_int_eq (json_unpack (document, "{s:{s:[s,s!], s:s!}, s:{s:s, s:s!}, s:s, s:n}",
                                   "form", "a", &first, &second, "b", &b, "files", "f", &f, "g", &g,
                                   "data", &data, "json"),
                      0);
    ck_assert_str_eq (first, "1");
    ck_assert_str_eq (second, "2");
    ck_assert_str_eq (b, "x");
    ck_assert_str_eq (f, "text\n");
    ck_assert_str_eq (g, "data:application/octet-stream;base64,//4=");
    ck_assert_str_eq (data, "");
    json_decref (document);
    running_demo_end ();
}
END_TEST

START_TEST (form_that_is_cut_short_is_400)
{
    static const char *const paths[] = { "/post", "/upload" };

    running_demo_start ();
    for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
        static const char body[] = FORM_FIELD ("a", "1");
        g_autoptr (RawAnswer) answer = post (paths[i], body, sizeof body - 1);

        ck_assert_uint_eq (answer->status, 400);
    }
    running_demo_end ();
}
END_TEST

START_TEST (large_file_goes_to_disk)
{
    static const char head[] = FORM_FIELD ("a", "1")
        FORM_FILE ("s", "small",
                   "2") "--b\r\nContent-Disposition: form-data; name=f; filename=\"../x\"\r\n\r\n";
    g_autoptr (GString) body = g_string_new (head);
    const char *name, *safe_name, *value;
    int on_disk, small_on_disk;
    json_int_t size;
    json_t *document;
    g_autoptr (RawAnswer) answer = NULL;

    g_string_set_size (body, body->len + LARGE);
    memset (body->str + sizeof head - 1, 'x', LARGE);
    g_string_append (body, "\r\n" FORM_END);
    running_demo_start ();
    answer = post ("/upload", body->str, body->len);
    document = read_json (answer);
    ck_assert_int_eq (json_unpack (document, "{s:[{s:s}!], s:[{s:b},{s:s, s:s, s:I, s:b}!]}",
                                   "fields", "value", &value, "files", "on_disk", &small_on_disk,
                                   "filename", &name, "safe_name", &safe_name, "size", &size,
                                   "on_disk", &on_disk),
                      0);
    ck_assert_str_eq (value, "1");
    ck_assert_str_eq (name, "../x");
    ck_assert_str_eq (safe_name, "x");
    ck_assert_int_eq (size, LARGE);
    ck_assert (on_disk && !small_on_disk);
    json_decref (document);
    running_demo_end ();
}
END_TEST

START_TEST (client_that_goes_within_a_file_harms_nobody)
{
    static const char head[] = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: " FORM_TYPE
                               "\r\nContent-Length: 100000000\r\n\r\n"
                               "--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n";
    g_autofree char *content = g_malloc0 (LARGE);

    running_demo_start ();
    for (guint i = 0; i < 3; i++) {
        g_autoptr (RawClient) client = running_demo_connect ();

        ck_assert (raw_client_send (client, head));
        ck_assert (raw_client_send_data (client, content, LARGE));
        running_demo_wait_for ("uploads", 1);
        if (i == 1)
            raw_client_half_close (client);
        else if (i == 2)
            raw_client_reset (client);
        g_clear_pointer (&client, raw_client_free);
        running_demo_wait_for ("uploads", 0);
    }
    running_demo_end ();
}
END_TEST

START_TEST (upload_page_has_a_form_with_files)
{
    running_demo_start ();
    running_demo_expect ("GET /upload", 200, "enctype=\"multipart/form-data\"");
    running_demo_end ();
}
END_TEST

START_TEST (pictures_are_of_their_types)
{
    static const struct {
        const char *path, *type, *start;
        gsize n;
    } pictures[] = {
        { "GET /image/png", "image/png", "\x89PNG\r\n\x1a\n", 8 },
        { "GET /image/jpeg", "image/jpeg", "\xff\xd8\xff", 3 },
        { "GET /image/webp", "image/webp", "RIFF", 4 },
        { "GET /image/svg", "image/svg+xml", "<svg ", 5 },
        { "GET /favicon.ico", "image/png", "\x89PNG\r\n\x1a\n", 8 },
    };

    running_demo_start ();
    for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++) {
        g_autoptr (RawAnswer) answer = running_demo_ask_for (pictures[i].path, "");

        ck_assert_uint_eq (answer->status, 200);
        raw_answer_expect_header (answer, "Content-Type", pictures[i].type);
        ck_assert_uint_gt (answer->body->len, pictures[i].n);
        ck_assert_mem_eq (answer->body->str, pictures[i].start, pictures[i].n);
    }
    running_demo_end ();
}
END_TEST

START_TEST (picture_is_of_a_type_that_is_accepted)
{
    static const struct {
        const char *accept, *type;
    } cases[] = {
        { "", "image/png" },
        { "Accept: image/*\r\n", "image/png" },
        { "Accept: image/png, image/jpeg;q=0.1\r\n", "image/jpeg" },
        { "Accept: text/html, image/SVG+xml\r\n", "image/svg+xml" },
        { "Accept: image/webp, image/*;q=0.8\r\n", "image/webp" },
        { "Accept: text/html\r\n", NULL },
        { "Accept: */*\r\n", NULL },
    };

    running_demo_start ();
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (RawAnswer) answer = running_demo_ask_for ("GET /image", cases[i].accept);

        ck_assert_uint_eq (answer->status, cases[i].type != NULL ? 200 : 406);
        raw_answer_expect_header (answer, "Content-Type",
                                  cases[i].type != NULL ? cases[i].type : "application/json");
        raw_answer_expect_header (answer, "Vary", "Accept, Origin");
    }
    running_demo_end ();
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("demo");

    tcase_set_timeout (tcase, 60);
    tcase_add_test (tcase, fields_and_files_are_shown_as_httpbin_shows_them);
    tcase_add_test (tcase, form_that_is_cut_short_is_400);
    tcase_add_test (tcase, large_file_goes_to_disk);
    tcase_add_test (tcase, client_that_goes_within_a_file_harms_nobody);
    tcase_add_test (tcase, upload_page_has_a_form_with_files);
    tcase_add_test (tcase, pictures_are_of_their_types);
    tcase_add_test (tcase, picture_is_of_a_type_that_is_accepted);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-upload", add_tests);
}
