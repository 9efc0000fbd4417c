/* SPDX-License-Identifier: MIT */

#include "template-context.h"

#include "template-url.h"

#include <string.h>

static gboolean
is_blank (char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static gboolean
is_word (const char *name, guint8 length, const char *word)
{
    return strlen (word) == length && memcmp (name, word, length) == 0;
}

static gboolean
is_tag (const HtmlContext *context, const char *name)
{
    return context->name_length <= HTML_NAME_SIZE
           && is_word (context->name, context->name_length, name);
}

static gboolean
is_one_of (const char *name, guint8 length, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (length <= HTML_NAME_SIZE && is_word (name, length, *words))
            return TRUE;
    }
    return FALSE;
}

/* A name's letters, in lower case, as far as names go that mean something here. */
static void
push (char *name, guint8 *length, char c)
{
    if (*length < HTML_NAME_SIZE)
        name[*length] = g_ascii_tolower (c);
    if (*length <= HTML_NAME_SIZE)
        (*length)++;
}

static void
move_to (HtmlContext *context, HtmlPlace place)
{
    *context = (HtmlContext){ .place = (guint8) place };
}

static void
drop_attribute (HtmlContext *context)
{
    memset (context->attribute, 0, sizeof context->attribute);
    memset (context->scheme, 0, sizeof context->scheme);
    context->attribute_length = context->scheme_length = 0;
    context->value = context->url = 0;
    context->quote = 0;
}

static HtmlValue
find_value (const HtmlContext *context)
{
    static const char *const refused[] = { "style", "srcdoc",  "srcset",     "imagesrcset",
                                           "ping",  "archive", "http-equiv", NULL };
    static const char *const urls[] = { "href",     "src",      "action",     "formaction",
                                        "cite",     "poster",   "background", "longdesc",
                                        "data",     "manifest", "codebase",   "xlink:href",
                                        "profile",  "icon",     "dynsrc",     "lowsrc",
                                        "xml:base", "classid",  NULL };
    static const char *const animated[] = { "to", "from", "by", "values", NULL };
    static const char *const loading[] = { "script", "link",   "base", "object",
                                           "embed",  "applet", NULL };
    const char *name = context->attribute;
    guint8 length = context->attribute_length;

    if ((length > 2 && memcmp (name, "on", 2) == 0) || is_one_of (name, length, refused))
        return HTML_REFUSED;
    /* An animation may set the URL of what it animates. */
    if (is_one_of (name, length, animated)
        && (is_tag (context, "set") || memcmp (context->name, "animate", 7) == 0))
        return HTML_REFUSED;
    if (!is_one_of (name, length, urls))
        return HTML_PLAIN;
    return is_one_of (context->name, context->name_length, loading) ? HTML_CODE : HTML_URL;
}

/* Behind the '>' of a tag. */
static const char *
finish_tag (HtmlContext *context)
{
    static const char *const raw[] = { "script",  "style",    "xmp", "iframe",
                                       "noembed", "noframes", NULL };
    static const char *const escapable[] = { "title", "textarea", NULL };
    HtmlContext before = *context;

    if (context->has_pragma && context->has_inserted && is_tag (context, "meta"))
        return "a value cannot be the content of a meta with http-equiv";
    if (is_tag (context, "plaintext") && !context->is_end_tag)
        return "behind <plaintext> nothing is HTML any more";
    move_to (context, HTML_TEXT);
    if (before.is_end_tag)
        return NULL;
    if (is_one_of (before.name, before.name_length, raw))
        context->place = HTML_RAW;
    else if (is_one_of (before.name, before.name_length, escapable))
        context->place = HTML_ESCAPABLE;
    else
        return NULL;
    memcpy (context->name, before.name, sizeof context->name);
    context->name_length = before.name_length;
    return NULL;
}

static const char *
step_tag_open (HtmlContext *context, char c)
{
    if (g_ascii_isalpha (c)) {
        context->place = HTML_TAG_NAME;
        push (context->name, &context->name_length, c);
    } else if (c == '/' && !context->is_end_tag) {
        context->is_end_tag = TRUE;
    } else if (c == '!' && !context->is_end_tag) {
        move_to (context, HTML_MARKUP_OPEN);
    } else if (c == '>' && context->is_end_tag) {
        move_to (context, HTML_TEXT);
    } else if (c == '?' || context->is_end_tag) {
        move_to (context, HTML_MARKUP);
    } else {
        move_to (context, c == '<' ? HTML_TAG_OPEN : HTML_TEXT);
    }
    return NULL;
}

static const char *
step_markup_open (HtmlContext *context, char c)
{
    if (c == '-' && context->progress == 1)
        move_to (context, HTML_COMMENT);
    else if (c == '-')
        context->progress = 1;
    else
        move_to (context, c == '>' ? HTML_TEXT : HTML_MARKUP);
    return NULL;
}

/* "<!-->" and "<!--->" are whole comments too. */
static const char *
step_comment (HtmlContext *context, char c)
{
    context->recent = context->recent << 8 | (guchar) c;
    if ((c == '>' && context->progress == 0)
        || (context->progress == 1 && context->recent == (guint32) ('-' << 8 | '>'))
        || (context->recent & 0xffffff) == 0x2d2d3e /* --> */
        || context->recent == 0x2d2d213e /* --!> */)
        move_to (context, HTML_TEXT);
    else if (context->progress < 2)
        context->progress++;
    return NULL;
}

static const char only_json[] = "a script element with JSON in it has nothing else";

/* In the text of an element that only its own end tag ends. */
static const char *
step_raw (HtmlContext *context, char c)
{
    guint8 progress = context->progress;

    context->recent = context->recent << 8 | (guchar) c;
    if (context->recent == 0x3c212d2d /* <!-- */ && is_tag (context, "script"))
        return "a comment in a script may hide its end";
    if (context->place == HTML_ESCAPABLE && (context->recent >> 8 & 0xff) == '<'
        && g_ascii_isalpha (c))
        return "there are no tags in a title or textarea";
    if (progress == (guint) context->name_length + 2 && (is_blank (c) || c == '/' || c == '>')) {
        context->place = HTML_IN_TAG;
        context->is_end_tag = TRUE;
        context->progress = context->has_text = context->has_json = 0;
        context->recent = 0;
        return html_context_step (context, c);
    }
    if (progress == 1 && c == '/')
        context->progress = 2;
    else if (progress >= 2 && progress < (guint) context->name_length + 2
             && g_ascii_tolower (c) == context->name[progress - 2])
        context->progress++;
    else
        context->progress = c == '<';
    if (context->progress == 0 && (progress > 0 || !is_blank (c)))
        context->has_text = context->place == HTML_RAW;
    return context->has_text && context->has_json ? only_json : NULL;
}

/* What may come where an attribute may begin. */
static const char *
step_in_tag (HtmlContext *context, char c)
{
    if (c == '>')
        return finish_tag (context);
    if (is_blank (c) || c == '/') {
        context->place = HTML_IN_TAG;
        return NULL;
    }
    if (context->place == HTML_NEED_BLANK)
        return "a blank must stand between attributes";
    if (strchr ("=\"'<`", c) != NULL)
        return "an attribute's name must stand here";
    context->place = HTML_ATTRIBUTE_NAME;
    push (context->attribute, &context->attribute_length, c);
    return NULL;
}

static const char *
step_tag_name (HtmlContext *context, char c)
{
    if (is_blank (c) || c == '/' || c == '>') {
        context->place = HTML_IN_TAG;
        return step_in_tag (context, c);
    }
    push (context->name, &context->name_length, c);
    return NULL;
}

/* The attribute has no value. */
static const char *
end_attribute (HtmlContext *context, char c)
{
    drop_attribute (context);
    context->place = HTML_IN_TAG;
    return step_in_tag (context, c);
}

static const char *
step_attribute_name (HtmlContext *context, char c)
{
    if (context->place == HTML_AFTER_NAME && is_blank (c))
        return NULL;
    if (c == '=') {
        context->place = HTML_BEFORE_VALUE;
        if (is_word (context->attribute, context->attribute_length, "http-equiv"))
            context->has_pragma = TRUE;
        return NULL;
    }
    if (context->place == HTML_AFTER_NAME || c == '/' || c == '>')
        return end_attribute (context, c);
    if (is_blank (c)) {
        context->place = HTML_AFTER_NAME;
        return NULL;
    }
    if (strchr ("\"'<`", c) != NULL)
        return "this cannot stand in an attribute's name";
    push (context->attribute, &context->attribute_length, c);
    return NULL;
}

static const char *
step_before_value (HtmlContext *context, char c)
{
    if (is_blank (c))
        return NULL;
    if (c == '>')
        return "an attribute's value is missing";
    if (c == '"' || c == '\'') {
        context->place = HTML_QUOTED;
        context->quote = c;
        context->value = (guint8) find_value (context);
        return NULL;
    }
    context->place = HTML_UNQUOTED;
    return NULL;
}

static const char *
step_quoted (HtmlContext *context, char c)
{
    if (c == context->quote) {
        drop_attribute (context);
        context->place = HTML_NEED_BLANK;
    } else if (context->value == HTML_URL || context->value == HTML_CODE) {
        html_url_step (context, c);
    }
    return NULL;
}

static const char *
step_unquoted (HtmlContext *context, char c)
{
    return is_blank (c) || c == '>' ? end_attribute (context, c) : NULL;
}

const char *
html_context_step (HtmlContext *context, char c)
{
    switch (context->place) {
    case HTML_TEXT:
        if (c == '<')
            move_to (context, HTML_TAG_OPEN);
        return NULL;
    case HTML_ESCAPABLE:
    case HTML_RAW:
        return step_raw (context, c);
    case HTML_TAG_OPEN:
        return step_tag_open (context, c);
    case HTML_MARKUP_OPEN:
        return step_markup_open (context, c);
    case HTML_MARKUP:
        if (c == '>')
            move_to (context, HTML_TEXT);
        return NULL;
    case HTML_COMMENT:
        return step_comment (context, c);
    case HTML_TAG_NAME:
        return step_tag_name (context, c);
    case HTML_IN_TAG:
    case HTML_NEED_BLANK:
        return step_in_tag (context, c);
    case HTML_ATTRIBUTE_NAME:
    case HTML_AFTER_NAME:
        return step_attribute_name (context, c);
    case HTML_BEFORE_VALUE:
        return step_before_value (context, c);
    case HTML_QUOTED:
        return step_quoted (context, c);
    default:
        return step_unquoted (context, c);
    }
}

static const char *
insert_quoted (HtmlContext *context, HtmlEscape *out_escape)
{
    if (context->value == HTML_REFUSED)
        return "no value can be made safe in this attribute";
    if (context->value != HTML_PLAIN)
        return html_url_insert (context, out_escape);
    if (is_word (context->attribute, context->attribute_length, "content"))
        context->has_inserted = TRUE;
    return NULL;
}

const char *
html_context_insert (HtmlContext *context, HtmlEscape *out_escape)
{
    *out_escape = HTML_ESCAPE_TEXT;
    switch (context->place) {
    case HTML_TEXT:
        return NULL;
    case HTML_ESCAPABLE:
        context->recent = 0;
        return context->progress == 0 ? NULL : "a value cannot stand in a tag's name";
    case HTML_QUOTED:
        return insert_quoted (context, out_escape);
    case HTML_RAW:
        return "no value can be made safe in a script, a style or the like";
    case HTML_COMMENT:
    case HTML_MARKUP:
    case HTML_MARKUP_OPEN:
        return "a value cannot stand in a comment or document type";
    case HTML_BEFORE_VALUE:
    case HTML_UNQUOTED:
        return "an attribute with a value in it needs quotes";
    case HTML_TAG_OPEN:
    case HTML_TAG_NAME:
        return "a value cannot stand in a tag's name";
    default:
        return "a value cannot stand in an attribute's name";
    }
}

const char *
html_context_divide (HtmlContext *context)
{
    switch (context->place) {
    case HTML_TEXT:
    case HTML_QUOTED:
    case HTML_IN_TAG:
    case HTML_NEED_BLANK:
        return NULL;
    case HTML_ESCAPABLE:
        context->recent = 0;
        return context->progress == 0 ? NULL : "a block cannot divide a tag's name";
    case HTML_TAG_NAME:
        context->place = HTML_NEED_BLANK;
        return NULL;
    case HTML_ATTRIBUTE_NAME:
        drop_attribute (context);
        context->place = HTML_NEED_BLANK;
        return NULL;
    case HTML_AFTER_NAME:
        drop_attribute (context);
        context->place = HTML_IN_TAG;
        return NULL;
    default:
        return "a block can neither begin nor end here";
    }
}

gboolean
html_context_join (HtmlContext *context, const HtmlContext *other)
{
    HtmlContext a = *context, b = *other;

    a.has_pragma = b.has_pragma = a.has_pragma || b.has_pragma;
    a.has_inserted = b.has_inserted = a.has_inserted || b.has_inserted;
    /* The stricter of the two. */
    if (a.place == HTML_IN_TAG && b.place == HTML_NEED_BLANK)
        a.place = HTML_NEED_BLANK;
    else if (b.place == HTML_IN_TAG && a.place == HTML_NEED_BLANK)
        b.place = HTML_NEED_BLANK;
    /* In the text of an element these two look back only. */
    if (a.place == HTML_ESCAPABLE)
        a.recent = b.recent = 0;
    *context = a;
    return memcmp (&a, &b, sizeof a) == 0;
}

const char *
html_context_insert_json (HtmlContext *context)
{
    if (context->place != HTML_RAW || !is_tag (context, "script"))
        return "JSON can be inserted into a script element only";
    if (context->has_text || context->has_json || context->progress > 0)
        return only_json;
    context->has_json = TRUE;
    return NULL;
}
