/* SPDX-License-Identifier: MIT */

#include "cors-policy.h"

#include <h3/base/error.h>

#include <stdarg.h>
#include <stdatomic.h>

/* What one regex may cost a request: PCRE2 counts its steps and stops. */
#define REGEX_BOUNDS "(*LIMIT_MATCH=20000)(*LIMIT_HEAP=256)"

/* A list of names; `*` among them is any. */
typedef struct {
    char **names; /* owned */
    char *text;   /* owned: as a field has them; NULL where there are none */
    gboolean is_any;
} NameList;

struct _H3CorsPolicy {
    atomic_int refs;
    GHashTable *origins;     /* owned: serialized → its fields (owned) once frozen */
    GPtrArray *patterns;     /* owned: OriginPattern */
    GPtrArray *regexes;      /* owned: GRegex */
    H3CorsFunction function; /* NULL: none */
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
    NameList methods, request_fields, response_fields;
    guint max_age;
    gboolean allows_any, has_credentials, has_private_network;
    gboolean is_frozen;
    H3Headers *fields; /* owned: of answers to nobody in particular; NULL before the freeze */
    GError *problem;   /* owned: the first thing that cannot be */
};

G_DEFINE_BOXED_TYPE (H3CorsPolicy, h3_cors_policy, h3_cors_policy_ref, h3_cors_policy_unref)

static void
list_clear (NameList *list)
{
    g_strfreev (list->names);
    g_free (list->text);
    *list = (NameList){ 0 };
}

static void G_GNUC_PRINTF (2, 3) note_problem (H3CorsPolicy *policy, const char *format, ...)
{
    va_list arguments;

    if (policy->problem != NULL)
        return;
    va_start (arguments, format);
    policy->problem = g_error_new_valist (H3_ERROR, H3_ERROR_INVALID, format, arguments);
    va_end (arguments);
}

static void
set_list (H3CorsPolicy *policy, NameList *list, const char *text)
{
    g_auto (GStrv) parts = g_strsplit (text, " ", -1);
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
    gboolean is_any = FALSE;

    for (char **part = parts; *part != NULL; part++) {
        if (**part == '\0')
            continue;
        if (!h3_headers_is_name (h3_view_of (*part)))
            note_problem (policy,
                          "CORS: '%s' is neither a method nor the name of a field: names "
                          "have blanks between them",
                          *part);
        is_any = is_any || strcmp (*part, "*") == 0;
        g_ptr_array_add (names, g_strdup (*part));
    }
    if (is_any && names->len > 1)
        note_problem (policy, "CORS: '%s': \"*\" is any, and stands alone", text);
    g_ptr_array_add (names, NULL);
    list_clear (list);
    list->is_any = is_any;
    list->names = (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
    if (list->names[0] != NULL)
        list->text = g_strjoinv (", ", list->names);
}

H3CorsPolicy *
h3_cors_policy_new (void)
{
    H3CorsPolicy *policy = g_new0 (H3CorsPolicy, 1);

    atomic_init (&policy->refs, 1);
    policy->origins = g_hash_table_new_full (h3_string_hash, g_str_equal, g_free,
                                             (GDestroyNotify) h3_headers_unref);
    policy->patterns = g_ptr_array_new_with_free_func ((GDestroyNotify) origin_pattern_free);
    policy->regexes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_regex_unref);
    set_list (policy, &policy->methods, "GET HEAD POST PUT PATCH DELETE");
    set_list (policy, &policy->request_fields, "Content-Type");
    policy->max_age = 600;
    return policy;
}

H3CorsPolicy *
h3_cors_policy_ref (H3CorsPolicy *policy)
{
    g_return_val_if_fail (policy != NULL, NULL);
    atomic_fetch_add_explicit (&policy->refs, 1, memory_order_relaxed);
    return policy;
}

void
h3_cors_policy_unref (H3CorsPolicy *policy)
{
    if (policy == NULL || atomic_fetch_sub_explicit (&policy->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (policy->destroy != NULL)
        policy->destroy (policy->user_data);
    g_hash_table_unref (policy->origins);
    g_ptr_array_unref (policy->patterns);
    g_ptr_array_unref (policy->regexes);
    list_clear (&policy->methods);
    list_clear (&policy->request_fields);
    list_clear (&policy->response_fields);
    h3_headers_unref (policy->fields);
    g_clear_error (&policy->problem);
    g_free (policy);
}

static void
allow_pattern (H3CorsPolicy *policy, const char *text)
{
    g_autoptr (GError) error = NULL;
    OriginPattern *pattern = origin_pattern_new (text, &error);

    if (pattern != NULL)
        g_ptr_array_add (policy->patterns, pattern);
    else
        note_problem (policy, "CORS: %s", error->message);
}

void
h3_cors_policy_allow_origin (H3CorsPolicy *policy, const char *origin)
{
    Origin parsed;

    g_return_if_fail (policy != NULL && origin != NULL && !policy->is_frozen);
    if (strcmp (origin, "*") == 0)
        policy->allows_any = TRUE;
    else if (origin_pattern_is (origin))
        allow_pattern (policy, origin);
    else if (origin_parse (h3_view_of (origin), &parsed))
        g_hash_table_insert (policy->origins, g_strdup (parsed.text), NULL);
    else
        note_problem (policy,
                      "CORS: '%s' is no origin: write scheme://host or scheme://host:port, with "
                      "nothing behind it",
                      origin);
}

void
h3_cors_policy_allow_origin_regex (H3CorsPolicy *policy, const char *regex)
{
    g_autofree char *whole = NULL;
    g_autoptr (GError) error = NULL;
    GRegex *compiled;

    g_return_if_fail (policy != NULL && regex != NULL && !policy->is_frozen);
    whole = g_strdup_printf (REGEX_BOUNDS "\\A(?:%s)\\z", regex);
    /* Alone too: a stray parenthesis must not end the group that holds it to the whole. */
    compiled = g_regex_new (regex, 0, 0, &error);
    g_clear_pointer (&compiled, g_regex_unref);
    compiled = error == NULL ? g_regex_new (whole, 0, 0, &error) : NULL;
    if (compiled != NULL)
        g_ptr_array_add (policy->regexes, compiled);
    else
        note_problem (policy, "CORS: the regex '%s' does not compile: %s", regex, error->message);
}

void
h3_cors_policy_set_function (H3CorsPolicy *policy, H3CorsFunction function, gpointer user_data,
                             GDestroyNotify destroy)
{
    g_return_if_fail (policy != NULL && function != NULL && !policy->is_frozen);
    if (policy->destroy != NULL)
        policy->destroy (policy->user_data);
    policy->function = function;
    policy->user_data = user_data;
    policy->destroy = destroy;
}

void
h3_cors_policy_set_methods (H3CorsPolicy *policy, const char *methods)
{
    g_return_if_fail (policy != NULL && methods != NULL && !policy->is_frozen);
    set_list (policy, &policy->methods, methods);
}

void
h3_cors_policy_set_request_fields (H3CorsPolicy *policy, const char *names)
{
    g_return_if_fail (policy != NULL && names != NULL && !policy->is_frozen);
    set_list (policy, &policy->request_fields, names);
}

void
h3_cors_policy_set_response_fields (H3CorsPolicy *policy, const char *names)
{
    g_return_if_fail (policy != NULL && names != NULL && !policy->is_frozen);
    set_list (policy, &policy->response_fields, names);
}

void
h3_cors_policy_set_max_age (H3CorsPolicy *policy, guint seconds)
{
    g_return_if_fail (policy != NULL && !policy->is_frozen);
    policy->max_age = seconds;
}

void
h3_cors_policy_set_credentials (H3CorsPolicy *policy, gboolean allows)
{
    g_return_if_fail (policy != NULL && !policy->is_frozen);
    policy->has_credentials = allows;
}

void
h3_cors_policy_set_private_network (H3CorsPolicy *policy, gboolean allows)
{
    g_return_if_fail (policy != NULL && !policy->is_frozen);
    policy->has_private_network = allows;
}

/* Any page can make itself one of the origin `null`, in a frame: with credentials it is all that
 * "*" would be. */
static void
check_credentials (H3CorsPolicy *policy)
{
    if (!policy->has_credentials)
        return;
    if (policy->allows_any)
        note_problem (policy, "CORS: the origin \"*\" with credentials would let every page act as "
                              "its visitor: list the origins");
    if (g_hash_table_contains (policy->origins, "null"))
        note_problem (policy, "CORS: the origin \"null\" with credentials would let every page act "
                              "as its visitor: list the origins");
    if (policy->response_fields.is_any)
        note_problem (policy, "CORS: with credentials browsers take the response field \"*\" for a "
                              "name: list the fields");
}

static void
check_origins (H3CorsPolicy *policy)
{
    gboolean has_others = g_hash_table_size (policy->origins) > 0 || policy->patterns->len > 0
                          || policy->regexes->len > 0 || policy->function != NULL;

    if (policy->allows_any && has_others)
        note_problem (policy, "CORS: the origin \"*\" is everybody: other origins beside it have "
                              "no effect");
    if (!policy->allows_any && !has_others)
        note_problem (policy, "CORS: the policy allows no origin: add one, or leave it out");
}

/* (transfer full) */
static H3Headers *
make_fields (const H3CorsPolicy *policy, const char *origin)
{
    H3Headers *fields = h3_headers_new ();

    h3_headers_set (fields, "Access-Control-Allow-Origin", origin);
    if (policy->has_credentials)
        h3_headers_set (fields, "Access-Control-Allow-Credentials", "true");
    if (policy->response_fields.text != NULL)
        h3_headers_set (fields, "Access-Control-Expose-Headers", policy->response_fields.text);
    if (!policy->allows_any)
        h3_headers_set (fields, "Vary", "Origin");
    return fields;
}

gboolean
cors_policy_freeze (H3CorsPolicy *policy, GError **error)
{
    GHashTableIter iter;
    gpointer origin;

    if (policy->is_frozen)
        return TRUE;
    check_credentials (policy);
    check_origins (policy);
    if (policy->problem != NULL) {
        g_propagate_error (error, g_error_copy (policy->problem));
        return FALSE;
    }
    g_hash_table_iter_init (&iter, policy->origins);
    while (g_hash_table_iter_next (&iter, &origin, NULL))
        g_hash_table_iter_replace (&iter, make_fields (policy, origin));
    if (policy->allows_any) {
        policy->fields = make_fields (policy, "*");
    } else {
        policy->fields = h3_headers_new ();
        h3_headers_set (policy->fields, "Vary", "Origin");
    }
    policy->is_frozen = TRUE;
    return TRUE;
}

H3Headers *
cors_policy_get_fields (const H3CorsPolicy *policy)
{
    return policy->fields;
}

static gboolean
allows_origin (const H3CorsPolicy *policy, H3Event *event, const Origin *origin)
{
    for (guint i = 0; i < policy->patterns->len; i++) {
        if (origin_pattern_fits (policy->patterns->pdata[i], origin))
            return TRUE;
    }
    for (guint i = 0; i < policy->regexes->len; i++) {
        if (g_regex_match_full (policy->regexes->pdata[i], origin->text, origin->length, 0, 0, NULL,
                                NULL))
            return TRUE;
    }
    return policy->function != NULL && policy->function (event, origin->text, policy->user_data);
}

H3Headers *
cors_policy_allow (const H3CorsPolicy *policy, H3Event *event, const Origin *origin)
{
    H3Headers *fields = g_hash_table_lookup (policy->origins, origin->text);

    if (policy->allows_any)
        return h3_headers_ref (policy->fields);
    if (fields != NULL)
        return h3_headers_ref (fields);
    return allows_origin (policy, event, origin) ? make_fields (policy, origin->text) : NULL;
}

/* Browsers ask for none of the three that forms could use, and then follow the answer to another:
 * they are always allowed (WHATWG Fetch, "CORS-preflight fetch"). Case counts (RFC 9110 §9.1). */
gboolean
cors_policy_allows_method (const H3CorsPolicy *policy, H3View method)
{
    if (!h3_headers_is_name (method))
        return FALSE;
    if (policy->methods.is_any || h3_view_equal (method, H3_VIEW ("GET"))
        || h3_view_equal (method, H3_VIEW ("HEAD")) || h3_view_equal (method, H3_VIEW ("POST")))
        return TRUE;
    for (char **name = policy->methods.names; *name != NULL; name++) {
        if (h3_view_equal (method, h3_view_of (*name)))
            return TRUE;
    }
    return FALSE;
}

static gboolean
allows_field (const H3CorsPolicy *policy, H3View field)
{
    if (!h3_headers_is_name (field))
        return FALSE;
    if (policy->request_fields.is_any)
        return TRUE;
    for (char **name = policy->request_fields.names; *name != NULL; name++) {
        if (h3_view_equal_ignore_case (field, h3_view_of (*name)))
            return TRUE;
    }
    return FALSE;
}

gboolean
cors_policy_allows_fields (const H3CorsPolicy *policy, H3View names)
{
    H3View part;

    while (h3_view_split (&names, ',', &part)) {
        part = h3_view_trim (part);
        if (part.length > 0 && !allows_field (policy, part))
            return FALSE;
    }
    return TRUE;
}

gboolean
cors_policy_depends_on_origin (const H3CorsPolicy *policy)
{
    return !policy->allows_any;
}

/* `asked` was checked name by name. */
static void
set_names (H3Response *response, const char *field, const NameList *list, H3View asked)
{
    g_autofree char *text = list->is_any ? h3_view_dup (asked) : g_strdup (list->text);

    if (text != NULL && *text != '\0')
        h3_response_set_header (response, field, text);
}

void
cors_policy_fill_preflight (const H3CorsPolicy *policy, H3Response *response, H3View method,
                            H3View names, gboolean asks_private)
{
    g_autofree char *max_age = g_strdup_printf ("%u", policy->max_age);

    set_names (response, "Access-Control-Allow-Methods", &policy->methods, method);
    set_names (response, "Access-Control-Allow-Headers", &policy->request_fields, names);
    h3_response_set_header (response, "Access-Control-Max-Age", max_age);
    if (asks_private && policy->has_private_network)
        h3_response_set_header (response, "Access-Control-Allow-Private-Network", "true");
}
