/* SPDX-License-Identifier: MIT */

#include "http1-glance.h"

#include <h3/wire/http1-lint-private.h>
#include <h3/wire/http1-scan.h>

/* "GET / HTTP/1.1" CR LF CR LF. */
#define SHORTEST 18

/* Behind the method and its blank; NULL where it is longer than SHORTEST lets it be looked at. */
static inline const char *
glance_at_method (HeadIndex *index, const char *data)
{
    gsize n = 3;

    if (G_UNLIKELY (memcmp (data, "GET ", 4) != 0))
        for (n = 0; n < SHORTEST - 1 && IS_TOKEN (data[n]);)
            n++;
    if (n == 0 || data[n] != ' ')
        return NULL;
    index->method_length = (guint16) n;
    return data + n + 1;
}

/* The CR behind the request line. */
static inline const char *
glance_at_target (HeadIndex *index, const H3Limits *limits, const char *data, const char *target,
                  const char *end)
{
    const char *p = skip_plain_target (data, target, end);
    guint classes = 0;

    while (p < end && IS_TARGET (*p)) {
        classes |= http1_classes[(guchar) *p++];
        p = skip_plain_target (data, p, end);
    }
    if (end - p < 13 || memcmp (p, " HTTP/1.1\r\n", 11) != 0 || p == target
        || p - target > limits->target)
        return NULL;
    index->target = (guint16) (target - data);
    index->target_length = (guint16) (p - target);
    index->target_flags = target_flags_of (classes);
    index->minor = 1;
    return p + 9;
}

/* The end of a name with more than letters and '-', of which what stands before `p` was seen. */
static G_GNUC_NO_INLINE const char *
find_rare_name_end (const char *p, const char *end)
{
    while (p < end && IS_TOKEN (*p))
        p++;
    return p;
}

/* The same of a value with tabs or bytes beyond ASCII. */
static G_GNUC_NO_INLINE const char *
find_rare_value_end (const char *p, const char *end)
{
    while (p < end && ((guchar) *p >= 0x20 ? *p != 0x7f : *p == '\t'))
        p++;
    return p;
}

/* What surely stands behind a name, a colon and the end of a head, and behind a value. */
#define BEHIND_NAME  5
#define BEHIND_VALUE 4

/* The CR behind one field line; NULL where the line, or its end, is not seen. */
static inline const char *
glance_at_field (HeadIndex *index, HeadField *field, const char *data, const char *line,
                 const char *end)
{
    const char *p = skip_plain_name (data, line, end);
    const char *value;

    if (p > end - BEHIND_NAME)
        return NULL;
    if (G_UNLIKELY (*p != ':')) {
        p = find_rare_name_end (p, end - BEHIND_NAME);
        if (*p != ':')
            return NULL;
    }
    if (p == line)
        return NULL;
    field->name = (guint16) (line - data);
    field->name_length = (guint16) (p - line);
    look_up_known (index, field, line, (gsize) (p - line));
    value = p + 1;
    if (G_LIKELY (*value == ' '))
        value++;
    p = skip_clean_text (data, value, end);
    if (p > end - BEHIND_VALUE)
        return NULL;
    if (G_UNLIKELY (memcmp (p, "\r\n", 2) != 0)) {
        p = find_rare_value_end (p, end - BEHIND_VALUE);
        if (memcmp (p, "\r\n", 2) != 0)
            return NULL;
    }
    /* Values that are empty or have more blanks around them are rare enough for the lint. */
    if ((guchar) *value <= ' ' || (guchar) p[-1] <= ' ')
        return NULL;
    field->value = (guint16) (value - data);
    field->value_length = (guint16) (p - value);
    return p;
}

gboolean
http1_glance (HeadIndex *index, const H3Limits *limits, const char *data, gsize length)
{
    /* No line of a head that is shorter than a line may be is too long. */
    const char *end = data + MIN (length, (gsize) MIN (limits->head, limits->field_line));
    HeadField *field = index->fields;
    const HeadField *last = field + index->max_fields;
    const char *p;

    if (end - data < SHORTEST)
        return FALSE;
    p = glance_at_method (index, data);
    if (p != NULL)
        p = glance_at_target (index, limits, data, p, end);
    if (p == NULL)
        return FALSE;
    do {
        if (field == last)
            return FALSE;
        p = glance_at_field (index, field, data, p + 2, end);
        if (p == NULL)
            return FALSE;
        field++;
    } while (memcmp (p, "\r\n\r\n", 4) != 0);
    index->n_fields = (guint16) (field - index->fields);
    index->length = (guint16) (p + 4 - data);
    return TRUE;
}
