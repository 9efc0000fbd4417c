/* SPDX-License-Identifier: MIT */

#include "schema-run.h"

#include "schema-value.h"

#include <jansson.h>

/* Bytes of a text that are looked at for the price of one value. */
#define BYTES_A_WORK 64

/* A number of the schema, in messages. */
#define NUMBER_SIZE 40

static const char *
show_number (const json_t *number, char out[NUMBER_SIZE])
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (json_is_integer (number))
        (void) g_snprintf (out, NUMBER_SIZE, "%" JSON_INTEGER_FORMAT, json_integer_value (number));
    else
        (void) g_snprintf (out, NUMBER_SIZE, "%s",
                           g_ascii_formatd (text, sizeof text, "%.15g", json_real_value (number)));
    return out;
}

static gboolean
check_range (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot)
{
    const SchemaNumber *rules = node->number;
    const json_t *value = spot->value;
    char text[NUMBER_SIZE];

    if (rules->minimum != NULL && schema_value_compare (value, rules->minimum) < 0)
        return schema_run_complain (run, node, "minimum", spot, "must be %s or more",
                                    show_number (rules->minimum, text));
    if (rules->exclusive_minimum != NULL
        && schema_value_compare (value, rules->exclusive_minimum) <= 0)
        return schema_run_complain (run, node, "exclusiveMinimum", spot, "must be more than %s",
                                    show_number (rules->exclusive_minimum, text));
    if (rules->maximum != NULL && schema_value_compare (value, rules->maximum) > 0)
        return schema_run_complain (run, node, "maximum", spot, "must be %s or less",
                                    show_number (rules->maximum, text));
    if (rules->exclusive_maximum != NULL
        && schema_value_compare (value, rules->exclusive_maximum) >= 0)
        return schema_run_complain (run, node, "exclusiveMaximum", spot, "must be less than %s",
                                    show_number (rules->exclusive_maximum, text));
    return TRUE;
}

gboolean
schema_run_check_number (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot)
{
    const json_t *unit = node->number->multiple;
    gboolean valid = TRUE;
    char text[NUMBER_SIZE];

    if (!schema_run_note (run, check_range (run, node, spot), &valid))
        return FALSE;
    if (unit != NULL && !schema_value_is_multiple (spot->value, unit))
        return schema_run_complain (run, node, "multipleOf", spot, "must be a multiple of %s",
                                    show_number (unit, text));
    return valid;
}

gboolean
schema_run_match (SchemaRun *run, const SchemaPattern *pattern, const char *text, gsize length)
{
    SchemaPatternVerdict verdict = schema_pattern_match (pattern, text, length, &run->work);

    if (verdict == SCHEMA_PATTERN_COSTLY)
        return schema_run_give_up (run);
    return verdict == SCHEMA_PATTERN_FITS;
}

static gboolean
check_length (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot)
{
    const SchemaSpan *length = &node->text->length;
    gsize bytes = json_string_length (spot->value);
    guint64 characters;

    if (length->least == 0 && bytes <= length->most)
        return TRUE;
    characters = (guint64) g_utf8_strlen (json_string_value (spot->value), (gssize) bytes);
    if (characters < length->least)
        return schema_run_complain (run, node, "minLength", spot,
                                    "must have %" G_GUINT64_FORMAT " characters or more",
                                    length->least);
    if (characters > length->most)
        return schema_run_complain (run, node, "maxLength", spot,
                                    "must have %" G_GUINT64_FORMAT " characters or less",
                                    length->most);
    return TRUE;
}

/* A format that bounds whole numbers says nothing of those with a fraction. */
static gboolean
is_within (const TextFormat *format, const json_t *value)
{
    double real;

    if (format->what[0] == '\0' || !schema_value_is_whole (value))
        return TRUE;
    if (json_is_integer (value))
        return json_integer_value (value) >= format->minimum
               && json_integer_value (value) <= format->maximum;
    real = json_real_value (value);
    return real >= (double) format->minimum && real < (double) format->maximum + 1;
}

static gboolean
check_format (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot)
{
    const TextFormat *format = node->text->format;
    const json_t *value = spot->value;
    gboolean fits = TRUE;

    if (format == NULL)
        return TRUE;
    if (json_is_string (value) && format->fits != NULL)
        fits = format->fits (h3_view (json_string_value (value), json_string_length (value)));
    else if (json_is_number (value) && format->fits == NULL)
        fits = is_within (format, value);
    if (fits)
        return TRUE;
    return schema_run_complain (run, node, "format", spot, "must be %s", format->what);
}

gboolean
schema_run_check_text (SchemaRun *run, const SchemaNode *node, const SchemaSpot *spot)
{
    const SchemaText *rules = node->text;
    const json_t *value = spot->value;
    gboolean valid = TRUE;

    if (!schema_run_note (run, check_format (run, node, spot), &valid))
        return FALSE;
    if (!json_is_string (value))
        return valid;
    if (!schema_run_spend (run, json_string_length (value) / BYTES_A_WORK))
        return FALSE;
    if (!schema_run_note (run, check_length (run, node, spot), &valid))
        return FALSE;
    if (rules->pattern != NULL
        && !schema_run_match (run, rules->pattern, json_string_value (value),
                              json_string_length (value)))
        return schema_run_complain (run, node, "pattern", spot, "must fit the regular expression");
    return valid;
}
