/* SPDX-License-Identifier: MIT
 *
 * What h3d demo says of its answers: the name to save them under, how long their parts took. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

START_TEST (an_answer_is_named_as_its_path_says)
{
    static const char *const cases[][2] = {
        { GET ("/attachment/na%C3%AFve%20file.txt"),
          "attachment; filename=\"na_ve file.txt\"; filename*=UTF-8''na%C3%AFve%20file.txt" },
        { GET ("/attachment/a.txt?inline"), "inline; filename=\"a.txt\"" },
        { GET ("/attachment/%22;x=%5C"), "attachment" },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (RawAnswer) answer = running_demo_ask (cases[i][0]);

        ck_assert_uint_eq (answer->status, 200);
        raw_answer_expect_header (answer, "Content-Disposition", cases[i][1]);
    }
}
END_TEST

START_TEST (the_parts_of_an_answer_are_timed)
{
    g_autoptr (RawAnswer) answer = running_demo_ask (GET ("/timing?ms=20"));
    g_autofree char *told = raw_answer_dup_header (answer, "Server-Timing");
    const char *wait, *total;

    ck_assert_uint_eq (answer->status, 200);
    ck_assert_ptr_nonnull (told);
    wait = strstr (told, ", wait;dur=");
    total = strstr (told, ";desc=\"by a timer\", total;dur=");
    ck_assert_msg (g_str_has_prefix (told, "query;dur=") && wait != NULL && total > wait, "%s",
                   told);
    ck_assert (g_ascii_strtod (wait + strlen (", wait;dur="), NULL)
               <= g_ascii_strtod (strrchr (told, '=') + 1, NULL));
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("answers");

    tcase_add_checked_fixture (tcase, running_demo_start, running_demo_end);
    tcase_add_test (tcase, an_answer_is_named_as_its_path_says);
    tcase_add_test (tcase, the_parts_of_an_answer_are_timed);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-answer", add_cases);
}
