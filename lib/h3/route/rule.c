/* SPDX-License-Identifier: MIT */

#include "rule-inside.h"

#include <h3/base/error.h>
#include <h3/http/response-inside.h>

#include <stdarg.h>

G_DEFINE_BOXED_TYPE (H3RouteRule, h3_route_rule, h3_route_rule_ref, h3_route_rule_unref)

static void
free_field (gpointer data)
{
    RuleField *field = data;

    g_free (field->name);
    g_free (field->label);
    g_free (field->value);
    g_free (field);
}

static void
free_slot (gpointer data)
{
    RuleSlot *slot = data;

    h3_middleware_unref (slot->middleware);
    g_free (slot->name);
    g_free (slot);
}

H3RouteRule *
h3_route_rule_new (void)
{
    H3RouteRule *rule = g_new0 (H3RouteRule, 1);

    atomic_init (&rule->refs, 1);
    rule->fields = g_ptr_array_new_with_free_func (free_field);
    rule->slots = g_ptr_array_new_with_free_func (free_slot);
    return rule;
}

H3RouteRule *
h3_route_rule_ref (H3RouteRule *rule)
{
    g_return_val_if_fail (rule != NULL, NULL);
    atomic_fetch_add_explicit (&rule->refs, 1, memory_order_relaxed);
    return rule;
}

void
h3_route_rule_unref (H3RouteRule *rule)
{
    if (rule == NULL || atomic_fetch_sub_explicit (&rule->refs, 1, memory_order_acq_rel) != 1)
        return;
    g_ptr_array_unref (rule->fields);
    g_ptr_array_unref (rule->slots);
    rule_target_free (rule->target);
    rule_cache_clear (&rule->cached);
    g_free (rule->vary_text);
    g_clear_error (&rule->problem);
    g_free (rule);
}

/* `problem` is (transfer full). The first one is told: what comes after may follow from it. */
static void
note_problem (H3RouteRule *rule, GError *problem)
{
    if (rule->problem == NULL)
        rule->problem = problem;
    else
        g_error_free (problem);
}

static void G_GNUC_PRINTF (2, 3) refuse (H3RouteRule *rule, const char *format, ...)
{
    va_list arguments;

    va_start (arguments, format);
    note_problem (rule, g_error_new_valist (H3_ERROR, H3_ERROR_INVALID, format, arguments));
    va_end (arguments);
}

/* What has a function of its own is checked there; one cookie for all clients is nobody's. */
static gboolean
may_set (const char *name)
{
    static const char *const others[] = { "cache-control", "content-type", "date", "location",
                                          "set-cookie",    "vary",         NULL };

    return h3_headers_is_name (h3_view_of (name)) && !response_is_for_the_wire (name)
           && !g_strv_contains (others, name);
}

static RuleField *
ensure_field (H3RouteRule *rule, const char *name)
{
    g_autofree char *lower = g_ascii_strdown (name, -1);
    RuleField *field;

    for (guint i = 0; i < rule->fields->len; i++) {
        field = rule->fields->pdata[i];
        if (strcmp (field->name, lower) == 0)
            return field;
    }
    field = g_new0 (RuleField, 1);
    field->name = g_steal_pointer (&lower);
    g_ptr_array_add (rule->fields, field);
    return field;
}

void
h3_route_rule_set_header (H3RouteRule *rule, const char *name, const char *value)
{
    g_autofree char *lower = NULL;
    RuleField *field;

    g_return_if_fail (rule != NULL && name != NULL && !rule->is_frozen);
    lower = g_ascii_strdown (name, -1);
    if (!may_set (lower)) {
        refuse (rule, "a rule cannot set the field \"%s\"", name);
        return;
    }
    if (value != NULL && !h3_headers_is_value (h3_view_of (value))) {
        refuse (rule, "the value of \"%s\" has a control character", name);
        return;
    }
    field = ensure_field (rule, name);
    g_free (field->label);
    g_free (field->value);
    field->label = g_strdup (name);
    field->value = g_strdup (value);
}

void
h3_route_rule_set_redirect (H3RouteRule *rule, guint status, const char *target)
{
    GError *problem = NULL;

    g_return_if_fail (rule != NULL && !rule->is_frozen);
    g_clear_pointer (&rule->target, rule_target_free);
    rule->redirect = target != NULL ? RULE_SET : RULE_OFF;
    rule->redirect_status = status;
    if (target == NULL)
        return;
    if ((status < 301 || status > 303) && status != 307 && status != 308)
        refuse (rule, "redirect to \"%s\": %u is not 301, 302, 303, 307 or 308", target, status);
    rule->target = rule_target_new (target, &problem);
    if (rule->target == NULL)
        note_problem (rule, problem);
}

void
h3_route_rule_set_cache (H3RouteRule *rule, const char *directives)
{
    GError *problem = NULL;

    g_return_if_fail (rule != NULL && !rule->is_frozen);
    rule_cache_clear (&rule->cached);
    rule->cache = directives != NULL ? RULE_SET : RULE_OFF;
    if (directives != NULL && !rule_cache_read (directives, &rule->cached, &problem))
        note_problem (rule, problem);
}

void
h3_route_rule_set_vary (H3RouteRule *rule, const char *names)
{
    g_auto (GStrv) parts = NULL;
    g_autoptr (GString) text = g_string_new (NULL);

    g_return_if_fail (rule != NULL && !rule->is_frozen);
    g_clear_pointer (&rule->vary_text, g_free);
    rule->vary = names != NULL ? RULE_SET : RULE_OFF;
    if (names == NULL)
        return;
    parts = g_strsplit (names, " ", -1);
    for (char **part = parts; *part != NULL; part++) {
        if (**part == '\0')
            continue;
        if (!h3_headers_is_name (h3_view_of (*part)))
            refuse (rule, "Vary \"%s\": names of fields have blanks between them", names);
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", *part);
    }
    if (text->len == 0)
        refuse (rule, "Vary \"%s\" names no field", names);
    rule->vary_text = g_string_free (g_steal_pointer (&text), FALSE);
}

void
h3_route_rule_set_body_max (H3RouteRule *rule, gsize max_bytes)
{
    g_return_if_fail (rule != NULL && max_bytes > 0 && !rule->is_frozen);
    rule->body_max = max_bytes;
}

void
h3_route_rule_set_deadline (H3RouteRule *rule, guint milliseconds)
{
    g_return_if_fail (rule != NULL && milliseconds > 0 && !rule->is_frozen);
    rule->deadline = milliseconds;
}

static RuleSlot *
ensure_slot (H3RouteRule *rule, const char *name)
{
    RuleSlot *slot;

    for (guint i = 0; i < rule->slots->len; i++) {
        slot = rule->slots->pdata[i];
        if (strcmp (slot->name, name) == 0)
            return slot;
    }
    slot = g_new0 (RuleSlot, 1);
    slot->name = g_strdup (name);
    g_ptr_array_add (rule->slots, slot);
    return slot;
}

void
h3_route_rule_set_middleware (H3RouteRule *rule, const char *slot, H3Middleware *middleware)
{
    RuleSlot *place;

    g_return_if_fail (rule != NULL && slot != NULL && !rule->is_frozen);
    if (!h3_headers_is_name (h3_view_of (slot)))
        refuse (rule, "the name of a slot is a token, as \"limit\" is, not \"%s\"", slot);
    place = ensure_slot (rule, slot);
    h3_middleware_unref (place->middleware);
    place->middleware = middleware;
}
