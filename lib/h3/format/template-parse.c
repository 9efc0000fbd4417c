/* SPDX-License-Identifier: MIT
 *
 * A text becomes steps, and each place where a value goes is looked at once, here. */

#include "template-private.h"

#include <h3/base/error.h>

/* A block that is open. */
typedef struct {
    guint op;
    gboolean has_else;
    HtmlContext start;
    HtmlContext behind; /* where the first of two ways led: has_else */
} Block;

typedef struct {
    Template *template; /* borrowed: the caller */
    H3View text;        /* borrowed: the arena */
    gsize at;
    gsize tag;     /* where the construct under way begins */
    gsize counted; /* line ends before it are */
    guint line;
    HtmlContext context;
    Block blocks[H3_TEMPLATE_MAX_DEPTH];
    guint n_blocks;
    GError **error;
} Parse;

static guint
get_line (const Parse *parse, gsize offset, guint *out_column)
{
    guint line = 1;

    *out_column = 1;
    for (gsize i = 0; i < offset; i++) {
        if (parse->text.data[i] == '\n') {
            line++;
            *out_column = 1;
        } else if (((guchar) parse->text.data[i] & 0xc0) != 0x80) {
            (*out_column)++;
        }
    }
    return line;
}

static gboolean
refuse (const Parse *parse, gsize offset, const char *why)
{
    guint column;
    guint line = get_line (parse, offset, &column);

    g_set_error (parse->error, H3_ERROR, H3_ERROR_SYNTAX, "%s: line %u, column %u: %s",
                 parse->template->name, line, column, why);
    return FALSE;
}

/* What a construct does is told where it begins; NULL passes. */
static gboolean
check (const Parse *parse, const char *why)
{
    return why == NULL || refuse (parse, parse->tag, why);
}

static TemplateOp *
add_op (Parse *parse, TemplateKind kind)
{
    TemplateOp op = { .kind = (guint8) kind };

    for (; parse->counted < parse->tag; parse->counted++)
        parse->line += parse->text.data[parse->counted] == '\n';
    op.line = parse->line;
    g_array_append_val (parse->template->ops, op);
    return &g_array_index (parse->template->ops, TemplateOp, parse->template->ops->len - 1);
}

static gsize
measure_name (H3View text)
{
    gsize length = 0;

    while (
        length < text.length
        && (g_ascii_isalpha (text.data[length]) || text.data[length] == '_'
            || (length > 0 && (g_ascii_isdigit (text.data[length]) || text.data[length] == '-'))))
        length++;
    return length;
}

static H3View
skip (H3View text, gsize length)
{
    return h3_view (text.data + length, text.length - length);
}

/* Takes ".name" or "[12]" off the front. */
static gboolean
take_step (H3View *rest, TemplateStep *step)
{
    gssize end;
    guint64 index;
    gsize length;

    if (*rest->data == '.') {
        *rest = skip (*rest, 1);
        length = measure_name (*rest);
        step->name = h3_view (rest->data, length);
        *rest = skip (*rest, length);
        return length > 0;
    }
    end = h3_view_find (*rest, ']');
    if (*rest->data != '[' || end < 0
        || !h3_view_parse_uint (h3_view (rest->data + 1, (gsize) end - 1), G_MAXUINT32, &index))
        return FALSE;
    *step = (TemplateStep){ H3_VIEW_EMPTY, (gsize) index };
    *rest = skip (*rest, (gsize) end + 1);
    return TRUE;
}

static gboolean
is_special (const char *root)
{
    return strcmp (root, "@index") == 0 || strcmp (root, "@key") == 0
           || strcmp (root, "@first") == 0 || strcmp (root, "@last") == 0;
}

static gboolean
read_path (H3Arena *arena, H3View text, TemplatePath *path)
{
    gboolean is_at = text.length > 0 && *text.data == '@';
    gsize length = measure_name (skip (text, is_at)) + is_at;
    TemplateStep *steps = h3_arena_alloc (arena, (text.length + 1) * sizeof *steps);
    H3View rest = skip (text, length);

    if (length == (gsize) is_at)
        return FALSE;
    *path =
        (TemplatePath){ text, h3_arena_dup_view (arena, h3_view (text.data, length)), steps, 0 };
    while (rest.length > 0) {
        if (!take_step (&rest, &steps[path->n_steps++]))
            return FALSE;
    }
    return !is_at || (is_special (path->root) && path->n_steps == 0);
}

static gboolean
add_value (Parse *parse, H3View path, HtmlEscape escape)
{
    TemplateOp *op = add_op (parse, TEMPLATE_VALUE);

    op->escape = (guint8) escape;
    return read_path (parse->template->arena, path, &op->path)
           || refuse (parse, parse->tag, "a path is names and numbers: a.b[0].c");
}

static gboolean
insert_value (Parse *parse, H3View path)
{
    HtmlEscape escape;

    return check (parse, html_context_insert (&parse->context, &escape))
           && add_value (parse, path, escape);
}

static gboolean
insert_json (Parse *parse, H3View path)
{
    return check (parse, html_context_insert_json (&parse->context))
           && add_value (parse, path, HTML_ESCAPE_JSON);
}

static gboolean
insert_unsafe (Parse *parse, H3View path)
{
    return check (parse, parse->context.place == HTML_TEXT
                             ? NULL
                             : "unsafe-html can stand between tags only")
           && add_value (parse, path, HTML_ESCAPE_NONE);
}

static gboolean
include (Parse *parse, H3View name)
{
    for (gsize i = 0; i < name.length; i++) {
        if (!g_ascii_isalnum (name.data[i]) && strchr ("._-/", name.data[i]) == NULL)
            return refuse (parse, parse->tag, "a template's name is letters, digits, . _ - and /");
    }
    if (parse->context.place != HTML_TEXT || name.length == 0)
        return refuse (parse, parse->tag,
                       name.length == 0 ? "the name of a template is missing"
                                        : "a template can be included between tags only");
    add_op (parse, TEMPLATE_INCLUDE)->name = h3_arena_dup_view (parse->template->arena, name);
    return TRUE;
}

static gboolean
open_block (Parse *parse, TemplateKind kind, H3View path, H3View name)
{
    Block *block = &parse->blocks[parse->n_blocks];
    TemplateOp *op;

    if (parse->n_blocks == H3_TEMPLATE_MAX_DEPTH)
        return refuse (parse, parse->tag, "too many blocks stand in one another");
    if (!check (parse, html_context_divide (&parse->context)))
        return FALSE;
    *block = (Block){ .op = parse->template->ops->len, .start = parse->context };
    parse->n_blocks++;
    op = add_op (parse, kind);
    op->name = h3_arena_dup_view (parse->template->arena, name);
    return read_path (parse->template->arena, path, &op->path)
           || refuse (parse, parse->tag, "a path is names and numbers: a.b[0].c");
}

/* "PATH" or "PATH as NAME" */
static gboolean
open_each (Parse *parse, H3View rest)
{
    H3View path, as, name = H3_VIEW ("this");

    (void) h3_view_split (&rest, ' ', &path);
    if (rest.data != NULL) {
        rest = h3_view_trim (rest);
        (void) h3_view_split (&rest, ' ', &as);
        name = h3_view_trim (rest.data != NULL ? rest : H3_VIEW_EMPTY);
        if (!h3_view_equal (as, H3_VIEW ("as")) || name.length == 0
            || measure_name (name) != name.length)
            return refuse (parse, parse->tag, "it is {{#each PATH}} or {{#each PATH as NAME}}");
    }
    return open_block (parse, TEMPLATE_EACH, path, name);
}

static const char ways_differ[] =
    "the ways through this block end in different places of a tag, an "
    "attribute or a URL";

/* Of an `each` both must lead back to where it begins: it may run never, or again. */
static gboolean
end_way (Parse *parse, const Block *block, gboolean is_each)
{
    HtmlContext start = block->start;

    if (!check (parse, html_context_divide (&parse->context)))
        return FALSE;
    if (is_each
        && (!html_context_join (&start, &parse->context) || start.place != block->start.place))
        return refuse (parse, parse->tag, ways_differ);
    return TRUE;
}

static gboolean
turn_to_else (Parse *parse)
{
    Block *block = parse->n_blocks > 0 ? &parse->blocks[parse->n_blocks - 1] : NULL;
    TemplateOp *op;

    if (block == NULL || block->has_else)
        return refuse (parse, parse->tag, "there is no block that this is the else of");
    op = &g_array_index (parse->template->ops, TemplateOp, block->op);
    if (!end_way (parse, block, op->kind == TEMPLATE_EACH))
        return FALSE;
    op->otherwise = parse->template->ops->len;
    block->has_else = TRUE;
    block->behind = parse->context;
    parse->context = block->start;
    return TRUE;
}

static gboolean
close_block (Parse *parse, TemplateKind kind)
{
    Block *block = parse->n_blocks > 0 ? &parse->blocks[parse->n_blocks - 1] : NULL;
    TemplateOp *op = NULL;

    if (block != NULL)
        op = &g_array_index (parse->template->ops, TemplateOp, block->op);
    if (op == NULL || op->kind != kind)
        return refuse (parse, parse->tag, "there is no such block open");
    if (!end_way (parse, block, kind == TEMPLATE_EACH))
        return FALSE;
    op->end = parse->template->ops->len;
    if (!block->has_else)
        op->otherwise = op->end;
    if (!html_context_join (&parse->context, block->has_else ? &block->behind : &block->start))
        return refuse (parse, parse->tag, ways_differ);
    parse->n_blocks--;
    return TRUE;
}

/* Takes `word`, and a blank behind it, off the front. */
static gboolean
take_word (H3View *text, H3View word)
{
    if (!h3_view_starts_with (*text, word) || text->length == word.length
        || strchr (" \t\r\n", text->data[word.length]) == NULL)
        return FALSE;
    *text = h3_view_trim (skip (*text, word.length));
    return TRUE;
}

/* What stands between the braces. */
static gboolean
read_construct (Parse *parse, H3View text)
{
    if (text.length == 0)
        return refuse (parse, parse->tag, "there is nothing between the braces");
    if (*text.data == '!')
        return TRUE;
    if (*text.data == '{')
        return refuse (parse, parse->tag, "what is not to be escaped is {{unsafe-html PATH}}");
    if (*text.data == '>')
        return include (parse, h3_view_trim (skip (text, 1)));
    if (take_word (&text, H3_VIEW ("#if")))
        return open_block (parse, TEMPLATE_IF, text, H3_VIEW_EMPTY);
    if (take_word (&text, H3_VIEW ("#each")))
        return open_each (parse, text);
    if (h3_view_equal (text, H3_VIEW ("else")))
        return turn_to_else (parse);
    if (h3_view_equal (text, H3_VIEW ("/if")))
        return close_block (parse, TEMPLATE_IF);
    if (h3_view_equal (text, H3_VIEW ("/each")))
        return close_block (parse, TEMPLATE_EACH);
    if (take_word (&text, H3_VIEW ("json")))
        return insert_json (parse, text);
    if (take_word (&text, H3_VIEW ("unsafe-html")))
        return insert_unsafe (parse, text);
    return insert_value (parse, text);
}

/* Up to the next construct, or to the end. */
static gboolean
read_text (Parse *parse)
{
    const char *start = parse->text.data + parse->at;
    gsize left = parse->text.length - parse->at;
    const char *next = g_strstr_len (start, (gssize) left, "{{");
    gsize length = next != NULL ? (gsize) (next - start) : left;

    parse->tag = parse->at;
    for (gsize i = 0; i < length; i++) {
        const char *why = html_context_step (&parse->context, start[i]);

        if (why != NULL)
            return refuse (parse, parse->at + i, why);
    }
    if (length > 0)
        add_op (parse, TEMPLATE_TEXT)->text = h3_view (start, length);
    parse->at += length;
    return TRUE;
}

/* From the braces to those that close them. */
static gboolean
read_tag (Parse *parse)
{
    const char *start = parse->text.data + parse->at + 2;
    const char *end = g_strstr_len (start, (gssize) (parse->text.length - parse->at) - 2, "}}");
    H3View text;

    parse->tag = parse->at;
    if (end == NULL)
        return refuse (parse, parse->tag, "these braces are not closed");
    text = h3_view (start, (gsize) (end - start));
    parse->at += text.length + 4;
    while (text.length > 0 && g_ascii_isspace (*text.data))
        text = skip (text, 1);
    while (text.length > 0 && g_ascii_isspace (text.data[text.length - 1]))
        text.length--;
    return read_construct (parse, text);
}

static gboolean
read_all (Parse *parse)
{
    const char *bad;

    if (!g_utf8_validate_len (parse->text.data, parse->text.length, &bad))
        return refuse (parse, (gsize) (bad - parse->text.data), "it is not UTF-8");
    while (parse->at < parse->text.length) {
        if (!read_text (parse) || (parse->at < parse->text.length && !read_tag (parse)))
            return FALSE;
    }
    if (parse->n_blocks > 0)
        return refuse (parse, parse->at, "a block is not closed");
    if (parse->context.place != HTML_TEXT)
        return refuse (parse, parse->at, "it ends within a tag, a comment or an element's text");
    return TRUE;
}

Template *
template_parse (H3Arena *arena, const char *name, H3View text, GError **error)
{
    Template *template = g_new0 (Template, 1);
    Parse parse = { .template = template, .text = text, .line = 1, .error = error };

    template->name = name;
    template->arena = arena;
    template->ops = g_array_new (FALSE, FALSE, sizeof (TemplateOp));
    if (read_all (&parse))
        return template;
    template_free (template);
    return NULL;
}

void
template_free (Template *template)
{
    if (template == NULL)
        return;
    g_array_unref (template->ops);
    h3_arena_free (template->arena);
    g_free (template);
}
