/* SPDX-License-Identifier: MIT
 *
 * Requests, on their way to the server behind. */

#include "proxy-fields.h"

#include <h3/batteries/proxy-forwarded.h>
#include <h3/batteries/proxy-names.h>

/* Why a field of the client is left behind, beside what its name says. */
typedef struct {
    const ProxyHop *hop;
    H3View connection; /* all that Connection says */
    gboolean is_trusted;
} Judge;

/* What came of the one kind of fields, where somebody whose word counts wrote it. */
static H3View
get_told (const H3Request *request, const ProxyHop *hop, H3ForwardedFields kind, H3View name,
          H3Arena *arena)
{
    if (hop->trust == NULL || !h3_trusted_proxies_has (hop->trust, &hop->peer)
        || (h3_trusted_proxies_get_fields (hop->trust) & kind) == 0)
        return (H3View){ NULL, 0 };
    return request_join_field (request, name, ", ", arena);
}

/* "1.1 name (comment)": the second word. */
static H3View
get_hop_name (H3View member)
{
    gssize blank = h3_view_find (member, ' ');
    H3View name;

    if (blank < 0)
        return H3_VIEW_EMPTY;
    name = h3_view_trim (h3_view (member.data + blank + 1, member.length - (gsize) blank - 1));
    blank = h3_view_find (name, ' ');
    if (blank >= 0)
        name.length = (gsize) blank;
    return name;
}

gboolean
proxy_fields_have_loop (const H3Request *request, H3View name, H3Arena *arena)
{
    H3View via = request_join_field (request, H3_VIEW ("Via"), ", ", arena);
    H3View part;
    guint n_own = 0, n = 0;

    while (via.data != NULL && h3_view_split (&via, ',', &part)) {
        n++;
        n_own += h3_view_equal_ignore_case (get_hop_name (h3_view_trim (part)), name);
    }
    return n_own > 1 || n >= PROXY_MAX_HOPS;
}

typedef struct {
    H3View name;
    gboolean is_there;
} Sought;

static gboolean
compare_name (const char *name, const char *value, gpointer user_data)
{
    Sought *sought = user_data;

    sought->is_there = proxy_name_equal_in_cgi (h3_view_of (name), sought->name);
    return !sought->is_there;
}

static gboolean
has_in_cgi (const H3Headers *headers, H3View name)
{
    Sought sought = { name, FALSE };

    if (headers != NULL)
        h3_headers_foreach (headers, compare_name, &sought);
    return sought.is_there;
}

static gboolean
goes_on (const Judge *judge, H3View name)
{
    if (proxy_name_is_disguised (name))
        return FALSE;
    switch (proxy_name_classify (name)) {
    case NAME_HOP:
    case NAME_ANEW:
        return FALSE;
    case NAME_PROVIDED:
        if (!judge->is_trusted)
            return FALSE;
        break;
    case NAME_ANY:
        if (proxy_name_is_nominated (judge->connection, name))
            return FALSE;
        break;
    default:
        break;
    }
    return !has_in_cgi (judge->hop->set, name) && !has_in_cgi (judge->hop->removed, name);
}

static void
add_clients_own (const H3Request *request, const ProxyHop *hop, H3Arena *arena, H3Headers *out)
{
    Judge judge = { .hop = hop };

    judge.connection = request_join_field (request, H3_VIEW ("Connection"), ",", arena);
    judge.is_trusted = hop->trust != NULL && h3_trusted_proxies_has (hop->trust, &hop->peer);
    for (guint i = 0; i < request->head.n_fields; i++) {
        H3View name = request_field_name (request, i);

        if (goes_on (&judge, name))
            (void) h3_headers_add_view (out, name, request_field_value (request, i));
    }
}

static void
set_text (H3Headers *out, const char *name, const GString *value)
{
    (void) h3_headers_set_view (out, h3_view_of (name), h3_view (value->str, value->len));
}

static void
set_via (const H3Request *request, const ProxyHop *hop, H3Arena *arena, H3Headers *out)
{
    H3View came = request_join_field (request, H3_VIEW ("Via"), ", ", arena);
    g_autoptr (GString) text = g_string_new_len (came.data, (gssize) came.length);

    g_string_append_printf (text, "%s1.%u %.*s", text->len > 0 ? ", " : "", request->head.minor,
                            H3_VIEW_ARGS (hop->name));
    set_text (out, "Via", text);
}

static gboolean
has_address (const H3Address *peer)
{
    return peer->family == H3_ADDRESS_IPV4 || peer->family == H3_ADDRESS_IPV6;
}

/* Who was here before a peer without address is known from what it told only. */
static void
set_forwarded (const H3Request *request, const ProxyHop *hop, H3View came, H3Headers *out)
{
    g_autoptr (GString) text = NULL;

    if (came.data != NULL && !proxy_forwarded_is_sound (came))
        came = H3_VIEW_EMPTY;
    text = g_string_new_len (came.data, (gssize) came.length);
    if (text->len == 0 || has_address (&hop->peer)) {
        if (text->len > 0)
            g_string_append (text, ", ");
        proxy_forwarded_append (text, &hop->peer, request->host, hop->scheme);
    }
    set_text (out, "Forwarded", text);
}

static void
set_forwarded_for (const ProxyHop *hop, H3View came, H3Headers *out)
{
    g_autoptr (GString) text = g_string_new_len (came.data, (gssize) came.length);
    H3Address peer = h3_address_unmap (&hop->peer);
    char address[H3_ADDRESS_TEXT_SIZE];

    if (has_address (&peer)) {
        peer.scope = 0;
        (void) h3_address_write (&peer, address);
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", address);
    }
    if (text->len > 0)
        set_text (out, "X-Forwarded-For", text);
}

/* A proxy in front that writes only one of the two kinds of lists has that one gone on with: the
 * other would tell of another client. */
static void
set_lists (const H3Request *request, const ProxyHop *hop, H3Arena *arena, H3Headers *out)
{
    H3View standard = get_told (request, hop, H3_FORWARDED_STANDARD, H3_VIEW ("Forwarded"), arena);
    H3View x = get_told (request, hop, H3_FORWARDED_X, H3_VIEW ("X-Forwarded-For"), arena);

    if (standard.data != NULL || x.data == NULL)
        set_forwarded (request, hop, standard, out);
    if (x.data != NULL || standard.data == NULL)
        set_forwarded_for (hop, x, out);
}

/* One that counts how far it may go, and is no answer of ours (RFC 9110 §7.6.2). */
static void
set_max_forwards (const H3Request *request, H3Arena *arena, H3Headers *out)
{
    H3View text = request_join_field (request, H3_VIEW ("Max-Forwards"), ",", arena);
    guint64 n;

    if (request->method != H3_METHOD_OPTIONS || !h3_view_parse_uint (text, G_MAXUINT32, &n)
        || n == 0)
        return;
    (void) h3_headers_set_take (out, g_strdup ("Max-Forwards"),
                                g_strdup_printf ("%" G_GUINT64_FORMAT, n - 1));
}

static gboolean
set_own (const char *name, const char *value, gpointer out)
{
    (void) h3_headers_add (out, name, value);
    return TRUE;
}

H3Headers *
proxy_fields_forward (const H3Request *request, const ProxyHop *hop, H3Arena *arena)
{
    H3Headers *out = h3_headers_new ();

    add_clients_own (request, hop, arena, out);
    set_lists (request, hop, arena, out);
    (void) h3_headers_set_view (out, H3_VIEW ("X-Forwarded-Proto"), hop->told_scheme);
    if (hop->told_host.length > 0)
        (void) h3_headers_set_view (out, H3_VIEW ("X-Forwarded-Host"), hop->told_host);
    if (hop->prefix.length > 0)
        (void) h3_headers_set_view (out, H3_VIEW ("X-Forwarded-Prefix"), hop->prefix);
    set_via (request, hop, arena, out);
    set_max_forwards (request, arena, out);
    if (hop->set != NULL)
        h3_headers_foreach (hop->set, set_own, out);
    return out;
}
