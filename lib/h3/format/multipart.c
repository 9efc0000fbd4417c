/* SPDX-License-Identifier: MIT */

#include "multipart.h"

#include <h3/base/character.h>
#include <h3/format/mime.h>
#include <h3/format/multipart-head.h>
#include <h3/format/parameters.h>

/* The longest delimiter, with its CRLF and hyphens. */
#define MAX_DELIMITER (4 + H3_MULTIPART_MAX_BOUNDARY)

/*   DELIMITER ── all of it ──▶ BEHIND ── CRLF ──▶ NAME ⇄ VALUE ── empty line ──▶ DELIMITER
 *     ▲   │ another byte          │ │ another byte                               (of content)
 *     CR  ▼                       │ ▼
 *     CONTENT ◀───────────────────┼─┘
 *                                 └── "--" ──▶ CLOSED ── CRLF ──▶ EPILOGUE
 *
 *   CONTENT    that of a part, or of the preamble, where no delimiter has begun
 *   DELIMITER  its first bytes have come, or stand behind what counts as a line end
 *   BEHIND     on the rest of its line: blanks, then CR, then LF; or a hyphen, then another
 *   LINE       at the start of a line of a part's head
 *   NAME       in a field's name
 *   VALUE      behind its colon, to the CR
 *   VALUE_END  at the LF of that
 *   HEAD_END   at the LF of the empty line
 *   CLOSED     behind the last delimiter: blanks, then CR; CLOSED_END: at the LF of that
 *   EPILOGUE   what is passed over
 *   REFUSED    nothing is read any more */
typedef enum {
    CONTENT,
    DELIMITER,
    BEHIND,
    BEHIND_HYPHEN,
    BEHIND_CR,
    LINE,
    NAME,
    VALUE,
    VALUE_END,
    HEAD_END,
    CLOSED,
    CLOSED_END,
    EPILOGUE,
    REFUSED,
} State;

/* Beside the results: the state has changed, nothing is to be told. */
#define GO_ON ((H3MultipartResult) -1)

struct _H3Multipart {
    H3MultipartLimits limits;
    guint64 offset;
    State state;
    guint status;
    const char *problem; /* static */
    guint n_parts;
    guint n_fields;
    gboolean in_part;      /* else content is preamble */
    gboolean has_preamble; /* more than line ends */
    GString *lines;        /* owned: of a part's head */
    MultipartHead head;
    /* What may be the delimiter and may turn out to be content. */
    char held[MAX_DELIMITER + H3_MULTIPART_MAX_PADDING + 3];
    gsize n_held;
    gsize n_matched; /* of the delimiter; its CRLF may have been that of the line before */
    gsize n_padding;
    gsize delimiter_length;
    char delimiter[MAX_DELIMITER + 1];
};

static gboolean
is_boundary (H3View text)
{
    if (text.length == 0 || text.length > H3_MULTIPART_MAX_BOUNDARY
        || text.data[text.length - 1] == ' ')
        return FALSE;
    for (gsize i = 0; i < text.length; i++) {
        if (!g_ascii_isalnum (text.data[i]) && strchr ("'()+_,-./:=? ", text.data[i]) == NULL)
            return FALSE;
    }
    return memchr (text.data, '\0', text.length) == NULL;
}

gboolean
h3_multipart_find_boundary (H3View content_type, char *boundary)
{
    H3View found = { NULL, 0 };
    ParameterResult result;
    Parameter parameter;
    H3MediaType type;

    g_return_val_if_fail (boundary != NULL, FALSE);
    if (content_type.data == NULL || !h3_media_type_parse (content_type, &type)
        || !h3_media_type_matches (&type, "multipart/form-data"))
        return FALSE;
    content_type = h3_view_trim (content_type);
    content_type = h3_view (content_type.data + type.essence.length,
                            content_type.length - type.essence.length);
    while ((result = parameter_next (&content_type, &parameter)) == PARAMETER_READ) {
        if (!h3_view_equal_ignore_case (parameter.name, H3_VIEW ("boundary")))
            continue;
        /* Two readers that choose differently would see two forms. */
        if (found.data != NULL)
            return FALSE;
        found = parameter.value;
    }
    if (result == PARAMETER_BAD || found.data == NULL || !is_boundary (found))
        return FALSE;
    memcpy (boundary, found.data, found.length);
    boundary[found.length] = '\0';
    return TRUE;
}

/* The delimiter may stand at once where a line has just ended: at the start, and behind a head. */
static void
begin_line (H3Multipart *reader)
{
    reader->state = DELIMITER;
    reader->n_matched = 2;
    reader->n_held = 0;
}

H3Multipart *
h3_multipart_new (const char *boundary, const H3MultipartLimits *limits)
{
    static const H3MultipartLimits defaults = H3_MULTIPART_LIMITS_INIT;
    H3Multipart *reader;

    g_return_val_if_fail (boundary != NULL && is_boundary (h3_view_of (boundary)), NULL);
    reader = g_new0 (H3Multipart, 1);
    reader->limits = limits != NULL ? *limits : defaults;
    reader->lines = g_string_new (NULL);
    reader->delimiter_length =
        (gsize) g_snprintf (reader->delimiter, sizeof reader->delimiter, "\r\n--%s", boundary);
    begin_line (reader);
    return reader;
}

void
h3_multipart_free (H3Multipart *reader)
{
    if (reader == NULL)
        return;
    multipart_head_clear (&reader->head);
    g_string_free (reader->lines, TRUE);
    g_free (reader);
}

static H3MultipartResult
refuse (H3Multipart *reader, guint status, const char *problem)
{
    reader->state = REFUSED;
    reader->status = status;
    reader->problem = problem;
    return H3_MULTIPART_REFUSED;
}

static H3View
take (H3View *rest, gsize n)
{
    H3View taken = h3_view (rest->data, n);

    *rest = h3_view (rest->data + n, rest->length - n);
    return taken;
}

/* Content that is a part's is told, that of the preamble is not. */
static H3MultipartResult
tell (H3Multipart *reader, H3View data, H3View *out_data)
{
    if (reader->in_part) {
        *out_data = data;
        return data.length > 0 ? H3_MULTIPART_DATA : GO_ON;
    }
    for (gsize i = 0; i < data.length && !reader->has_preamble; i++)
        reader->has_preamble = data.data[i] != '\r' && data.data[i] != '\n';
    return GO_ON;
}

/* Where the delimiter, or as much of it as there is, begins in `text`; its length if nowhere. */
static gsize
find_delimiter (const H3Multipart *reader, H3View text)
{
    gsize at = 0;

    while (at < text.length) {
        const char *found = memchr (text.data + at, '\r', text.length - at);

        if (found == NULL)
            return text.length;
        at = (gsize) (found - text.data);
        if (memcmp (found, reader->delimiter, MIN (reader->delimiter_length, text.length - at))
            == 0)
            return at;
        at++;
    }
    return text.length;
}

static H3MultipartResult
step_content (H3Multipart *reader, H3View *rest, H3View *out_data)
{
    gsize n = find_delimiter (reader, *rest);

    if (n < rest->length) {
        reader->state = DELIMITER;
        reader->n_matched = reader->n_held = 0;
    }
    return tell (reader, take (rest, n), out_data);
}

static void
hold (H3Multipart *reader, H3View *rest)
{
    reader->held[reader->n_held++] = *take (rest, 1).data;
}

/* What was held is content, and the byte behind it is looked at anew. */
static H3MultipartResult
give_up (H3Multipart *reader, H3View *out_data)
{
    reader->state = CONTENT;
    return tell (reader, h3_view (reader->held, reader->n_held), out_data);
}

static H3MultipartResult
step_delimiter (H3Multipart *reader, H3View *rest, H3View *out_data)
{
    while (rest->length > 0 && reader->n_matched < reader->delimiter_length) {
        if (*rest->data != reader->delimiter[reader->n_matched])
            return give_up (reader, out_data);
        hold (reader, rest);
        reader->n_matched++;
    }
    if (reader->n_matched == reader->delimiter_length) {
        reader->state = BEHIND;
        reader->n_padding = 0;
    }
    return GO_ON;
}

static H3MultipartResult
step_behind (H3Multipart *reader, H3View *rest, H3View *out_data)
{
    char c = *rest->data;

    if (c == ' ' || c == '\t') {
        if (++reader->n_padding > H3_MULTIPART_MAX_PADDING)
            return refuse (reader, 400, "A boundary has too many blanks behind it.");
    } else if (c == '\r') {
        reader->state = BEHIND_CR;
    } else if (c == '-' && reader->n_padding == 0) {
        reader->state = BEHIND_HYPHEN;
    } else {
        return give_up (reader, out_data);
    }
    hold (reader, rest);
    return GO_ON;
}

/* The delimiter was one. */
static H3MultipartResult
leave_part (H3Multipart *reader, H3View *rest, State next)
{
    gboolean was_in_part = reader->in_part;

    (void) take (rest, 1);
    reader->state = next;
    reader->in_part = FALSE;
    reader->n_fields = 0;
    g_string_truncate (reader->lines, 0);
    return was_in_part ? H3_MULTIPART_PART_END : GO_ON;
}

static H3MultipartResult
step_behind_cr (H3Multipart *reader, H3View *rest, H3View *out_data)
{
    return *rest->data == '\n' ? leave_part (reader, rest, LINE) : give_up (reader, out_data);
}

static H3MultipartResult
step_behind_hyphen (H3Multipart *reader, H3View *rest, H3View *out_data)
{
    if (*rest->data != '-')
        return give_up (reader, out_data);
    /* A form without a part is one; but a preamble and nothing else is rather a form whose
     * boundary is not the one that was announced. */
    if (reader->n_parts == 0 && reader->has_preamble)
        return refuse (reader, 400, "The form does not begin with its boundary.");
    return leave_part (reader, rest, CLOSED);
}

static H3MultipartResult
add_to_head (H3Multipart *reader, H3View *rest, State next)
{
    if (reader->lines->len >= reader->limits.head)
        return refuse (reader, 413, "The head of a part is too long.");
    g_string_append_c (reader->lines, *take (rest, 1).data);
    reader->state = next;
    return GO_ON;
}

static H3MultipartResult
step_line (H3Multipart *reader, H3View *rest)
{
    if (*rest->data == '\r') {
        (void) take (rest, 1);
        reader->state = HEAD_END;
        return GO_ON;
    }
    if (!character_is (*rest->data, CHARACTER_TOKEN))
        return refuse (reader, 400, "A field of a part is malformed.");
    if (++reader->n_fields > reader->limits.fields)
        return refuse (reader, 413, "A part has too many fields.");
    return add_to_head (reader, rest, NAME);
}

static H3MultipartResult
step_field (H3Multipart *reader, H3View *rest)
{
    char c = *rest->data;

    if (reader->state == NAME && (character_is (c, CHARACTER_TOKEN) || c == ':'))
        return add_to_head (reader, rest, c == ':' ? VALUE : NAME);
    if (reader->state == VALUE && (character_is (c, CHARACTER_TEXT) || c == '\r'))
        return add_to_head (reader, rest, c == '\r' ? VALUE_END : VALUE);
    if (reader->state == VALUE_END && c == '\n')
        return add_to_head (reader, rest, LINE);
    return refuse (reader, 400, "A field of a part is malformed.");
}

static H3MultipartResult
step_head_end (H3Multipart *reader, H3View *rest)
{
    const char *problem;
    guint status;

    if (*rest->data != '\n')
        return refuse (reader, 400, "The head of a part does not end as it must.");
    if (++reader->n_parts > reader->limits.parts)
        return refuse (reader, 413, "The form has too many parts.");
    problem = multipart_head_read (&reader->head, h3_view (reader->lines->str, reader->lines->len),
                                   &reader->limits, &status);
    if (problem != NULL)
        return refuse (reader, status, problem);
    (void) take (rest, 1);
    begin_line (reader);
    reader->in_part = TRUE;
    return H3_MULTIPART_PART;
}

static H3MultipartResult
step_closed (H3Multipart *reader, H3View *rest)
{
    char c = *rest->data;

    if (reader->state == CLOSED_END ? c != '\n' : c != ' ' && c != '\t' && c != '\r')
        return refuse (reader, 400, "Something stands behind the last boundary on its line.");
    if (c == '\r')
        reader->state = CLOSED_END;
    else if (c == '\n')
        reader->state = EPILOGUE;
    (void) take (rest, 1);
    return GO_ON;
}

/* There is at least a byte. */
static H3MultipartResult
take_step (H3Multipart *reader, H3View *rest, H3View *out_data)
{
    switch (reader->state) {
    case CONTENT:
        return step_content (reader, rest, out_data);
    case DELIMITER:
        return step_delimiter (reader, rest, out_data);
    case BEHIND:
        return step_behind (reader, rest, out_data);
    case BEHIND_HYPHEN:
        return step_behind_hyphen (reader, rest, out_data);
    case BEHIND_CR:
        return step_behind_cr (reader, rest, out_data);
    case LINE:
        return step_line (reader, rest);
    case NAME:
    case VALUE:
    case VALUE_END:
        return step_field (reader, rest);
    case HEAD_END:
        return step_head_end (reader, rest);
    case CLOSED:
    case CLOSED_END:
        return step_closed (reader, rest);
    case EPILOGUE:
        (void) take (rest, rest->length);
        return GO_ON;
    case REFUSED:
        break;
    }
    return H3_MULTIPART_REFUSED;
}

H3MultipartResult
h3_multipart_read (H3Multipart *reader, H3View *rest, H3View *out_data)
{
    H3MultipartResult result = GO_ON;
    gsize before;

    g_return_val_if_fail (reader != NULL && rest != NULL && out_data != NULL, H3_MULTIPART_REFUSED);
    if (reader->state == REFUSED)
        return H3_MULTIPART_REFUSED;
    *out_data = H3_VIEW_EMPTY;
    before = rest->length;
    while (result == GO_ON)
        result = rest->length > 0 ? take_step (reader, rest, out_data) : H3_MULTIPART_MORE;
    reader->offset += before - rest->length;
    return result;
}

gboolean
h3_multipart_end (H3Multipart *reader)
{
    g_return_val_if_fail (reader != NULL, FALSE);
    if (reader->state == CLOSED || reader->state == CLOSED_END || reader->state == EPILOGUE)
        return TRUE;
    if (reader->state != REFUSED)
        (void) refuse (reader, 400, "The form ends before its last boundary.");
    return FALSE;
}

const H3MultipartPart *
h3_multipart_get_part (const H3Multipart *reader)
{
    g_return_val_if_fail (reader != NULL, NULL);
    return &reader->head.part;
}

guint64
h3_multipart_get_offset (const H3Multipart *reader)
{
    g_return_val_if_fail (reader != NULL, 0);
    return reader->offset;
}

guint
h3_multipart_get_status (const H3Multipart *reader)
{
    g_return_val_if_fail (reader != NULL, 0);
    return reader->status;
}

const char *
h3_multipart_get_problem (const H3Multipart *reader)
{
    g_return_val_if_fail (reader != NULL, NULL);
    return reader->problem;
}
