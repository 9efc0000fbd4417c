/* SPDX-License-Identifier: MIT */

#include "credentials.h"

#include <h3/base/view-scan.h>
#include <h3/crypto/base64.h>
#include <h3/http/event-inside.h>

typedef enum { TAKEN, NONE_LEFT, BAD } Taking;

/* What stands up to the closing quote, which is taken too (RFC 9110 §5.6.4). */
static gboolean
take_quoted (H3View *rest, H3View *out_value)
{
    gsize n = 0;

    while (n < rest->length && rest->data[n] != '"') {
        if (rest->data[n] == '\\')
            n++;
        if (n == rest->length || !character_is (rest->data[n], CHARACTER_TEXT))
            return FALSE;
        n++;
    }
    if (n == rest->length)
        return FALSE;
    *out_value = h3_view (rest->data, n);
    view_skip (rest, n + 1);
    return TRUE;
}

static gboolean
take_value (H3View *rest, H3CredentialsParameter *parameter)
{
    parameter->is_quoted = view_take (rest, '"');
    if (parameter->is_quoted)
        return take_quoted (rest, &parameter->value);
    parameter->value = view_take_token (rest);
    return parameter->value.length > 0;
}

/* Parameters stand between commas; a list may have empty places (RFC 9110 §5.6.1.2). */
static Taking
take_parameter (H3View *rest, H3CredentialsParameter *out_parameter)
{
    H3View text = *rest;

    view_skip_blanks (&text);
    while (view_take (&text, ','))
        view_skip_blanks (&text);
    if (text.length == 0)
        return NONE_LEFT;
    out_parameter->name = view_take_token (&text);
    view_skip_blanks (&text);
    if (out_parameter->name.length == 0 || !view_take (&text, '='))
        return BAD;
    view_skip_blanks (&text);
    if (!take_value (&text, out_parameter))
        return BAD;
    view_skip_blanks (&text);
    if (text.length > 0 && *text.data != ',')
        return BAD;
    *rest = text;
    return TAKEN;
}

static gboolean
are_parameters (H3View rest)
{
    H3View names[H3_CREDENTIALS_MAX_PARAMETERS];
    H3CredentialsParameter one;
    gsize n = 0;
    Taking taking;

    while ((taking = take_parameter (&rest, &one)) == TAKEN) {
        if (n == G_N_ELEMENTS (names))
            return FALSE;
        for (gsize i = 0; i < n; i++)
            if (h3_view_equal_ignore_case (names[i], one.name))
                return FALSE;
        names[n++] = one.name;
    }
    return taking == NONE_LEFT;
}

/* token68: letters, digits and six marks, then any number of '='. */
static gboolean
is_token68 (H3View text)
{
    gsize n = 0;

    while (n < text.length
           && (g_ascii_isalnum (text.data[n])
               || memchr ("-._~+/", text.data[n], sizeof "-._~+/" - 1) != NULL))
        n++;
    if (n == 0)
        return FALSE;
    while (n < text.length && text.data[n] == '=')
        n++;
    return n == text.length;
}

gboolean
h3_credentials_parse (H3View text, H3Credentials *out_credentials)
{
    H3View rest = h3_view_trim (text);

    g_return_val_if_fail (out_credentials != NULL, FALSE);
    out_credentials->token = h3_view (NULL, 0);
    out_credentials->parameters = H3_VIEW_EMPTY;
    if (text.length > H3_CREDENTIALS_MAX_LENGTH)
        return FALSE;
    out_credentials->scheme = view_take_token (&rest);
    if (out_credentials->scheme.length == 0)
        return FALSE;
    if (rest.length == 0)
        return TRUE;
    if (*rest.data != ' ')
        return FALSE;
    while (view_take (&rest, ' '))
        continue;
    if (is_token68 (rest)) {
        out_credentials->token = rest;
        return TRUE;
    }
    out_credentials->parameters = rest;
    return are_parameters (rest);
}

gboolean
h3_credentials_is (const H3Credentials *credentials, const char *scheme)
{
    g_return_val_if_fail (credentials != NULL && scheme != NULL, FALSE);
    return h3_view_equal_ignore_case (credentials->scheme, h3_view_of (scheme));
}

gboolean
h3_credentials_next (H3View *rest, H3CredentialsParameter *out_parameter)
{
    g_return_val_if_fail (rest != NULL && out_parameter != NULL, FALSE);
    return take_parameter (rest, out_parameter) == TAKEN;
}

static const char *
unquote (H3View value, H3Arena *arena)
{
    char *text = h3_arena_alloc (arena, value.length + 1);
    gsize n = 0;

    for (gsize i = 0; i < value.length; i++) {
        if (value.data[i] == '\\')
            i++;
        text[n++] = value.data[i];
    }
    text[n] = '\0';
    return text;
}

const char *
h3_credentials_get (const H3Credentials *credentials, const char *name, H3Arena *arena)
{
    H3CredentialsParameter one;
    H3View rest;

    g_return_val_if_fail (credentials != NULL && name != NULL && arena != NULL, NULL);
    rest = credentials->parameters;
    while (h3_credentials_next (&rest, &one)) {
        if (!h3_view_equal_ignore_case (one.name, h3_view_of (name)))
            continue;
        return one.is_quoted ? unquote (one.value, arena) : h3_arena_dup_view (arena, one.value);
    }
    return NULL;
}

H3CredentialsResult
h3_event_read_credentials (H3Event *event, H3Credentials *out_credentials)
{
    H3View field;

    g_return_val_if_fail (event != NULL && out_credentials != NULL, H3_CREDENTIALS_MALFORMED);
    /* Of two fields somebody in front might have checked the other: the line end between them is
     * nothing that credentials may have. */
    field = request_join_field (&event->request, H3_VIEW ("Authorization"), "\n", event->arena);
    if (field.data == NULL)
        return H3_CREDENTIALS_ABSENT;
    field.data = h3_arena_dup_view (event->arena, field);
    return h3_credentials_parse (field, out_credentials) ? H3_CREDENTIALS_READ
                                                         : H3_CREDENTIALS_MALFORMED;
}

/* A token of the scheme, which has no parameters. */
static H3CredentialsResult
read_token (H3Event *event, const char *scheme, H3View *out_token)
{
    H3Credentials credentials;
    H3CredentialsResult result = h3_event_read_credentials (event, &credentials);

    if (result != H3_CREDENTIALS_READ)
        return result;
    if (!h3_credentials_is (&credentials, scheme))
        return H3_CREDENTIALS_OTHER;
    *out_token = credentials.token;
    return credentials.token.data != NULL ? H3_CREDENTIALS_READ : H3_CREDENTIALS_MALFORMED;
}

/* RFC 7617 §2: no controls. A password in another coding than UTF-8 would be another password. */
static gboolean
is_text (H3View text)
{
    for (gsize i = 0; i < text.length; i++)
        if (g_ascii_iscntrl (text.data[i]))
            return FALSE;
    return g_utf8_validate_len (text.data, text.length, NULL);
}

gboolean
h3_credentials_decode_basic (H3View token, char *out, H3View *out_user, H3View *out_password)
{
    H3View both = { out, 0 };
    gssize colon;

    g_return_val_if_fail (out != NULL && out_user != NULL && out_password != NULL, FALSE);
    if (token.length == 0 || !h3_base64_decode (token, H3_BASE64_STANDARD, out, &both.length))
        return FALSE;
    colon = h3_view_find (both, ':');
    if (colon < 0 || !is_text (both))
        return FALSE;
    *out_user = h3_view (out, (gsize) colon);
    view_skip (&both, (gsize) colon + 1);
    *out_password = both;
    return TRUE;
}

H3CredentialsResult
h3_event_read_basic (H3Event *event, const char **out_user, const char **out_password)
{
    H3View token, user, password;
    H3CredentialsResult result;
    char *text;

    g_return_val_if_fail (event != NULL && out_user != NULL && out_password != NULL,
                          H3_CREDENTIALS_MALFORMED);
    result = read_token (event, "Basic", &token);
    if (result != H3_CREDENTIALS_READ)
        return result;
    text = h3_arena_alloc (event->arena, token.length + 1);
    if (!h3_credentials_decode_basic (token, text, &user, &password))
        return H3_CREDENTIALS_MALFORMED;
    text[user.length] = '\0'; /* where the colon was */
    *out_user = text;
    text[user.length + 1 + password.length] = '\0';
    *out_password = text + user.length + 1;
    return H3_CREDENTIALS_READ;
}

H3CredentialsResult
h3_event_read_bearer (H3Event *event, const char **out_token)
{
    H3CredentialsResult result;
    H3View token;

    g_return_val_if_fail (event != NULL && out_token != NULL, H3_CREDENTIALS_MALFORMED);
    result = read_token (event, "Bearer", &token);
    if (result != H3_CREDENTIALS_READ)
        return result;
    /* It ends where the copy of the field does, which has room for a NUL. */
    ((char *) token.data)[token.length] = '\0';
    *out_token = token.data;
    return result;
}
