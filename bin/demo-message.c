/* SPDX-License-Identifier: MIT
 *
 * What stands before an answer and behind it: 100, 103, trailers. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>
#include <string.h>

#define MAX_MILLISECONDS 50000

static const char digest_field[] = "Content-Digest";

/* (transfer full): as RFC 9530 writes it. */
static char *
dup_digest (GChecksum *sum)
{
    guint8 bytes[32];
    gsize length = sizeof bytes;
    g_autofree char *text = NULL;

    g_checksum_get_digest (sum, bytes, &length);
    text = g_base64_encode (bytes, length);
    return g_strconcat ("sha-256=:", text, ":", NULL);
}

static void
send_page (H3Event *event, gpointer user_data)
{
    h3_event_send_html (
        event, "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width\"><title>Early hints</title>\n"
               "<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;"
               "max-width:40rem;margin:2rem auto;padding:0 1rem}</style></head>\n"
               "<body><p>The page. What was hinted at:</p>\n"
               "<p><img src=\"/image/svg\" alt=\"A ferry\"> <img src=\"/image/png\" "
               "alt=\"The same ferry\"></p>\n</body>\n</html>\n");
}

static void
hint (H3Event *event, const char *link)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();

    (void) h3_headers_add (headers, "Link", link);
    h3_event_send_early_hints (event, headers);
}

static void
hint_page (H3Event *event, gpointer user_data)
{
    gint64 milliseconds = demo_read_number (event, "ms", MAX_MILLISECONDS);

    if (milliseconds < 0)
        return;
    hint (event, "</image/svg>; rel=preload; as=image");
    hint (event, "</image/png>; rel=preload; as=image");
    h3_event_after (event, (guint) milliseconds, send_page, NULL, NULL);
}

/* Whether the digest that the client has put behind its body is right. */
static const char *
judge (H3Event *event, const char *digest)
{
    const char *theirs = h3_request_get_trailer (h3_event_get_request (event), digest_field);

    if (theirs == NULL)
        return "none";
    return strcmp (theirs, digest) == 0 ? "right" : "wrong";
}

static void
end_echo (H3Event *event, GChecksum *sum)
{
    g_autofree char *digest = dup_digest (sum);

    (void) h3_event_set_trailer (event, digest_field, digest);
    (void) h3_event_set_trailer (event, "X-Request-Digest", judge (event, digest));
    h3_event_finish (event);
}

static void
resume (H3Event *event, gpointer user_data)
{
    h3_event_resume_body (event);
}

static void
echo_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    GChecksum *sum = user_data;

    if (error != NULL)
        return;
    if (data == NULL) {
        end_echo (event, sum);
        return;
    }
    g_checksum_update (sum, (const guchar *) data, (gssize) length);
    if (!h3_event_write (event, data, length)) {
        h3_event_pause_body (event);
        h3_event_on_drain (event, resume, NULL, NULL);
    }
}

static void
echo_with_digest (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "application/octet-stream");
    (void) h3_event_declare_trailer (event, digest_field);
    (void) h3_event_declare_trailer (event, "X-Request-Digest");
    h3_event_read_body (event, echo_piece, g_checksum_new (G_CHECKSUM_SHA256),
                        (GDestroyNotify) g_checksum_free);
    h3_event_start_stream (event, -1);
}

typedef struct {
    GChecksum *sum; /* owned */
    gint64 length;
    gint64 most; /* 0: any */
} Upload;

static void
free_upload (gpointer data)
{
    Upload *upload = data;

    g_checksum_free (upload->sum);
    g_free (upload);
}

static void
refuse_upload (H3Event *event)
{
    h3_event_fail_status (event, 413, "The body is longer than max says.");
}

static void
take_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    Upload *upload = user_data;

    if (error != NULL)
        return;
    if (data != NULL) {
        g_checksum_update (upload->sum, (const guchar *) data, (gssize) length);
        upload->length += (gint64) length;
        if (upload->most > 0 && upload->length > upload->most)
            refuse_upload (event);
        return;
    }
    h3_event_send_json (event, json_pack ("{s:I,s:s}", "length", (json_int_t) upload->length,
                                          "sha256", g_checksum_get_string (upload->sum)));
}

/* What is refused here is never sent by a client that asked for 100 Continue. */
static void
take_upload (H3Event *event, gpointer user_data)
{
    gint64 length = h3_request_get_content_length (h3_event_get_request (event));
    gint64 most = demo_read_number (event, "max", G_MAXINT64);
    Upload *upload;

    if (most < 0)
        return;
    if (most > 0 && length > most) {
        refuse_upload (event);
        return;
    }
    upload = g_new0 (Upload, 1);
    upload->most = most;
    upload->sum = g_checksum_new (G_CHECKSUM_SHA256);
    h3_event_read_body (event, take_piece, upload, free_upload);
}

void
demo_add_message (H3App *app)
{
    demo_add (app, "GET", "/early-hints", hint_page, NULL,
              "103 with links, twice, then the page, ?ms= milliseconds later");
    h3_route_set_body (demo_add (app, "POST", "/trailers", echo_with_digest, NULL,
                                 "The body, streamed back, with its digest as a trailer"),
                       H3_BODY_STREAMED, 0);
    h3_route_set_body (demo_add (app, "PUT", "/digest", take_upload, NULL,
                                 "Length and digest of a body of any size; 413 above ?max="),
                       H3_BODY_STREAMED, 0);
}
