/* SPDX-License-Identifier: MIT
 *
 * Cookies kept and given back, against a plain store. A line of the input is an answer's
 * Set-Cookie, from an origin and at a time that its number chooses; "?" in front of it asks for the
 * Cookie of a request instead. What a Set-Cookie says is taken from its own reader, which has a
 * fuzzer too. */

#include "fuzz.h"
#include "h3/format/cookie-jar.h"
#include "h3/format/set-cookie.h"
#include "plain-jar.h"

#define NOW 1700000000

static const CookieOrigin origins[] = {
    { { "a.example.org", 13 }, { "/x/y", 4 }, FALSE },
    { { "a.example.org", 13 }, { "/x/y", 4 }, TRUE },
    { { "A.Example.ORG", 13 }, { "/x/", 3 }, TRUE },
    { { "example.org", 11 }, { "/x", 2 }, TRUE },
    { { "b.a.example.org", 15 }, { "/", 1 }, FALSE },
    { { "192.0.2.1", 9 }, { "/x/yz", 5 }, FALSE },
    { { "org", 3 }, { "x", 1 }, TRUE },
    { { "ample.org", 9 }, { "", 0 }, FALSE },
};

typedef struct {
    CookieJar *jar;  /* owned */
    PlainJar *plain; /* owned */
    FuzzChoice choice;
    gint64 now;
} Stores;

static void
compare_header (Stores *stores, const CookieOrigin *origin)
{
    g_autofree char *found = cookie_jar_dup_header (stores->jar, origin, stores->now);
    g_autofree char *plain = plain_jar_dup_header (stores->plain, origin, stores->now);

    FUZZ_ASSERT (g_strcmp0 (found, plain) == 0, "'%s', but plainly '%s'", found, plain);
}

static void
compare_one (Stores *stores, H3View line)
{
    const CookieOrigin *origin = &origins[fuzz_choose (&stores->choice, G_N_ELEMENTS (origins))];
    SetCookie cookie;
    gboolean is_one, is_taken;

    stores->now += fuzz_choose (&stores->choice, 4) == 0 ? 60 : 0;
    if (line.length > 0 && line.data[0] == '?') {
        compare_header (stores, origin);
        return;
    }
    is_one = set_cookie_parse (line, &cookie);
    is_taken = cookie_jar_take (stores->jar, line, origin, stores->now);
    FUZZ_ASSERT (is_taken
                     == (is_one && plain_jar_take (stores->plain, &cookie, origin, stores->now)),
                 "taken: %d", is_taken);
    FUZZ_ASSERT (cookie_jar_get_size (stores->jar) == plain_jar_get_size (stores->plain),
                 "%u cookies, not %u", cookie_jar_get_size (stores->jar),
                 plain_jar_get_size (stores->plain));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size), line;
    Stores stores = { .choice = fuzz_choice_of (rest), .now = NOW };
    guint most = 1 + fuzz_choose (&stores.choice, 8),
          of_domain = 1 + fuzz_choose (&stores.choice, 4);

    stores.jar = cookie_jar_new (most, of_domain);
    stores.plain = plain_jar_new (most, of_domain);
    while (fuzz_take_line (&rest, &line))
        compare_one (&stores, line);
    for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
        compare_header (&stores, &origins[i]);
    plain_jar_free (stores.plain);
    cookie_jar_free (stores.jar);
    return 0;
}
