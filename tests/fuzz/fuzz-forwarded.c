/* SPDX-License-Identifier: MIT
 *
 * Who the client is: lines of trusted proxies, the peer, Forwarded, X-Forwarded-For, -Proto and
 * -Host, and what a client wrote in front. A peer that is not trusted tells nothing; a list of
 * addresses is read as the plain reading has it; and once somebody is found who is not trusted,
 * nothing in front of what the proxies wrote can change it. */

#include "fuzz.h"
#include "h3/http/forwarded.h"

enum { PROXIES, PEER, FORWARDED, FOR, PROTO, HOST, FRONT, N_LINES };

static const H3View scheme = { "ftp", 3 };
static const H3View host = { "own.example", 11 };
static const H3View absent = { NULL, 0 };

/* A line that is empty is a field that is absent. */
static H3View
get_field (const H3View *lines, guint which)
{
    return lines[which].length > 0 ? lines[which] : absent;
}

static void
trust (H3TrustedProxies *proxies, H3View line)
{
    H3View part;

    while (h3_view_split (&line, ' ', &part)) {
        g_autofree char *text = h3_view_dup (part);

        (void) h3_trusted_proxies_add (proxies, text, NULL);
    }
}

static gboolean
is_inside (H3View part, H3View whole)
{
    return whole.data != NULL && part.data >= whole.data
           && part.data + part.length <= whole.data + whole.length;
}

static void
assert_sane (const H3Forwarded *found, const H3View *lines)
{
    FUZZ_ASSERT (!h3_address_is_v4_mapped (&found->client), "a v4-mapped client");
    FUZZ_ASSERT (h3_view_equal (found->scheme, H3_VIEW ("http"))
                     || h3_view_equal (found->scheme, H3_VIEW ("https"))
                     || found->scheme.data == scheme.data,
                 "the scheme %.*s", H3_VIEW_ARGS (found->scheme));
    FUZZ_ASSERT (found->host.data == host.data || is_inside (found->host, lines[FORWARDED])
                     || is_inside (found->host, lines[HOST]),
                 "a host from nowhere");
    for (gsize i = 0; i < found->host.length; i++)
        FUZZ_ASSERT (g_ascii_isalnum (found->host.data[i])
                         || strchr ("-._:[]%", found->host.data[i]) != NULL,
                     "the host %.*s", H3_VIEW_ARGS (found->host));
}

/* From the right, as long as who speaks is trusted. */
static H3Address
walk_plainly (const H3TrustedProxies *proxies, const H3Address *peer, H3View list)
{
    g_autofree char *text = h3_view_dup (list);
    g_auto (GStrv) parts = g_strsplit (text, ",", -1);
    H3Address client = h3_address_unmap (peer);
    guint read = 0;

    for (guint n = g_strv_length (parts); n > 0 && read < H3_FORWARDED_MAX; n--, read++) {
        H3View part = h3_view_trim (h3_view_of (parts[n - 1]));
        H3SocketAddress address;

        if (part.length == 0)
            continue;
        if (!h3_address_parse (part, &address.address)
            && !h3_socket_address_parse (part, 0, &address))
            break;
        client = h3_address_unmap (&address.address);
        if (!h3_trusted_proxies_has (proxies, &client))
            break;
    }
    return client;
}

static void
compare_addresses (const H3TrustedProxies *proxies, const H3Address *peer, H3View list)
{
    H3Address expected;
    H3Forwarded found;

    if (list.data == NULL || h3_view_find (list, '"') >= 0 || h3_view_find (list, '\0') >= 0)
        return;
    expected = walk_plainly (proxies, peer, list);
    FUZZ_ASSERT (
        h3_forwarded_resolve (proxies, peer, scheme, host, absent, list, absent, absent, &found),
        "refused");
    FUZZ_ASSERT (h3_address_equal (&expected, &found.client), "another client of %.*s",
                 H3_VIEW_ARGS (list));
}

static char *
put_in_front (H3View front, H3View list)
{
    return g_strdup_printf ("%.*s, %.*s", H3_VIEW_ARGS (front), H3_VIEW_ARGS (list));
}

/* Both fields had the front added, as two proxies would. */
static void
assert_front_is_mute (const H3TrustedProxies *proxies, const H3Address *peer, const H3View *lines,
                      const H3Forwarded *found)
{
    g_autofree char *forwarded = put_in_front (lines[FRONT], lines[FORWARDED]);
    g_autofree char *x = put_in_front (lines[FRONT], lines[FOR]);
    H3Forwarded again;

    if (h3_trusted_proxies_has (proxies, &found->client) || h3_view_find (lines[FRONT], '\0') >= 0
        || h3_view_find (lines[FORWARDED], '\0') >= 0 || h3_view_find (lines[FOR], '\0') >= 0)
        return;
    (void) h3_forwarded_resolve (proxies, peer, scheme, host,
                                 lines[FORWARDED].length > 0 ? h3_view_of (forwarded) : absent,
                                 lines[FOR].length > 0 ? h3_view_of (x) : absent,
                                 get_field (lines, PROTO), get_field (lines, HOST), &again);
    FUZZ_ASSERT (h3_address_equal (&found->client, &again.client)
                     && h3_view_equal (found->scheme, again.scheme)
                     && h3_view_equal (found->host, again.host),
                 "what stands in front decides");
}

static void
check (H3TrustedProxies *proxies, const H3Address *peer, const H3View *lines)
{
    H3Address unmapped = h3_address_unmap (peer);
    gboolean trusted = h3_trusted_proxies_has (proxies, peer);
    H3Forwarded found;
    gboolean agreed = h3_forwarded_resolve (
        proxies, peer, scheme, host, get_field (lines, FORWARDED), get_field (lines, FOR),
        get_field (lines, PROTO), get_field (lines, HOST), &found);

    if (!trusted || !agreed)
        FUZZ_ASSERT (h3_address_equal (&found.client, &unmapped) && found.host.data == host.data
                         && found.scheme.data == scheme.data,
                     "trusted: %d, agreed: %d", trusted, agreed);
    FUZZ_ASSERT (trusted || agreed, "somebody who is not trusted is listened to");
    assert_sane (&found, lines);
    if (!trusted)
        return;
    compare_addresses (proxies, peer, get_field (lines, FOR));
    if (agreed)
        assert_front_is_mute (proxies, peer, lines, &found);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View rest = h3_view (copy, size);
    FuzzChoice choice = fuzz_choice_of (rest);
    H3View lines[N_LINES];
    g_autoptr (H3TrustedProxies) proxies = h3_trusted_proxies_new ();
    H3Address peer;

    for (guint i = 0; i < N_LINES; i++) {
        lines[i] = H3_VIEW_EMPTY;
        (void) fuzz_take_line (&rest, &lines[i]);
    }
    trust (proxies, lines[PROXIES]);
    if (fuzz_choose (&choice, 4) == 0)
        h3_trusted_proxies_set_fields (proxies, H3_FORWARDED_STANDARD);
    else if (h3_address_parse (lines[PEER], &peer))
        check (proxies, &peer, lines);
    return 0;
}
