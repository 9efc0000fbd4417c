/* SPDX-License-Identifier: MIT
 *
 * Documents that are always the same, one of each media type that clients are tried with. */

#include "demo.h"

#include "demo-route.h"

static const char prose[] =
    "<h1>The night ferry</h1>\n"
    "<div>\n"
    "<p>The last ferry left the quay at a quarter to eleven, as it had on every evening\n"
    "since the harbour was dredged. The mate counted nine lorries, two bicycles and a piano,\n"
    "which travelled under a tarpaulin to a school on the far side of the sound. Nobody\n"
    "stayed on deck for long. The wind had gone round to the north in the afternoon, and it\n"
    "carried the first cold of the year with it.</p>\n"
    "<p>Half an hour out, where the lights of both shores can be seen, the engineer came up\n"
    "with a pot of coffee and found a passenger sitting at the piano. She had folded back one\n"
    "corner of the tarpaulin and was playing with two fingers, so softly that it could have\n"
    "been the rigging. “It is out of tune,” she said, “but so am I.” They were in port before\n"
    "the pot was empty.</p>\n"
    "</div>\n";

static const char slides_xml[] =
    "<?xml version='1.0' encoding='us-ascii'?>\n"
    "\n"
    "<!-- A talk in two slides. -->\n"
    "<slideshow title=\"All about tea\" date=\"Some Tuesday\" author=\"A. Kettle\">\n"
    "\n"
    "  <slide type=\"all\">\n"
    "    <title>Put the water on</title>\n"
    "  </slide>\n"
    "\n"
    "  <slide type=\"all\">\n"
    "    <title>What follows</title>\n"
    "    <item>How <em>hot</em> it has to be</item>\n"
    "    <item/>\n"
    "    <item>How <em>long</em> it takes</item>\n"
    "  </slide>\n"
    "\n"
    "</slideshow>\n";

static const char slides_json[] = "{\n"
                                  "  \"slideshow\": {\n"
                                  "    \"author\": \"A. Kettle\",\n"
                                  "    \"date\": \"Some Tuesday\",\n"
                                  "    \"slides\": [\n"
                                  "      {\n"
                                  "        \"title\": \"Put the water on\",\n"
                                  "        \"type\": \"all\"\n"
                                  "      },\n"
                                  "      {\n"
                                  "        \"items\": [\n"
                                  "          \"How <em>hot</em> it has to be\",\n"
                                  "          \"How <em>long</em> it takes\"\n"
                                  "        ],\n"
                                  "        \"title\": \"What follows\",\n"
                                  "        \"type\": \"all\"\n"
                                  "      }\n"
                                  "    ],\n"
                                  "    \"title\": \"All about tea\"\n"
                                  "  }\n"
                                  "}\n";

static const char robots[] = "# All may be fetched but one page.\n"
                             "User-agent: *\n"
                             "Disallow: /deny\n";

static const char deny[] = "\n"
                           "    .------------------.\n"
                           "    |   NOT FOR        |\n"
                           "    |       ROBOTS     |\n"
                           "    '--------..--------'\n"
                           "             ||\n"
                           "   ^  ^^     ||   ^ ^^\n"
                           "\n"
                           "   robots.txt asked you to stay away.\n";

/* What each line tries is named in it. */
static const char letters[] =
    "<h1>Letters of many languages</h1>\n"
    "<pre>\n"
    "Latin          Der Tee ist heiß. · Le thé est très chaud. · Teið er heitt, þú.\n"
    "Turkish        Çay sıcak.\n"
    "Vietnamese     Trà rất nóng.\n"
    "Greek          Το τσάι είναι ζεστό.\n"
    "Cyrillic       Чай горячий, осторожно!\n"
    "Armenian       Թեյը տաք է։\n"
    "Georgian       ჩაი ცხელია.\n"
    "Hebrew         התה חם.\n"
    "Arabic         الشاي ساخن.\n"
    "Devanagari     चाय गरम है।\n"
    "Thai           ชาร้อน\n"
    "Chinese        茶很热。\n"
    "Japanese       お茶が熱いです。\n"
    "Korean         차가 뜨거워요.\n"
    "\n"
    "Mathematics    ∀ε &gt; 0 ∃δ &gt; 0: |x − a| &lt; δ ⇒ |f(x) − f(a)| &lt; ε\n"
    "               ∑ 1∕n² = π²∕6     √2 ∉ ℚ\n"
    "Punctuation    “double”, ‘single’, „low“, «angled», – — … † ‰ €\n"
    "Combining      e + ◌́ = é (one letter, of two characters: é)\n"
    "Beyond 16 bit  𝄞 𝕙𝟛 𐍈 🫖 ☕ 🧑‍🔬\n"
    "\n"
    "┌────────┬────────┐   ▁▂▃▄▅▆▇█\n"
    "│ green  │  80 °C │   ░▒▓█ ▘▝▖▗\n"
    "├────────┼────────┤   ⠓⠼⠉ ⣿⡇\n"
    "│ black  │ 100 °C │   ← ↑ → ↓ ⇄\n"
    "└────────┴────────┘   ♔ ♕ ♖ ♗ ♘ ♙\n"
    "</pre>\n";

/* The fields are named as those of httpbin.org's form, which clients' tests fill in. */
static const char form[] =
    "<form method=\"post\" action=\"/post\">\n"
    "<p><label>Your name <input name=\"custname\"></label></p>\n"
    "<p><label>Telephone <input type=\"tel\" name=\"custtel\"></label></p>\n"
    "<p><label>E-mail <input type=\"email\" name=\"custemail\"></label></p>\n"
    "<fieldset>\n"
    "<legend>How large?</legend>\n"
    "<p><label><input type=\"radio\" name=\"size\" value=\"small\"> for one</label></p>\n"
    "<p><label><input type=\"radio\" name=\"size\" value=\"medium\"> for two</label></p>\n"
    "<p><label><input type=\"radio\" name=\"size\" value=\"large\"> for all</label></p>\n"
    "</fieldset>\n"
    "<fieldset>\n"
    "<legend>With what?</legend>\n"
    "<p><label><input type=\"checkbox\" name=\"topping\" value=\"bacon\"> bacon</label></p>\n"
    "<p><label><input type=\"checkbox\" name=\"topping\" value=\"cheese\"> cheese</label></p>\n"
    "<p><label><input type=\"checkbox\" name=\"topping\" value=\"onion\"> onions</label></p>\n"
    "<p><label><input type=\"checkbox\" name=\"topping\" value=\"mushroom\"> "
    "mushrooms</label></p>\n"
    "</fieldset>\n"
    "<p><label>At what time? <input type=\"time\" min=\"11:00\" max=\"21:00\" step=\"900\" "
    "name=\"delivery\">\n"
    "</label></p>\n"
    "<p><label>What else should we know? <textarea name=\"comments\"></textarea></label></p>\n"
    "<p><button>Send</button></p>\n"
    "</form>\n";

/* A text, or the body of a page. */
typedef struct {
    const char *path;
    const char *type;  /* NULL: a page */
    const char *title; /* of the page */
    H3View text;       /* borrowed: above */
    const char *what;
} Document;

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof literal - 1                                                                \
    }

static const Document documents[] = {
    { "/html", NULL, "The night ferry", TEXT (prose), "A page of prose" },
    { "/json", "application/json", NULL, TEXT (slides_json), "A document in JSON" },
    { "/xml", "application/xml", NULL, TEXT (slides_xml), "The same in XML" },
    { "/robots.txt", "text/plain", NULL, TEXT (robots), "What robots may not fetch" },
    { "/deny", "text/plain", NULL, TEXT (deny), "What /robots.txt denies them" },
    { "/encoding/utf8", NULL, "Letters", TEXT (letters), "A page in many scripts" },
    { "/forms/post", NULL, "A form", TEXT (form), "A form that is sent to /post" },
};

static void
send_page (H3Event *event, const Document *document)
{
    g_autofree char *page = g_strconcat (
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>",
        document->title,
        "</title>\n<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;"
        "max-width:40rem;margin:2rem auto;padding:0 1rem}</style></head>\n<body>\n",
        document->text.data, "</body>\n</html>\n", NULL);

    h3_event_send_html (event, page);
}

static void
show_document (H3Event *event, gpointer user_data)
{
    const Document *document = user_data;

    if (document->type == NULL)
        send_page (event, document);
    else
        h3_event_send_static (event, document->type, document->text);
}

void
demo_add_document (H3App *app)
{
    for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
        demo_add (app, "GET", documents[i].path, show_document, (gpointer) &documents[i],
                  documents[i].what);
}
