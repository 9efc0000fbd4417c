/* SPDX-License-Identifier: MIT */

#include "certificate-private.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#define MAX_HOST_NAME 253
#define MAX_LABEL     63

/* Of the subject nothing is compared, and a "*" is a whole label (RFC 9525 §6.3). */
#define FLAGS (X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)

static gboolean
is_label (const char *label, gsize length)
{
    if (length == 0 || length > MAX_LABEL || label[0] == '-' || label[length - 1] == '-')
        return FALSE;
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalnum (label[i]) && label[i] != '-' && label[i] != '_')
            return FALSE;
    return TRUE;
}

gboolean
certificate_is_host_name (const char *name, gboolean may_be_wild)
{
    if (strlen (name) > MAX_HOST_NAME)
        return FALSE;
    if (may_be_wild && g_str_has_prefix (name, "*."))
        name += 2;
    for (;;) {
        gsize length = strcspn (name, ".");

        if (!is_label (name, length))
            return FALSE;
        if (name[length] == '\0')
            return TRUE;
        name += length + 1;
    }
}

guint
certificate_read_address (const char *text, guint8 *out)
{
    if (inet_pton (AF_INET, text, out) == 1)
        return 4;
    return inet_pton (AF_INET6, text, out) == 1 ? 16 : 0;
}

/* A text with a NUL in it would be read as less than was certified. */
static void
add_text (GPtrArray *list, const ASN1_IA5STRING *text)
{
    const char *data = (const char *) ASN1_STRING_get0_data (text);
    gsize length = (gsize) ASN1_STRING_length (text);

    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isgraph (data[i]))
            return;
    if (length > 0)
        g_ptr_array_add (list, g_strndup (data, length));
}

static void
add_address (GPtrArray *list, const ASN1_OCTET_STRING *bytes)
{
    int length = ASN1_STRING_length (bytes);
    char text[INET6_ADDRSTRLEN];

    if ((length == 4 || length == 16)
        && inet_ntop (length == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data (bytes), text,
                      sizeof text)
               != NULL)
        g_ptr_array_add (list, g_strdup (text));
}

static char **
take_list (GPtrArray *list)
{
    g_ptr_array_add (list, NULL);
    return (char **) g_ptr_array_free (list, FALSE);
}

void
certificate_read_names (H3Certificate *certificate)
{
    GENERAL_NAMES *names = X509_get_ext_d2i (certificate->x509, NID_subject_alt_name, NULL, NULL);
    GPtrArray *host_names = g_ptr_array_new ();
    GPtrArray *addresses = g_ptr_array_new ();
    GPtrArray *emails = g_ptr_array_new ();

    for (int i = 0; i < sk_GENERAL_NAME_num (names); i++) {
        int type;
        const void *value = GENERAL_NAME_get0_value (sk_GENERAL_NAME_value (names, i), &type);

        if (type == GEN_DNS)
            add_text (host_names, value);
        else if (type == GEN_IPADD)
            add_address (addresses, value);
        else if (type == GEN_EMAIL)
            add_text (emails, value);
    }
    GENERAL_NAMES_free (names);
    certificate->host_names = take_list (host_names);
    certificate->addresses = take_list (addresses);
    certificate->emails = take_list (emails);
}

const char *
h3_certificate_get_subject (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, NULL);
    return certificate->subject;
}

const char *
h3_certificate_get_issuer (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, NULL);
    return certificate->issuer;
}

const char *
h3_certificate_get_serial (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, NULL);
    return certificate->serial;
}

gint64
h3_certificate_get_not_before (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, 0);
    return certificate->not_before;
}

gint64
h3_certificate_get_not_after (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, 0);
    return certificate->not_after;
}

const char *
h3_certificate_get_fingerprint (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, NULL);
    return certificate->fingerprint;
}

gboolean
h3_certificate_is_authority (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, FALSE);
    return (X509_get_extension_flags (certificate->x509) & EXFLAG_CA) != 0;
}

const char *const *
h3_certificate_get_host_names (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, NULL);
    return (const char *const *) certificate->host_names;
}

const char *const *
h3_certificate_get_addresses (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, NULL);
    return (const char *const *) certificate->addresses;
}

const char *const *
h3_certificate_get_emails (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, NULL);
    return (const char *const *) certificate->emails;
}

/* (transfer full): without the brackets of an address, and without the dot at a name's end. */
static char *
dup_bare (const char *host)
{
    gsize length = strlen (host);

    if (length > 2 && host[0] == '[' && host[length - 1] == ']')
        return g_strndup (host + 1, length - 2);
    return g_strndup (host, length > 1 && host[length - 1] == '.' ? length - 1 : length);
}

gboolean
h3_certificate_is_for_host (H3Certificate *certificate, const char *host)
{
    g_autofree char *bare = NULL;
    guint8 address[16];
    guint length;
    int found = 0;

    g_return_val_if_fail (certificate != NULL && host != NULL, FALSE);
    bare = dup_bare (host);
    length = certificate_read_address (bare, address);
    if (length > 0)
        found = X509_check_ip (certificate->x509, address, length, FLAGS);
    else if (certificate_is_host_name (bare, FALSE))
        found = X509_check_host (certificate->x509, bare, strlen (bare), FLAGS, NULL);
    ERR_clear_error ();
    return found == 1;
}

gboolean
h3_certificate_is_for_email (H3Certificate *certificate, const char *email)
{
    gboolean found;

    g_return_val_if_fail (certificate != NULL && email != NULL, FALSE);
    if (strchr (email, '@') == NULL)
        return FALSE;
    found = X509_check_email (certificate->x509, email, strlen (email), FLAGS) == 1;
    ERR_clear_error ();
    return found;
}
