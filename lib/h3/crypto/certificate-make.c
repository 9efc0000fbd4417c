/* SPDX-License-Identifier: MIT */

#include "certificate-private.h"

#include "key-private.h"
#include "library-error.h"

#include <h3/loop/clock.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#define MAX_DAYS        36500
#define EARLIER_SECONDS 3600

/* What a common name may have (RFC 5280, ub-common-name). */
#define MAX_COMMON_NAME 64

#define SERIAL_LENGTH 16

typedef struct {
    H3Key *key;               /* borrowed: what is certified */
    H3Certificate *issuer;    /* borrowed; NULL: itself */
    H3Key *issuer_key;        /* borrowed */
    const char *common_name;  /* borrowed */
    const char *const *names; /* borrowed; NULL: an authority */
    guint days;
} Wish;

static gboolean
refuse (GError **error, const char *format, const char *what)
{
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "%s %s", what, format);
    return FALSE;
}

/* Positive and of one length: of its bits 126 are random. */
static gboolean
set_serial (X509 *x509, guint8 *bytes)
{
    BIGNUM *number;
    gboolean done;

    bytes[0] = (bytes[0] & 0x7f) | 0x40;
    number = BN_bin2bn (bytes, SERIAL_LENGTH, NULL);
    done = number != NULL && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (x509)) != NULL;
    BN_free (number);
    return done;
}

static gboolean
set_subject (X509 *x509, const char *common_name)
{
    return strlen (common_name) > MAX_COMMON_NAME
           || X509_NAME_add_entry_by_txt (X509_get_subject_name (x509), "CN", MBSTRING_UTF8,
                                          (const guint8 *) common_name, -1, -1, 0)
                  == 1;
}

/* (transfer full) (nullable): one alternative name. */
static GENERAL_NAME *
new_name (const char *text)
{
    guint8 address[16];
    guint length = certificate_read_address (text, address);
    int type = length > 0 ? GEN_IPADD : strchr (text, '@') != NULL ? GEN_EMAIL : GEN_DNS;
    GENERAL_NAME *name = GENERAL_NAME_new ();
    ASN1_STRING *value =
        ASN1_STRING_type_new (type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    gboolean done = name != NULL && value != NULL
                    && ASN1_STRING_set (value, length > 0 ? (const void *) address : text,
                                        length > 0 ? (int) length : (int) strlen (text))
                           == 1;

    if (done) {
        GENERAL_NAME_set0_value (name, type, value);
        return name;
    }
    ASN1_STRING_free (value);
    GENERAL_NAME_free (name);
    return NULL;
}

static gboolean
is_name (const char *text)
{
    const char *at = strchr (text, '@');
    guint8 address[16];

    for (const char *c = text; *c != '\0'; c++)
        if (!g_ascii_isgraph (*c))
            return FALSE;
    return certificate_read_address (text, address) > 0
           || (at != NULL ? at > text && certificate_is_host_name (at + 1, FALSE)
                          : certificate_is_host_name (text, TRUE));
}

static gboolean
add_names (X509 *x509, const char *const *names)
{
    GENERAL_NAMES *list = sk_GENERAL_NAME_new_null ();
    gboolean done = list != NULL;

    for (guint i = 0; done && names[i] != NULL; i++) {
        GENERAL_NAME *name = new_name (names[i]);

        done = name != NULL && sk_GENERAL_NAME_push (list, name) > 0;
        if (!done)
            GENERAL_NAME_free (name);
    }
    /* Where there is no subject these are all that is certified (RFC 5280 §4.2.1.6). */
    done = done
           && X509_add1_ext_i2d (x509, NID_subject_alt_name, list,
                                 X509_NAME_entry_count (X509_get_subject_name (x509)) == 0,
                                 X509V3_ADD_DEFAULT)
                  == 1;
    GENERAL_NAMES_free (list);
    return done;
}

static gboolean
add_extension (X509 *x509, X509V3_CTX *context, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, context, nid, value);
    gboolean done = extension != NULL && X509_add_ext (x509, extension, -1) == 1;

    X509_EXTENSION_free (extension);
    return done;
}

static gboolean
add_extensions (X509 *x509, const Wish *wish)
{
    gboolean is_authority = wish->names == NULL;
    X509V3_CTX context;

    X509V3_set_ctx_nodb (&context);
    X509V3_set_ctx (&context, wish->issuer != NULL ? wish->issuer->x509 : x509, x509, NULL, NULL,
                    0);
    return add_extension (x509, &context, NID_basic_constraints,
                          is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE")
           && add_extension (x509, &context, NID_key_usage,
                             is_authority                    ? "critical,keyCertSign,cRLSign"
                             : wish->key->kind == H3_KEY_RSA ? "critical,digitalSignature,"
                                                               "keyEncipherment"
                                                             : "critical,digitalSignature")
           && (is_authority
               || add_extension (x509, &context, NID_ext_key_usage, "serverAuth,clientAuth"))
           && add_extension (x509, &context, NID_subject_key_identifier, "hash")
           && add_extension (x509, &context, NID_authority_key_identifier, "keyid:always")
           && (is_authority || add_names (x509, wish->names));
}

/* Ed25519 has its own digest. */
static const EVP_MD *
get_digest (const H3Key *key)
{
    return key->kind == H3_KEY_ED25519 ? NULL
           : key->kind == H3_KEY_P384  ? EVP_sha384 ()
           : key->kind == H3_KEY_P521  ? EVP_sha512 ()
                                       : EVP_sha256 ();
}

static gboolean
fill (X509 *x509, const Wish *wish, guint8 *serial)
{
    time_t now = (time_t) clock_get_real_seconds ();
    const X509_NAME *issuer =
        X509_get_subject_name (wish->issuer != NULL ? wish->issuer->x509 : x509);

    return X509_set_version (x509, X509_VERSION_3) == 1 && set_serial (x509, serial)
           && ASN1_TIME_adj (X509_getm_notBefore (x509), now, 0, -EARLIER_SECONDS) != NULL
           && ASN1_TIME_adj (X509_getm_notAfter (x509), now, (int) wish->days, 0) != NULL
           && X509_set_pubkey (x509, wish->key->pkey) == 1 && set_subject (x509, wish->common_name)
           && X509_set_issuer_name (x509, issuer) == 1 && add_extensions (x509, wish)
           && X509_sign (x509, wish->issuer_key->pkey, get_digest (wish->issuer_key)) > 0;
}

static gboolean
can_be (const Wish *wish, GError **error)
{
    if (wish->key->pkey == NULL || !wish->issuer_key->is_private || wish->issuer_key->pkey == NULL)
        return refuse (error, "is needed to sign a certificate", "a private key");
    if (wish->days == 0 || wish->days > MAX_DAYS)
        return refuse (error, "for a certificate", "there are 1 to 36500 days");
    for (guint i = 0; wish->names != NULL && wish->names[i] != NULL; i++)
        if (!is_name (wish->names[i]))
            return refuse (error, "is no host's name, address or mailbox", wish->names[i]);
    if (wish->issuer == NULL)
        return TRUE;
    if (!h3_certificate_is_authority (wish->issuer))
        return refuse (error, "vouches for nobody: it is no authority", wish->issuer->subject);
    return h3_certificate_is_for_key (wish->issuer, wish->issuer_key)
           || refuse (error, "has another key than this one", wish->issuer->subject);
}

static H3Certificate *
make (const Wish *wish, GError **error)
{
    H3Certificate *certificate = NULL;
    guint8 serial[SERIAL_LENGTH];
    X509 *x509;

    if (!can_be (wish, error) || !h3_digest_fill_random (serial, sizeof serial, error))
        return NULL;
    x509 = X509_new ();
    if (x509 != NULL && fill (x509, wish, serial))
        certificate = certificate_new (x509, error);
    else
        library_error_set (error, H3_ERROR_FAILED, "the certificate cannot be made");
    X509_free (x509);
    return certificate;
}

H3Certificate *
h3_certificate_new_self_signed (H3Key *key, const char *const *names, guint days, GError **error)
{
    g_return_val_if_fail (key != NULL && names != NULL && names[0] != NULL, NULL);
    return make (&(Wish){ key, NULL, key, names[0], names, days }, error);
}

H3Certificate *
h3_certificate_new_authority (H3Key *key, const char *name, guint days, GError **error)
{
    g_return_val_if_fail (key != NULL && name != NULL && *name != '\0', NULL);
    if (g_utf8_strlen (name, -1) > MAX_COMMON_NAME || !g_utf8_validate (name, -1, NULL)) {
        (void) refuse (error, "is too long for a name, or no text", "the authority's");
        return NULL;
    }
    return make (&(Wish){ key, NULL, key, name, NULL, days }, error);
}

H3Certificate *
h3_certificate_issue (H3Certificate *authority, H3Key *authority_key, H3Key *key,
                      const char *const *names, guint days, GError **error)
{
    g_return_val_if_fail (authority != NULL && authority_key != NULL && key != NULL, NULL);
    g_return_val_if_fail (names != NULL && names[0] != NULL, NULL);
    return make (&(Wish){ key, authority, authority_key, names[0], names, days }, error);
}
