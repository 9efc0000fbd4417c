/* SPDX-License-Identifier: MIT */

#include "tests/support/fake-carrier.h"
#include "tests/support/suite.h"

#include <h3/http/answer.h>

#define GET "GET /path HTTP/1.1\r\nHost: h.example\r\n"

static FakeCarrier *carrier;

static void
set_up (void)
{
    carrier = fake_carrier_new ();
}

static void
tear_down (void)
{
    g_clear_pointer (&carrier, fake_carrier_free);
}

/* A name, and what stands behind the type; NULL: it is refused. */
static const char *const names[][2] = {
    { "plain.txt", "; filename=\"plain.txt\"" },
    { "two words.txt", "; filename=\"two words.txt\"" },
    { "naïve file.txt", "; filename=\"na_ve file.txt\"; filename*=UTF-8''na%C3%AFve%20file.txt" },
    { "€ rates", "; filename=\"_ rates\"; filename*=UTF-8''%E2%82%AC%20rates" },
    { "𝄞", "; filename=\"_\"; filename*=UTF-8''%F0%9D%84%9E" },
    { "a\"b", "; filename=\"a_b\"; filename*=UTF-8''a%22b" },
    { "50%20off", "; filename=\"50_20off\"; filename*=UTF-8''50%2520off" },
    { "a;b=c,d'e", "; filename=\"a;b=c,d'e\"" },
    { "../../etc/passwd", "; filename=\"passwd\"" },
    { "C:\\temp\\naïve", "; filename=\"na_ve\"; filename*=UTF-8''na%C3%AFve" },
    { "a\\\"; x=\"", "; filename=\"_; x=_\"; filename*=UTF-8''%22%3B%20x%3D%22" },
    { "a\r\nSet-Cookie: x=1", "; filename=\"aSet-Cookie: x=1\"" },
    { "a\tb\x7f"
      "c\x01",
      "; filename=\"abc\"" },
    { "a\xc2\x85"
      "b",
      "; filename=\"ab\"" },
    { "photo\xe2\x80\xaegpj.exe", "; filename=\"photogpj.exe\"" },
    { "a\xe2\x80\xa8"
      "b\xe2\x81\xa6"
      "c\xd8\x9c",
      "; filename=\"abc\"" },
    { "", "" },
    { "a/", "" },
    { ".", "" },
    { "x/..", "" },
    { ".\r.", "" },
    { "...", "; filename=\"...\"" },
    { "a\xff"
      "b",
      NULL },
    { "\xc0\xaf", NULL },
};

typedef struct {
    const char *name;
    gboolean is_inline;
    gboolean was_set;
} Asked;

static void
name_answer (H3Event *event, gpointer user_data)
{
    Asked *asked = user_data;

    asked->was_set = asked->is_inline ? h3_event_set_inline (event, asked->name)
                                      : h3_event_set_attachment (event, asked->name);
    h3_event_send_empty (event, 204);
}

static void
assert_named (const char *name, gboolean is_inline, const char *rest)
{
    Asked asked = { name, is_inline, FALSE };
    g_autofree char *expected = NULL;

    if (rest != NULL)
        expected = g_strconcat (is_inline ? "inline" : "attachment", rest, NULL);
    fake_carrier_run (carrier, GET, name_answer, &asked);
    ck_assert_int_eq (asked.was_set, rest != NULL);
    ck_assert_str_eq (fake_carrier_get (carrier, "Content-Disposition"),
                      expected != NULL ? expected : "");
    fake_carrier_clear (carrier);
}

START_TEST (an_attachment_has_a_name_that_is_only_a_name)
{
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        assert_named (names[i][0], FALSE, names[i][1]);
}
END_TEST

START_TEST (what_is_shown_has_its_name_likewise)
{
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        assert_named (names[i][0], TRUE, names[i][1]);
}
END_TEST

START_TEST (a_name_may_be_left_to_the_client)
{
    assert_named (NULL, FALSE, "");
    assert_named (NULL, TRUE, "");
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tcase = tcase_create ("names");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_test (tcase, an_attachment_has_a_name_that_is_only_a_name);
    tcase_add_test (tcase, what_is_shown_has_its_name_likewise);
    tcase_add_test (tcase, a_name_may_be_left_to_the_client);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("http/answer-name", add_tests);
}
