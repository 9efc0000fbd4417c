/* SPDX-License-Identifier: MIT
 *
 * Certificates, in DER or PEM: what is read is described, and written as it was. Else lines: names,
 * of which a certificate is made, and at last a host, which it is for or not, as a plain reading of
 * RFC 9525 says. */

#include "fuzz.h"
#include "h3/base/error.h"
#include "h3/crypto/certificate.h"

#include <arpa/inet.h>
#include <openssl/err.h>

static void
judge_read (H3Certificate *certificate)
{
    g_autoptr (GBytes) der = h3_certificate_to_der (certificate);
    g_autoptr (H3Certificate) again = h3_certificate_new_from_der (der, NULL);
    g_autoptr (GPtrArray) roots = g_ptr_array_new ();
    g_autoptr (H3Key) key = h3_certificate_dup_key (certificate, NULL);

    FUZZ_ASSERT (g_utf8_validate (h3_certificate_get_subject (certificate), -1, NULL)
                     && g_utf8_validate (h3_certificate_get_issuer (certificate), -1, NULL),
                 "a name is no UTF-8");
    FUZZ_ASSERT (again != NULL
                     && g_str_equal (h3_certificate_get_fingerprint (certificate),
                                     h3_certificate_get_fingerprint (again)),
                 "another certificate");
    FUZZ_ASSERT (key == NULL || h3_certificate_is_for_key (certificate, key), "its own key");
    for (const char *const *name = h3_certificate_get_addresses (certificate); *name != NULL;
         name++)
        FUZZ_ASSERT (h3_certificate_is_for_host (certificate, *name), "%s", *name);
    FUZZ_ASSERT (!h3_certificate_verify (certificate, NULL, roots, H3_CERTIFICATE_FOR_SERVER,
                                         h3_certificate_get_not_before (certificate), NULL),
                 "nobody vouches for it");
    g_ptr_array_add (roots, certificate);
    (void) h3_certificate_verify (certificate, roots, roots, H3_CERTIFICATE_FOR_CLIENT,
                                  h3_certificate_get_not_before (certificate), NULL);
}

/* Letters, digits, "-" and "_" in labels of 1 to 63 that begin and end with none of "-". */
static gboolean
is_name (const char *name)
{
    static GRegex *labels; /* for all inputs */

    if (labels == NULL)
        labels = g_regex_new ("\\A(?!-)[a-z0-9_-]{1,63}(?<!-)(\\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\\z",
                              G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
    return strlen (name) <= 253 && g_regex_match (labels, name, 0, NULL);
}

static gboolean
read_address (const char *text, guint8 *out, gsize *out_length)
{
    *out_length = inet_pton (AF_INET, text, out) == 1    ? 4
                  : inet_pton (AF_INET6, text, out) == 1 ? 16
                                                         : 0;
    return *out_length > 0;
}

/* Whether `certified` is `host`, which is a name or an address. A "*" needs two labels behind it,
 * and stands for letters, digits and "-" (OpenSSL's wildcard_match ()). */
static gboolean
is_match (const char *certified, const char *host)
{
    const char *rest = strchr (host, '.');
    guint8 a[16], b[16];
    gsize a_length, b_length;

    if (read_address (host, a, &a_length))
        return read_address (certified, b, &b_length) && a_length == b_length
               && memcmp (a, b, a_length) == 0;
    if (read_address (certified, b, &b_length) || strchr (certified, '@') != NULL)
        return FALSE;
    if (g_str_has_prefix (certified, "*."))
        return rest != NULL && memchr (host, '_', (gsize) (rest - host)) == NULL
               && strchr (certified + 2, '.') != NULL
               && g_ascii_strcasecmp (certified + 1, rest) == 0;
    return g_ascii_strcasecmp (certified, host) == 0;
}

static gboolean
is_certified (const char *const *names, const char *host)
{
    gsize length = strlen (host);
    gboolean is_bracketed = length > 2 && host[0] == '[' && host[length - 1] == ']';
    g_autofree char *bare =
        is_bracketed
            ? g_strndup (host + 1, length - 2)
            : g_strndup (host, length > 1 && host[length - 1] == '.' ? length - 1 : length);
    guint8 address[16];
    gsize address_length;

    if (!is_name (bare) && !read_address (bare, address, &address_length))
        return FALSE;
    for (; *names != NULL; names++)
        if (is_match (*names, bare))
            return TRUE;
    return FALSE;
}

static void
judge_names (char **lines, guint n_lines)
{
    static H3Key *key; /* for all inputs */
    g_autoptr (H3Certificate) certificate = NULL;
    g_autofree char *host = lines[n_lines - 1];

    lines[n_lines - 1] = NULL;
    if (key == NULL)
        key = h3_key_generate (H3_KEY_P256, 0, NULL);
    if (lines[0] == NULL)
        return;
    certificate = h3_certificate_new_self_signed (key, (const char *const *) lines, 1, NULL);
    if (certificate != NULL)
        FUZZ_ASSERT (h3_certificate_is_for_host (certificate, host)
                         == is_certified ((const char *const *) lines, host),
                     "'%s'", host);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *text = h3_view_dup (h3_view ((const char *) data, size));
    g_autoptr (GBytes) bytes = g_bytes_new (data, size);
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) list = h3_certificate_list_from_pem (text, &error);
    g_autoptr (H3Certificate) certificate = h3_certificate_new_from_der (bytes, NULL);
    g_auto (GStrv) lines = g_strsplit (text, "\n", 12);

    FUZZ_ASSERT ((list == NULL) == (error != NULL), "certificates and an error, or none");
    for (guint i = 0; list != NULL && i < list->len; i++)
        judge_read (list->pdata[i]);
    if (certificate != NULL)
        judge_read (certificate);
    else if (list == NULL && lines[0] != NULL)
        judge_names (lines, g_strv_length (lines));
    FUZZ_ASSERT (ERR_peek_error () == 0, "an error is left in OpenSSL's queue");
    return 0;
}
