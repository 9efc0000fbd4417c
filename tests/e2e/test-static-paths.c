/* SPDX-License-Identifier: MIT
 *
 * Spellings of paths that other servers have let out of their directory, byte for byte: none gives
 * what lies outside, nor what is hidden. */

#include "tests/support/file-server.h"
#include "tests/support/suite.h"

#include <string.h>

/* 400: the wire refuses it, 404: it names no file. */
typedef struct {
    const char *target;
    guint status;
} Spelling;

static void
expect_all (int way, const Spelling *spellings, guint n)
{
    file_server_start (way);
    file_tree_write (&file_server.tree, ".hidden", "secret");
    file_tree_write (&file_server.tree, "sub/inner/b.txt", "text B");
    for (guint i = 0; i < n; i++) {
        g_autofree char *line = g_strconcat ("GET ", spellings[i].target, NULL);
        g_autoptr (RawAnswer) answer = file_server_ask (line, "");

        ck_assert_msg (answer->status == spellings[i].status, "%u, not %u, to %s", answer->status,
                       spellings[i].status, line);
        ck_assert_msg (strstr (answer->body->str, "secret") == NULL, "%s got out", line);
    }
    file_server_end ();
}

#define EXPECT_ALL(spellings) expect_all (_i, spellings, G_N_ELEMENTS (spellings))

START_TEST (dots_lead_nowhere)
{
    static const Spelling spellings[] = {
        { "/../secret.txt", 404 },
        { "/../../../../../../../../etc/passwd", 404 },
        { "/sub/../../secret.txt", 404 },
        { "/sub/../../root/../secret.txt", 404 },
        { "/./../secret.txt", 404 },
        { "/..", 404 },
        { "/../", 404 },
        { "/sub/..", 404 },
        { "/.../secret.txt", 404 },
        { "/..../secret.txt", 404 },
        { "/sub/.../../../secret.txt", 404 },
    };

    EXPECT_ALL (spellings);
}
END_TEST

START_TEST (escaped_dots_lead_nowhere)
{
    static const Spelling spellings[] = {
        { "/%2e%2e/secret.txt", 404 },
        { "/%2E%2E/secret.txt", 404 },
        { "/.%2e/secret.txt", 404 },
        { "/%2e./secret.txt", 404 },
        { "/sub/%2e%2e/%2e%2e/secret.txt", 404 },
        { "/%2e%2e%2fsecret.txt", 404 },
        { "/..%2fsecret.txt", 404 },
        { "/..%2Fsecret.txt", 404 },
        { "/sub%2f..%2f..%2fsecret.txt", 404 },
        { "/%2fetc%2fpasswd", 404 },
        { "/%2f..%2fsecret.txt", 404 },
        { "/sub/inner%2fb.txt", 404 },
        { "/%2ehidden", 404 },
    };

    EXPECT_ALL (spellings);
}
END_TEST

START_TEST (escapes_are_decoded_once)
{
    static const Spelling spellings[] = {
        { "/%252e%252e/secret.txt", 404 }, { "/%252e%252e%252fsecret.txt", 404 },
        { "/..%252fsecret.txt", 404 },     { "/%25252e%25252e/secret.txt", 404 },
        { "/%252ehidden", 404 },           { "/a%252etxt", 404 },
    };

    EXPECT_ALL (spellings);
}
END_TEST

START_TEST (backslashes_are_no_slashes)
{
    static const Spelling spellings[] = {
        { "/..\\secret.txt", 400 },         { "\\..\\secret.txt", 400 },
        { "/..%5csecret.txt", 404 },        { "/..%5Csecret.txt", 404 },
        { "/%2e%2e%5csecret.txt", 404 },    { "/sub%5c..%5c..%5csecret.txt", 404 },
        { "/..%255csecret.txt", 404 },      { "/%5c%5chost%5cshare", 404 },
        { "/sub/..%5c../secret.txt", 404 }, { "/..%5c/../secret.txt", 404 },
        { "/%5c../secret.txt", 404 },       { "/..//\\secret.txt", 400 },
    };

    EXPECT_ALL (spellings);
}
END_TEST

START_TEST (nothing_is_cut_at_a_nul)
{
    static const Spelling spellings[] = {
        { "/a.txt%00", 400 },          { "/a.txt%00.html", 400 }, { "/%00/../secret.txt", 400 },
        { "/..%00/secret.txt", 400 },  { "/a.txt%2500", 404 },    { "/a.txt%0a", 400 },
        { "/a.txt%0d%0aX:%20y", 400 }, { "/a.txt%7f", 400 },
    };

    EXPECT_ALL (spellings);
}
END_TEST

START_TEST (absolute_paths_are_none)
{
    static const Spelling spellings[] = {
        { "//etc/passwd", 404 },
        { "///etc/passwd", 404 },
        { "/sub//etc/passwd", 404 },
        { "/sub///inner/b.txt", 404 },
        { "/sub//inner/b.txt", 404 },
        { "//sub//", 404 },
        { "/.//etc/passwd", 404 },
        { "/sub/..//..//secret.txt", 404 },
        { "http://h.example//etc/passwd", 404 },
        { "http://h.example/../secret.txt", 404 },
        { "file:///etc/passwd", 400 },
        { "etc/passwd", 400 },
    };

    EXPECT_ALL (spellings);
}
END_TEST

START_TEST (what_other_systems_strip_is_a_name)
{
    static const Spelling spellings[] = {
        { "/C:/secret.txt", 404 },    { "/c:%5csecret.txt", 404 },
        { "/C%3a/secret.txt", 404 },  { "/a.txt::$DATA", 404 },
        { "/a.txt%3a%3a$DATA", 404 }, { "/sub::$INDEX_ALLOCATION/page.html", 404 },
        { "/a.txt.", 404 },           { "/a.txt%20", 404 },
        { "/a.txt%20.", 404 },        { "/a.txt/", 404 },
        { "/a.txt/.", 404 },          { "/A.TXT", 404 },
        { "/a~1.txt", 404 },          { "/nul", 404 },
        { "/sub./page.html", 404 },   { "/sub%20/page.html", 404 },
        { "/.hidden.", 404 },         { "/%20.hidden", 404 },
    };

    EXPECT_ALL (spellings);
}
END_TEST

START_TEST (letters_have_one_spelling)
{
    static const Spelling spellings[] = {
        { "/%c0%ae%c0%ae/secret.txt", 400 },
        { "/%c0%ae%c0%ae%c0%afsecret.txt", 400 },
        { "/..%c0%afsecret.txt", 400 },
        { "/..%c1%9csecret.txt", 400 },
        { "/%e0%80%ae%e0%80%ae/secret.txt", 400 },
        { "/%f0%80%80%ae/secret.txt", 400 },
        { "/..%e0%80%afsecret.txt", 400 },
        { "/%ef%bc%8e%ef%bc%8e/secret.txt", 404 },
        { "/..%ef%bc%8fsecret.txt", 404 },
        { "/..%e2%88%95secret.txt", 404 },
        { "/%ff", 400 },
        { "/%u002e%u002e/secret.txt", 400 },
        { "/%uff0e%uff0e/secret.txt", 400 },
        { "/%ed%a0%80", 400 },
    };

    EXPECT_ALL (spellings);
}
END_TEST

START_TEST (parameters_of_segments_are_part_of_names)
{
    static const Spelling spellings[] = {
        { "/..;/secret.txt", 404 },
        { "/..;a=b/secret.txt", 404 },
        { "/sub/..;/..;/secret.txt", 404 },
        { "/;/../secret.txt", 404 },
        { "/a.txt;x", 404 },
        { "/%2e%2e;/secret.txt", 404 },
        { "/..%3b/secret.txt", 404 },
        { "/sub;/page.html", 404 },
        { "/..%23/secret.txt", 404 },
        { "/..%3f/secret.txt", 404 },
        { "/../secret.txt?a.txt", 404 },
        { "/..?/../secret.txt", 404 },
        { "/a.txt%3fx", 404 },
        { "/%2e%2e%3f/../../secret.txt", 404 },
    };

    EXPECT_ALL (spellings);
}
END_TEST

START_TEST (long_names_name_nothing)
{
    g_autofree char *name = g_strnfill (300, 'n');
    g_autofree char *long_name = g_strconcat ("/", name, NULL);
    g_autofree char *deep = g_strnfill (6000, '/');
    Spelling spellings[] = { { long_name, 404 }, { deep, 404 } };

    for (guint i = 1; i < 6000; i += 2)
        deep[i] = 'd';
    EXPECT_ALL (spellings);
}
END_TEST

/* What is refused above is refused because it leads out, not because nothing is served. */
START_TEST (other_spellings_of_a_file_are_that_file)
{
    static const char *const targets[] = {
        "/a.txt",
        "//a.txt",
        "/./a.txt",
        "/sub/../a.txt",
        "/sub/%2e%2e/a.txt",
        "/%61.txt",
        "/a%2Etxt",
        "/../a.txt",
        "/sub/inner/../../a.txt",
        "/x/../a.txt",
        "/a.txt?../secret.txt",
        "http://h.example/a.txt",
    };

    file_server_start (_i);
    for (guint i = 0; i < G_N_ELEMENTS (targets); i++) {
        g_autofree char *line = g_strconcat ("GET ", targets[i], NULL);

        file_server_expect (line, 200, "text A");
    }
    file_server_end ();
}
END_TEST

START_TEST (names_may_have_any_letters)
{
    file_server_start (_i);
    file_tree_write (&file_server.tree, "100%.txt", "percent");
    file_tree_write (&file_server.tree, "a b+c&d;e=f,g@h!.txt", "marks");
    file_tree_write (&file_server.tree, "\xc3\xa9t\xc3\xa9/\xe2\x82\xac.txt", "letters");
    file_tree_write (&file_server.tree, "what?.txt", "question");
    file_tree_write (&file_server.tree, "a:b.txt", "colon");
    file_tree_write (&file_server.tree, "dots..in.it", "dots");
    file_server_expect ("GET /100%25.txt", 200, "percent");
    file_server_expect ("GET /a%20b+c&d;e=f,g@h!.txt", 200, "marks");
    file_server_expect ("GET /%c3%a9t%C3%A9/%e2%82%ac.txt", 200, "letters");
    file_server_expect ("GET /what%3F.txt", 200, "question");
    file_server_expect ("GET /a:b.txt", 200, "colon");
    file_server_expect ("GET /dots..in.it", 200, "dots");
    file_server_end ();
}
END_TEST

static void
add (Suite *suite)
{
    static const TTest *const *const tests[] = {
        &dots_lead_nowhere,
        &escaped_dots_lead_nowhere,
        &escapes_are_decoded_once,
        &backslashes_are_no_slashes,
        &nothing_is_cut_at_a_nul,
        &absolute_paths_are_none,
        &what_other_systems_strip_is_a_name,
        &letters_have_one_spelling,
        &parameters_of_segments_are_part_of_names,
        &long_names_name_nothing,
        &other_spellings_of_a_file_are_that_file,
        &names_may_have_any_letters,
    };

    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        file_server_add_test (suite, *tests[i]);
}

int
main (void)
{
    return suite_run ("e2e/static-paths", add);
}
