/* SPDX-License-Identifier: MIT */

#include "compression.h"

#include <h3/base/error.h>
#include <h3/format/coder.h>
#include <h3/format/mime.h>
#include <h3/format/negotiation.h>
#include <h3/http/coded-answer.h>
#include <h3/http/event-inside.h>

/* br, zstd and gzip, and what is none of them. */
enum { MAX_OFFERS = 4 };

typedef struct {
    const char *offers[MAX_OFFERS]; /* borrowed: static; "identity" is the last */
    Coding codings[MAX_OFFERS];
    int levels[MAX_OFFERS];
    gssize n_offers;
    gsize least_size;
} Compression;

void
h3_compression_options_init (H3CompressionOptions *options)
{
    g_return_if_fail (options != NULL);
    options->codings = "br zstd gzip";
    options->least_size = 1024;
    options->brotli_level = 4;
    options->zstd_level = 3;
    options->gzip_level = 6;
}

/* "identity" where none is liked that is to be had: an answer that was not wanted so tells more
 * than a 406. */
static gssize
choose (const Compression *compression, H3Event *event, gboolean *out_is_forced)
{
    static const char *const identity[] = { "identity" };
    H3View field =
        request_join_field (&event->request, H3_VIEW ("Accept-Encoding"), ", ", event->arena);
    gssize best = h3_negotiate_encoding (field, compression->offers, compression->n_offers);

    *out_is_forced = h3_negotiate_encoding (field, identity, 1) < 0;
    return best >= 0 ? best : compression->n_offers - 1;
}

static gboolean
is_coding (const Compression *compression, gssize offer)
{
    return offer < compression->n_offers - 1;
}

/* RFC 9110 §8.8.1: bytes that differ have no strong tag in common. */
static void
weaken_etag (H3Response *response)
{
    const char *etag = h3_response_get_header (response, "ETag");
    g_autofree char *weak = NULL;

    if (etag == NULL || *etag != '"')
        return;
    weak = g_strconcat ("W/", etag, NULL);
    h3_response_set_header (response, "ETag", weak);
}

static gboolean
forbids_coding (const H3Response *response)
{
    g_autofree char *control = NULL;

    if (response->headers == NULL)
        return FALSE;
    /* A digest of the content would be another one's. */
    if (h3_headers_has (response->headers, "Content-Encoding")
        || h3_headers_has (response->headers, "Content-Digest")
        || h3_headers_has (response->headers, "Content-MD5"))
        return TRUE;
    control = h3_headers_dup_joined (response->headers, "Cache-Control");
    return control != NULL && h3_view_list_has (h3_view_of (control), H3_VIEW ("no-transform"));
}

static gboolean
is_worthwhile (const Compression *compression, const H3Response *response)
{
    const char *type = h3_response_get_content_type (response);

    return type != NULL && h3_mime_is_compressible (type)
           && (response->length < 0 || (guint64) response->length >= compression->least_size);
}

static void
code (H3Event *event, Coding coding, int level)
{
    H3Response *response = &event->response;

    if (!event_code_answer (event, coder_new_encoding (coding, level, 0)))
        return;
    h3_response_set_header (response, "Content-Encoding", coding_get_name (coding));
    h3_response_remove_header (response, "Accept-Ranges");
    weaken_etag (response);
}

/* What is chosen by Accept-Encoding says so, whatever was chosen (RFC 9110 §12.5.5); what could not
 * have been another, small or an image, is for everybody. */
static void
code_answer (H3Event *event, gpointer user_data)
{
    const Compression *compression = user_data;
    H3Response *response = &event->response;
    gboolean is_forced;
    gssize offer = choose (compression, event, &is_forced);

    if (response->status == 304) {
        h3_response_add_vary (response, "Accept-Encoding");
        if (is_coding (compression, offer))
            weaken_etag (response);
        return;
    }
    if (!response_status_has_body (response->status) || response->length == 0
        || forbids_coding (response))
        return;
    if (is_worthwhile (compression, response))
        h3_response_add_vary (response, "Accept-Encoding");
    else if (!is_forced || !is_coding (compression, offer))
        return;
    /* A range is of the bytes that the client has a part of. */
    if (response->status != 206 && is_coding (compression, offer))
        code (event, compression->codings[offer], compression->levels[offer]);
}

static void
compress_event (H3Event *event, gpointer user_data)
{
    h3_event_on_send (event, code_answer, user_data, NULL);
    h3_event_next (event);
}

static void
code_as_told (H3Event *event, gpointer user_data)
{
    H3Response *response = &event->response;

    if (response_status_has_body (response->status) && response->status != 206
        && !forbids_coding (response))
        code (event, (Coding) GPOINTER_TO_INT (user_data), CODER_LEVEL_DEFAULT);
}

gboolean
h3_event_force_coding (H3Event *event, const char *coding)
{
    Coding found;

    g_return_val_if_fail (event != NULL && coding != NULL, FALSE);
    if (!coding_parse (h3_view_of (coding), &found) || !coding_is_supported (found))
        return FALSE;
    h3_event_on_send (event, code_as_told, GINT_TO_POINTER (found), NULL);
    return TRUE;
}

static gboolean
add_offer (Compression *compression, const H3CompressionOptions *options, const char *name,
           GError **error)
{
    gssize place = compression->n_offers;
    int least, most, level;
    Coding coding;

    if (!coding_parse (h3_view_of (name), &coding) || coding == CODING_DEFLATE) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "compression knows br, zstd and gzip, not '%s'", name);
        return FALSE;
    }
    for (gssize i = 0; i < place; i++) {
        if (compression->codings[i] == coding) {
            g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "compression has '%s' twice", name);
            return FALSE;
        }
    }
    level = coding == CODING_BROTLI ? options->brotli_level
            : coding == CODING_ZSTD ? options->zstd_level
                                    : options->gzip_level;
    coding_get_levels (coding, &least, &most);
    if (level < least || level > most) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the level of %s is %d to %d, not %d",
                     coding_get_name (coding), least, most, level);
        return FALSE;
    }
    if (!coding_is_supported (coding))
        return TRUE;
    compression->offers[place] = coding_get_name (coding);
    compression->codings[place] = coding;
    compression->levels[place] = level;
    compression->n_offers++;
    return TRUE;
}

H3Middleware *
h3_compression_new_full (const H3CompressionOptions *options, GError **error)
{
    g_autofree Compression *compression = g_new0 (Compression, 1);
    g_auto (GStrv) names = NULL;
    H3Middleware *middleware;

    g_return_val_if_fail (options != NULL && options->codings != NULL, NULL);
    compression->least_size = options->least_size;
    names = g_strsplit (options->codings, " ", -1);
    for (char **name = names; *name != NULL; name++) {
        if (**name != '\0' && !add_offer (compression, options, *name, error))
            return NULL;
    }
    if (compression->n_offers == 0) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                             "compression has no codings, or none that the library was built with");
        return NULL;
    }
    compression->offers[compression->n_offers++] = "identity";
    middleware = h3_middleware_new (compress_event, g_steal_pointer (&compression), g_free);
    h3_middleware_set_early (middleware, TRUE);
    return middleware;
}

H3Middleware *
h3_compression_new (void)
{
    H3CompressionOptions options;

    h3_compression_options_init (&options);
    return h3_compression_new_full (&options, NULL);
}
