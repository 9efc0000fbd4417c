/* SPDX-License-Identifier: MIT */

#include "content-security-policy.h"

#include <h3/base/error.h>
#include <h3/http/headers.h>

typedef struct {
    char *name;    /* owned; in lower case */
    char *sources; /* owned; one blank between them */
} Directive;

struct _ContentSecurityPolicy {
    GArray *directives; /* owned: Directive */
    char **pieces;      /* owned: between them stands the nonce */
};

static void
clear_directive (gpointer data)
{
    Directive *directive = data;

    g_free (directive->name);
    g_free (directive->sources);
}

static gboolean
refuse (const char *text, const char *part, const char *what, GError **error)
{
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "Content-Security-Policy \"%s\": \"%s\" %s",
                 text, part, what);
    return FALSE;
}

static gboolean
is_directive_name (const char *name)
{
    return *name != '\0' && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (name);
}

const char *
content_security_policy_find (const ContentSecurityPolicy *policy, const char *directive)
{
    for (guint i = 0; i < policy->directives->len; i++) {
        const Directive *known = &g_array_index (policy->directives, Directive, i);

        if (strcmp (known->name, directive) == 0)
            return known->sources;
    }
    return NULL;
}

/* The words of `part`, the first of them in lower case. */
static char **
split_words (const char *part)
{
    g_auto (GStrv) all = g_strsplit_set (part, " \t", -1);
    g_autoptr (GPtrArray) words = g_ptr_array_new ();

    for (char **word = all; *word != NULL; word++) {
        if (**word != '\0')
            g_ptr_array_add (words,
                             words->len == 0 ? g_ascii_strdown (*word, -1) : g_strdup (*word));
    }
    g_ptr_array_add (words, NULL);
    return (char **) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

static gboolean
read_directive (ContentSecurityPolicy *policy, const char *text, const char *part, GError **error)
{
    g_auto (GStrv) words = split_words (part);
    Directive directive;

    if (words[0] == NULL)
        return TRUE;
    if (!is_directive_name (words[0]) || !g_str_is_ascii (part) || strchr (part, ',') != NULL)
        return refuse (text, part, "is no directive", error);
    if (content_security_policy_find (policy, words[0]) != NULL)
        return refuse (text, words[0], "comes twice: browsers heed the first alone", error);
    directive.name = g_strdup (words[0]);
    directive.sources = g_strjoinv (" ", words + 1);
    g_array_append_val (policy->directives, directive);
    return TRUE;
}

static gboolean
has_source (const char *sources, const char *source)
{
    g_auto (GStrv) words = g_strsplit (sources, " ", -1);

    for (char **word = words; *word != NULL; word++) {
        if (g_ascii_strcasecmp (*word, source) == 0)
            return TRUE;
    }
    return FALSE;
}

/* A CR stands where the nonce will: no policy has one. 'none' beside another source is nothing. */
static void
append_directive (GString *out, const char *name, const char *sources, gboolean takes_nonce)
{
    g_string_append_printf (out, "%s%s", out->len > 0 ? "; " : "", name);
    if (!takes_nonce || g_ascii_strcasecmp (sources, "'none'") != 0)
        g_string_append_printf (out, "%s%s", *sources != '\0' ? " " : "", sources);
    if (takes_nonce)
        g_string_append (out, " 'nonce-\r'");
}

static gboolean
is_of_elements (const char *name)
{
    static const char *const names[] = { "script-src", "script-src-elem", "style-src",
                                         "style-src-elem", NULL };

    return g_strv_contains (names, name);
}

static void
make_pieces (ContentSecurityPolicy *policy)
{
    static const char *const own[] = { "script-src", "style-src" };
    const char *others = content_security_policy_find (policy, "default-src");
    g_autoptr (GString) text = g_string_new (NULL);

    for (guint i = 0; i < policy->directives->len; i++) {
        const Directive *directive = &g_array_index (policy->directives, Directive, i);

        append_directive (text, directive->name, directive->sources,
                          is_of_elements (directive->name)
                              && !has_source (directive->sources, "'unsafe-inline'"));
    }
    for (guint i = 0; i < G_N_ELEMENTS (own); i++) {
        if (content_security_policy_find (policy, own[i]) == NULL && others != NULL
            && !has_source (others, "'unsafe-inline'"))
            append_directive (text, own[i], others, TRUE);
    }
    policy->pieces = g_strsplit (text->str, "\r", -1);
}

ContentSecurityPolicy *
content_security_policy_new (const char *text, GError **error)
{
    g_autoptr (ContentSecurityPolicy) policy = g_new0 (ContentSecurityPolicy, 1);
    g_auto (GStrv) parts = g_strsplit (text, ";", -1);

    policy->directives = g_array_new (FALSE, FALSE, sizeof (Directive));
    g_array_set_clear_func (policy->directives, clear_directive);
    if (!h3_headers_is_value (h3_view_of (text))) {
        refuse (text, text, "has a control character", error);
        return NULL;
    }
    for (char **part = parts; *part != NULL; part++) {
        if (!read_directive (policy, text, *part, error))
            return NULL;
    }
    if (policy->directives->len == 0) {
        refuse (text, text, "has no directive: NULL is no policy", error);
        return NULL;
    }
    make_pieces (policy);
    return g_steal_pointer (&policy);
}

void
content_security_policy_free (ContentSecurityPolicy *policy)
{
    if (policy == NULL)
        return;
    g_array_unref (policy->directives);
    g_strfreev (policy->pieces);
    g_free (policy);
}

char *
content_security_policy_dup_with_nonce (const ContentSecurityPolicy *policy, const char *nonce)
{
    return g_strjoinv (nonce, policy->pieces);
}
