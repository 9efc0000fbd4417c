/* SPDX-License-Identifier: MIT
 *
 * Answers of a status that the client chooses, one of several by chance. */

#include "demo.h"

#include "demo-route.h"

#include <math.h>

#define FIRST_STATUS 200
#define LAST_STATUS  599

/* What a status is answered with beside itself. */
typedef struct {
    guint status;
    const char *name; /* of a field; NULL: none */
    const char *value;
    const char *type; /* of the body; NULL: none */
    const char *body;
} Special;

#define TEXT "text/plain; charset=utf-8"

static const char teapot[] = "\n"
                             "             (_)\n"
                             "    __    .-'===`-.   _\n"
                             "   `. \\  /  o   o  \\/` `.\n"
                             "     \\ \\/           |-.  \\\n"
                             "      \\     '---'   |  | |\n"
                             "       `.           |-'  /\n"
                             "         \\         /.__.'\n"
                             "          `-------'\n"
                             "   Short and stout, and no good for coffee.\n";

static const char acceptable[] =
    "{\"message\": \"None of the media types that are offered is one that the client takes.\", "
    "\"accept\": [\"image/webp\", \"image/svg+xml\", \"image/jpeg\", \"image/png\", \"image/*\"]}";

static const Special specials[] = {
    { 301, "Location", "/redirect/1", NULL, NULL },
    { 302, "Location", "/redirect/1", NULL, NULL },
    { 303, "Location", "/redirect/1", NULL, NULL },
    { 305, "Location", "/redirect/1", NULL, NULL },
    { 307, "Location", "/redirect/1", NULL, NULL },
    { 308, "Location", "/redirect/1", NULL, NULL },
    { 401, "WWW-Authenticate", "Basic realm=\"Fake Realm\"", NULL, NULL },
    { 402, "X-More-Info", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.3", TEXT,
      "Not before somebody has paid.\n" },
    { 406, NULL, NULL, "application/json", acceptable },
    { 407, "Proxy-Authenticate", "Basic realm=\"Fake Realm\"", NULL, NULL },
    { 418, "X-More-Info", "http://tools.ietf.org/html/rfc2324", TEXT, teapot },
};

static void
send_status (H3Event *event, guint status)
{
    for (guint i = 0; i < G_N_ELEMENTS (specials); i++) {
        const Special *special = &specials[i];

        if (special->status != status)
            continue;
        if (special->name != NULL)
            h3_event_set_header (event, special->name, special->value);
        if (special->body != NULL) {
            h3_event_set_status (event, status);
            h3_event_send_static (event, special->type, h3_view_of (special->body));
            return;
        }
    }
    h3_event_send_empty (event, status);
}

typedef struct {
    guint status;
    double weight;
} Choice;

/* strtod () would also take blanks, signs, names and hexadecimal digits. */
static gboolean
parse_weight (H3View view, double *out_weight)
{
    g_autofree char *text = h3_view_dup (view);
    char *end;

    if (*text == '\0' || strspn (text, "0123456789.eE+-") != view.length)
        return FALSE;
    *out_weight = g_ascii_strtod (text, &end);
    return *end == '\0' && isfinite (*out_weight) && *out_weight >= 0;
}

/* "500" or "500:0.2". */
static gboolean
parse_choice (H3View text, Choice *out_choice)
{
    H3View code;
    guint64 status;

    (void) h3_view_split (&text, ':', &code);
    if (!h3_view_parse_uint (code, LAST_STATUS, &status) || status < FIRST_STATUS)
        return FALSE;
    out_choice->status = (guint) status;
    out_choice->weight = 1;
    return text.data == NULL || parse_weight (text, &out_choice->weight);
}

/* One of the choices, as likely as it is heavy; 0 where they cannot be read, or all weigh
 * nothing. */
static guint
choose_status (H3View codes)
{
    g_autoptr (GArray) choices = g_array_new (FALSE, FALSE, sizeof (Choice));
    guint chosen = 0;
    double sum = 0, place;
    H3View part;

    while (h3_view_split (&codes, ',', &part)) {
        Choice choice;

        if (!parse_choice (part, &choice))
            return 0;
        sum += choice.weight;
        g_array_append_val (choices, choice);
    }
    if (!isfinite (sum))
        return 0;
    place = g_random_double () * sum;
    for (guint i = 0; i < choices->len && place >= 0; i++) {
        const Choice *choice = &g_array_index (choices, Choice, i);

        if (choice->weight > 0)
            chosen = choice->status;
        place -= choice->weight;
    }
    return chosen;
}

static void
answer_status (H3Event *event, gpointer user_data)
{
    guint status = choose_status (h3_view_of (h3_event_get_param (event, "codes")));

    if (status == 0)
        h3_event_fail (event, h3_http_error_new (400,
                                                 "a status is a number from %d to %d; several "
                                                 "stand with commas between, and may have weights: "
                                                 "200:3,500:0.5",
                                                 FIRST_STATUS, LAST_STATUS));
    else
        send_status (event, status);
}

void
demo_add_status (H3App *app)
{
    demo_add (app, "*", "/status/:codes", answer_status, NULL,
              "Answers with that status, or one of several: 200:3,500:1");
}
