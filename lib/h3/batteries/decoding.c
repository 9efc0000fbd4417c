/* SPDX-License-Identifier: MIT */

#include "decoding.h"

#include <h3/base/error.h>
#include <h3/format/coder.h>
#include <h3/http/coded-request.h>
#include <h3/http/event-inside.h>
#include <h3/http/failure.h>

typedef struct {
    guint32 taken;  /* bit n: the coding n */
    char *accepted; /* owned: Accept-Encoding of a 415 */
    guint max_ratio;
} Decoding;

static void
free_decoding (gpointer data)
{
    Decoding *decoding = data;

    g_free (decoding->accepted);
    g_free (decoding);
}

void
h3_decoding_options_init (H3DecodingOptions *options)
{
    g_return_if_fail (options != NULL);
    options->codings = "gzip deflate br zstd";
    options->max_ratio = 200;
}

/* The one coding of a body. FALSE where there are several, or one that is not taken; none at all is
 * TRUE with `*out_is_coded` FALSE. */
static gboolean
find_coding (const Decoding *decoding, H3View field, Coding *out_coding, gboolean *out_is_coded)
{
    H3View part;

    *out_is_coded = FALSE;
    while (field.data != NULL && h3_view_split (&field, ',', &part)) {
        part = h3_view_trim (part);
        if (part.length == 0 || h3_view_equal_ignore_case (part, H3_VIEW ("identity")))
            continue;
        if (*out_is_coded || !coding_parse (part, out_coding)
            || (decoding->taken & 1u << *out_coding) == 0)
            return FALSE;
        *out_is_coded = TRUE;
    }
    return TRUE;
}

static void
refuse (const Decoding *decoding, H3Event *event)
{
    h3_response_set_header_always (&event->response, "Accept-Encoding", decoding->accepted);
    h3_event_fail_status (event, 415, "This content coding is not taken here.");
}

static void
decode_event (H3Event *event, gpointer user_data)
{
    const Decoding *decoding = user_data;
    H3View field = { NULL, 0 };
    gboolean is_coded;
    Coding coding;
    Coder *coder;

    if (event->request.has_body && event->wish != H3_BODY_NONE)
        field =
            request_join_field (&event->request, H3_VIEW ("Content-Encoding"), ", ", event->arena);
    if (!find_coding (decoding, field, &coding, &is_coded)) {
        refuse (decoding, event);
    } else if (is_coded) {
        coder = coder_new_decoding (coding, 0);
        coder_set_bounds (coder, event->body_bound, decoding->max_ratio);
        event_decode_body (event, coder);
    } else {
        h3_event_next (event);
    }
}

H3Middleware *
h3_decoding_new_full (const H3DecodingOptions *options, GError **error)
{
    Decoding *decoding;
    g_autoptr (GString) accepted = g_string_new (NULL);
    g_auto (GStrv) names = NULL;
    guint32 taken = 0;

    g_return_val_if_fail (options != NULL && options->codings != NULL, NULL);
    names = g_strsplit (options->codings, " ", -1);
    for (char **name = names; *name != NULL; name++) {
        Coding coding;

        if (**name == '\0')
            continue;
        if (!coding_parse (h3_view_of (*name), &coding)) {
            g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                         "decoding knows gzip, deflate, br and zstd, not '%s'", *name);
            return NULL;
        }
        if (!coding_is_supported (coding))
            continue;
        if ((taken & 1u << coding) == 0)
            g_string_append_printf (accepted, "%s%s", accepted->len > 0 ? ", " : "",
                                    coding_get_name (coding));
        taken |= 1u << coding;
    }
    decoding = g_new0 (Decoding, 1);
    decoding->taken = taken;
    decoding->max_ratio = options->max_ratio;
    decoding->accepted = g_strdup (accepted->len > 0 ? accepted->str : "identity");
    return h3_middleware_new (decode_event, decoding, free_decoding);
}

H3Middleware *
h3_decoding_new (void)
{
    H3DecodingOptions options;

    h3_decoding_options_init (&options);
    return h3_decoding_new_full (&options, NULL);
}
