/* SPDX-License-Identifier: MIT
 *
 * h3d demo: redirects. */

#include "tests/support/demo-fixture.h"
#include "tests/support/suite.h"

#include <string.h>

#define HOST "http://h.example"

START_TEST (redirects_count_down_to_get)
{
    demo_fixture_start ();
    demo_fixture_expect_location ("GET /redirect/3", 302, "/relative-redirect/2");
    demo_fixture_expect_location ("GET /relative-redirect/2", 302, "/relative-redirect/1");
    demo_fixture_expect_location ("GET /relative-redirect/1", 302, "/get");
    demo_fixture_expect_location ("GET /redirect/1", 302, "/get");
    demo_fixture_expect_location ("GET /redirect/3?absolute=True", 302,
                                  HOST "/absolute-redirect/2");
    demo_fixture_expect_location ("GET /redirect/1?absolute=true", 302, HOST "/get");
    demo_fixture_expect_location ("GET /redirect/3?absolute=1", 302, "/relative-redirect/2");
    demo_fixture_expect_location ("HEAD /absolute-redirect/2", 302, HOST "/absolute-redirect/1");
    demo_fixture_expect_location ("GET /absolute-redirect/1", 302, HOST "/get");
    demo_fixture_expect ("GET /redirect/0", 400, "n is a number from 1 to 1000000");
    demo_fixture_expect ("GET /redirect/1000001", 400, "n is a number");
    demo_fixture_expect ("GET /relative-redirect/x", 400, "n is a number");
    demo_fixture_expect ("GET /absolute-redirect/-1", 400, "n is a number");
    demo_fixture_end ();
}
END_TEST

START_TEST (redirect_leads_where_the_client_says)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "DELETE", "PATCH", "TRACE" };

    demo_fixture_start ();
    for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
        g_autofree char *line =
            g_strconcat (methods[i], " /redirect-to?url=%2Fget%3Fa%3D1&status_code=307", NULL);

        demo_fixture_expect_location (line, 307, "/get?a=1");
    }
    demo_fixture_expect_location ("GET /redirect-to?URL=https://x.example/%C3%A4%20b", 302,
                                  "https://x.example/%C3%A4%20b");
    demo_fixture_expect_location ("GET /redirect-to?url=/a&Status_Code=300", 300, "/a");
    demo_fixture_expect_location ("GET /redirect-to?url=/a&status_code=200", 302, "/a");
    demo_fixture_expect ("GET /redirect-to?url=/a&status_code=4294967597", 400, "status_code");
    demo_fixture_end ();
}
END_TEST

START_TEST (redirect_to_nowhere_is_told_in_a_400)
{
    demo_fixture_start ();
    demo_fixture_expect ("GET /redirect-to", 400, "url is where");
    demo_fixture_expect ("GET /redirect-to?url=", 400, "url is where");
    demo_fixture_expect ("GET /redirect-to?url=/a%0d%0aX:%201", 400, "url is where");
    demo_fixture_expect ("GET /redirect-to?url=/a%09b", 400, "url is where");
    demo_fixture_expect ("GET /redirect-to?url=/a&status_code=x", 400, "status_code is a number");
    demo_fixture_end ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "redirects", redirects_count_down_to_get,
                    redirect_leads_where_the_client_says, redirect_to_nowhere_is_told_in_a_400,
                    NULL);
}

int
main (void)
{
    return suite_run ("e2e/demo-redirect", add_cases);
}
