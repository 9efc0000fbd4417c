/* SPDX-License-Identifier: MIT */

#include "plan-reading.h"

#include "plan-value.h"

#include <h3/base/character.h>
#include <h3/format/url.h>

/* Statuses that come before the answer are not for a plan. */
#define LEAST_STATUS 200
#define MOST_STATUS  599

static gboolean
is_field_name (const char *name)
{
    const char *at = name;

    while (character_is (*at, CHARACTER_TOKEN))
        at++;
    return at > name && *at == '\0';
}

/* What is known before the run is held against what it must be now. */
static void
check_url (PlanReading *reading, const PlanNode *node, const PlanText *url)
{
    const char *literal = url != NULL ? plan_text_get_literal (url) : NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GUri) parsed = NULL;

    if (literal == NULL)
        return;
    parsed = h3_url_parse (literal, H3_URL_NONE, &error);
    if (parsed == NULL)
        plan_faults_add (reading->faults, node->at, "%s", error->message);
}

static void
check_method (PlanReading *reading, const PlanNode *node, const PlanText *method)
{
    const char *literal = method != NULL ? plan_text_get_literal (method) : NULL;

    if (literal != NULL && !is_field_name (literal))
        plan_faults_add (reading->faults, node->at, PLAN_QUOTED " cannot be a method", literal);
}

static void
add_status (PlanReading *reading, PlanNode *node, GArray *statuses)
{
    guint status = (guint) plan_value_get_integer (reading->faults, node, "a status", LEAST_STATUS,
                                                   MOST_STATUS);

    g_array_append_val (statuses, status);
}

static void
read_expect (PlanReading *reading, PlanNode *node, PlanRequest *request)
{
    g_autoptr (GArray) statuses = g_array_new (FALSE, FALSE, sizeof (guint));

    if (node->kind != PLAN_NODE_ARRAY) {
        add_status (reading, node, statuses);
    } else {
        if (node->children->len == 0)
            plan_faults_add (reading->faults, node->at, "\"expect\" has no status");
        for (guint i = 0; i < node->children->len; i++)
            add_status (reading, node->children->pdata[i], statuses);
    }
    request->n_expect = statuses->len;
    request->expect = (guint *) (gpointer) g_array_free (g_steal_pointer (&statuses), FALSE);
}

PlanRequest *
plan_request_read (PlanReading *reading, guint index, PlanNode *node)
{
    static const char *const keys[] = { "method", "url", "headers", "body", "expect", NULL };
    PlanRequest *request = g_new0 (PlanRequest, 1);
    PlanNode *value;

    request->headers = plan_texts_new_pairs ();
    if (!plan_value_check_object (reading->faults, node, "\"http\"", keys))
        return request;
    value = plan_node_get (node, "url");
    if (value == NULL)
        plan_faults_add (reading->faults, node->at, "\"http\" needs a \"url\"");
    else
        request->url = plan_texts_read (reading, index, value, "\"url\"");
    check_url (reading, value, request->url);
    if ((value = plan_node_get (node, "method")) != NULL)
        request->method = plan_texts_read (reading, index, value, "\"method\"");
    check_method (reading, value, request->method);
    if ((value = plan_node_get (node, "headers")) != NULL)
        plan_texts_read_pairs (reading, index, value, "\"headers\"", is_field_name,
                               request->headers);
    value = plan_node_get (node, "body");
    if (value != NULL && value->kind == PLAN_NODE_STRING)
        request->body = plan_texts_read_any (reading, index, value, "\"body\"");
    else if (value != NULL)
        request->document = plan_texts_read_document (reading, index, value);
    if ((value = plan_node_get (node, "expect")) != NULL)
        read_expect (reading, value, request);
    return request;
}

void
plan_request_free (PlanRequest *request)
{
    if (request == NULL)
        return;
    plan_text_free (request->method);
    plan_text_free (request->url);
    g_ptr_array_unref (request->headers);
    plan_text_free (request->body);
    plan_document_free (request->document);
    g_free (request->expect);
    g_free (request);
}
