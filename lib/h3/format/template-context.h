/* SPDX-License-Identifier: MIT
 *
 * Where in an HTML document a text leaves off, as browsers read it (WHATWG HTML §13.2.5), and so
 * what may be inserted there and how it must be escaped. Stricter where browsers mend: what they
 * would guess at is refused. A value; any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*   TEXT ── < ──▶ TAG_OPEN ── letter ──▶ TAG_NAME ── blank ──▶ IN_TAG ── > ──▶ TEXT, RAW, ESCAPABLE
 *                    │ ! ? /                                  │   ▲
 *                    ▼                          ATTRIBUTE_NAME ◀┘   └── blank ── NEED_BLANK
 *   TEXT ◀── MARKUP, COMMENT              BEFORE_VALUE ── " or ' ──▶ QUOTED ────────▲
 *
 * Each arrow is the function that steps out of its state, step_… (). */
typedef enum {
    HTML_TEXT,           /* between tags */
    HTML_ESCAPABLE,      /* in a title or textarea: text with no tags in it */
    HTML_RAW,            /* in a script, style or the like */
    HTML_TAG_OPEN,       /* behind '<' or '</' */
    HTML_MARKUP_OPEN,    /* behind '<!' */
    HTML_MARKUP,         /* a document type and the like: until '>' */
    HTML_COMMENT,        /* until '-->' */
    HTML_TAG_NAME,       /* in the name of a tag */
    HTML_IN_TAG,         /* where an attribute may begin */
    HTML_NEED_BLANK,     /* where one may begin behind a blank */
    HTML_ATTRIBUTE_NAME, /* in the name of one */
    HTML_AFTER_NAME,     /* behind it and a blank */
    HTML_BEFORE_VALUE,   /* behind '=' */
    HTML_QUOTED,         /* in a value between quotes */
    HTML_UNQUOTED,       /* in one without */
} HtmlPlace;

/* What a value between quotes is to browsers. */
typedef enum {
    HTML_PLAIN,
    HTML_URL,     /* one that a click or a form leads to, or an image */
    HTML_CODE,    /* one that is loaded and has the page's rights */
    HTML_REFUSED, /* a script, a style, a document, a list of URLs */
} HtmlValue;

/* How far a URL is settled. */
typedef enum {
    HTML_URL_START,    /* nothing of it is there */
    HTML_URL_SCHEME,   /* what may become a scheme */
    HTML_URL_INSERTED, /* a value that was inserted, and nothing that settles it */
    HTML_URL_COLON,    /* behind "https:" */
    HTML_URL_SLASH,    /* behind the first slash */
    HTML_URL_HOST,     /* in the host, or behind "//" */
    HTML_URL_PATH,     /* scheme and host are settled */
    HTML_URL_QUERY,    /* behind '?' or '#' */
    HTML_URL_REFUSED,  /* of a scheme that runs scripts, or too odd to tell */
} HtmlUrl;

typedef enum {
    HTML_ESCAPE_TEXT,      /* text, and plain values */
    HTML_ESCAPE_WHOLE_URL, /* the value chooses the scheme: only some */
    HTML_ESCAPE_URL,       /* a part of a URL before its query */
    HTML_ESCAPE_QUERY,     /* one name or value of a query */
    HTML_ESCAPE_NONE,      /* what the program says is safe */
    HTML_ESCAPE_JSON,      /* the whole of a script element */
} HtmlEscape;

#define HTML_NAME_SIZE 16

/* All that is not of the place is zero, so that two can be compared byte for byte. */
typedef struct {
    guint8 place;
    guint8 value;      /* HtmlValue: QUOTED */
    guint8 url;        /* HtmlUrl: QUOTED */
    guint8 is_end_tag; /* from TAG_OPEN to '>' */
    guint8 progress;   /* in the end of RAW and ESCAPABLE, the beginning of COMMENT */
    guint8 name_length, attribute_length, scheme_length; /* saturate: longer is no name we know */
    char quote;
    char name[HTML_NAME_SIZE];      /* of the tag, or of the element of RAW and ESCAPABLE */
    char attribute[HTML_NAME_SIZE]; /* its name */
    char scheme[HTML_NAME_SIZE];
    guint32 recent;      /* the last four bytes of RAW, ESCAPABLE and COMMENT */
    guint8 has_pragma;   /* a tag with http-equiv */
    guint8 has_inserted; /* a tag with a value inserted into content */
    guint8 has_text;     /* RAW: more than blanks */
    guint8 has_json;     /* RAW: a document */
} HtmlContext;

/* The byte `c` of the template's text. (nullable): why it cannot stand there, static. */
const char *html_context_step (HtmlContext *context, char c);

/* A value is inserted. (nullable): why it cannot be, static; else how to escape it. */
const char *html_context_insert (HtmlContext *context, HtmlEscape *out_escape);

/* What is inserted may go on only where this is true of `context`: a block begins or ends here.
 * (nullable): why it cannot, static. */
const char *html_context_divide (HtmlContext *context);

/* Two ways meet: `context` becomes what both can go on from. FALSE: there is none. */
gboolean html_context_join (HtmlContext *context, const HtmlContext *other);

/* A document is inserted as JSON: all that a script element has. As html_context_insert (). */
const char *html_context_insert_json (HtmlContext *context);

G_END_DECLS
