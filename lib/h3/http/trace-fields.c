/* SPDX-License-Identifier: MIT */

#include "trace-fields.h"

#include <h3/base/character.h>

#define MAX_KEY         256
#define MAX_VALUE       256
#define LONG_MEMBER     128
#define MAX_REQUEST_ID  128
#define AT_TRACE_ID     3
#define AT_SPAN_ID      (AT_TRACE_ID + TRACE_ID_LENGTH + 1)
#define AT_FLAGS        (AT_SPAN_ID + TRACE_SPAN_LENGTH + 1)
#define KNOWN_FLAGS     (TRACE_SAMPLED | TRACE_RANDOM)
#define INVALID_VERSION 0xff

static gboolean
is_lower_hex (const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isdigit (text[i]) && (text[i] < 'a' || text[i] > 'f'))
            return FALSE;
    }
    return TRUE;
}

static guint8
read_byte (const char *text)
{
    return (guint8) (g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]));
}

static gboolean
is_id (const char *text, gsize length)
{
    gsize zeros = 0;

    while (zeros < length && text[zeros] == '0')
        zeros++;
    return zeros < length && is_lower_hex (text, length);
}

gboolean
trace_parent_parse (H3View field, TraceParent *out)
{
    const char *text = field.data;
    guint8 version;

    if (field.length < TRACE_PARENT_LENGTH || !is_lower_hex (text, 2))
        return FALSE;
    version = read_byte (text);
    if (version == INVALID_VERSION
        || (field.length > TRACE_PARENT_LENGTH
            && (version == 0 || text[TRACE_PARENT_LENGTH] != '-')))
        return FALSE;
    if (text[AT_TRACE_ID - 1] != '-' || text[AT_SPAN_ID - 1] != '-' || text[AT_FLAGS - 1] != '-'
        || !is_id (text + AT_TRACE_ID, TRACE_ID_LENGTH)
        || !is_id (text + AT_SPAN_ID, TRACE_SPAN_LENGTH) || !is_lower_hex (text + AT_FLAGS, 2))
        return FALSE;
    memset (out, 0, sizeof *out);
    memcpy (out->trace_id, text + AT_TRACE_ID, TRACE_ID_LENGTH);
    memcpy (out->span_id, text + AT_SPAN_ID, TRACE_SPAN_LENGTH);
    out->flags = read_byte (text + AT_FLAGS) & KNOWN_FLAGS;
    return TRUE;
}

void
trace_parent_write (const TraceParent *parent, char out[TRACE_PARENT_LENGTH + 1])
{
    memcpy (out, "00-", AT_TRACE_ID);
    memcpy (out + AT_TRACE_ID, parent->trace_id, TRACE_ID_LENGTH);
    out[AT_SPAN_ID - 1] = '-';
    memcpy (out + AT_SPAN_ID, parent->span_id, TRACE_SPAN_LENGTH);
    memcpy (out + AT_FLAGS - 1, "-00", sizeof "-00");
    out[TRACE_PARENT_LENGTH - 1] = (char) ('0' + (parent->flags & KNOWN_FLAGS));
}

typedef struct {
    H3View key;
    H3View whole; /* key, "=" and value */
} Member;

static gboolean
is_key (H3View key)
{
    if (key.length == 0 || key.length > MAX_KEY
        || (!g_ascii_islower (*key.data) && !g_ascii_isdigit (*key.data)))
        return FALSE;
    for (gsize i = 1; i < key.length; i++) {
        char c = key.data[i];

        if (!g_ascii_islower (c) && !g_ascii_isdigit (c)
            && (c == '\0' || strchr ("_-*/@", c) == NULL))
            return FALSE;
    }
    return TRUE;
}

/* Its last is no blank, as members come without blanks at their ends. */
static gboolean
is_value (H3View value)
{
    if (value.length == 0 || value.length > MAX_VALUE)
        return FALSE;
    for (gsize i = 0; i < value.length; i++) {
        char c = value.data[i];

        if (c < 0x20 || c > 0x7e || c == ',' || c == '=')
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_member (H3View text, Member *out)
{
    gssize equals = h3_view_find (text, '=');

    if (equals < 0)
        return FALSE;
    out->key = h3_view (text.data, (gsize) equals);
    out->whole = text;
    return is_key (out->key)
           && is_value (h3_view (text.data + equals + 1, text.length - (gsize) equals - 1));
}

static gboolean
has_key (const Member *members, guint n, H3View key)
{
    for (guint i = 0; i < n; i++) {
        if (h3_view_equal (members[i].key, key))
            return TRUE;
    }
    return FALSE;
}

/* FALSE where one is malformed or there are too many, repeats counted. */
static gboolean
read_members (H3View field, Member members[TRACE_STATE_MAX_MEMBERS], guint *out_n)
{
    guint n = 0, n_read = 0;
    H3View part;

    while (h3_view_split (&field, ',', &part)) {
        Member member;

        part = h3_view_trim (part);
        if (part.length == 0)
            continue;
        if (n_read == TRACE_STATE_MAX_MEMBERS || !read_member (part, &member))
            return FALSE;
        n_read++;
        if (!has_key (members, n, member.key))
            members[n++] = member;
    }
    *out_n = n;
    return TRUE;
}

/* Of the members and the commas between them. */
static gsize
measure_members (const Member *members, guint n)
{
    gsize length = n > 0 ? n - 1 : 0;

    for (guint i = 0; i < n; i++)
        length += members[i].whole.length;
    return length;
}

/* The last that is long, else the last. */
static void
drop_one (Member *members, guint *n)
{
    guint at = *n;

    while (at > 0 && members[at - 1].whole.length <= LONG_MEMBER)
        at--;
    if (at == 0)
        at = *n;
    memmove (&members[at - 1], &members[at], (*n - at) * sizeof *members);
    (*n)--;
}

gsize
trace_state_clean (H3View field, char out[TRACE_STATE_MAX])
{
    Member members[TRACE_STATE_MAX_MEMBERS];
    gsize length = 0;
    guint n;

    if (!read_members (field, members, &n))
        return 0;
    while (measure_members (members, n) > TRACE_STATE_MAX)
        drop_one (members, &n);
    for (guint i = 0; i < n; i++) {
        if (i > 0)
            out[length++] = ',';
        memcpy (out + length, members[i].whole.data, members[i].whole.length);
        length += members[i].whole.length;
    }
    return length;
}

gboolean
trace_is_request_id (H3View text)
{
    if (text.length == 0 || text.length > MAX_REQUEST_ID)
        return FALSE;
    for (gsize i = 0; i < text.length; i++) {
        if (!character_is (text.data[i], CHARACTER_TOKEN))
            return FALSE;
    }
    return TRUE;
}
