/* SPDX-License-Identifier: MIT
 *
 * What a configuration is refused for, each by its line and alone. */

#include <h3/app/config-inside.h>
#include <h3/base/error.h>

#include "tests/support/file-tree.h"
#include "tests/support/suite.h"

#include <string.h>
#include <sys/stat.h>

static FileTree tree;

/* (transfer full) */
static H3Config *
read_text (const char *text, const H3Config *before, GError **error)
{
    g_autofree char *path = file_tree_path (&tree, "h3d.conf");

    file_tree_write (&tree, "h3d.conf", text);
    return config_new_after (path, before, error);
}

/* A text, and the only fault that is told: behind the path, from the first colon on. */
static const struct {
    const char *text, *fault;
} wrong[] = {
    { "", ": there is no group in it" },
    { "[files /]\ndirectory = www", ":2: the last line does not end" },
    { "# [listen a]\n\n", ": there is no group in it" },
    { "[listen a]\naddress = localhost:80\n", ":2: address: cannot listen on" },
    { "[listen a]\naddress = http://127.0.0.1:80\n", ":2: address: 'http://127.0.0.1:80': only" },
    { "[listen a]\naddress = 127.0.0.1:80\nmode = 0600\n", ":3: mode: has no effect on" },
    { "[listen a]\naddress = unix:/x\nmode = 0999\n", ":2: address: cannot listen on" },
    { "[listen a]\naddress = 127.0.0.1:80\ntls = yes\n", ":3: tls: TLS needs a certificate" },
    { "[tls]\nminimum = 1.3\n", ":1: has no effect without a [certificate NAME]" },
    { "[certificate a]\ncertificate = none.pem\n", ":2: certificate: " },
    { "[server]\ntrusted-proxies = 10.0.0.0/99\n", ":2: trusted-proxies: " },
    { "[server]\nuser = nobody-of-this-name\n", ":2: user: there is no user" },
    { "[server]\ngroup = 5\n", ":2: group has no effect without user" },
    { "[server]\nprocesses = 2\n[idempotency]\n", ":3: several processes would have a memory" },
    { "[server]\nprocesses = 2\n[rate-limit a]\npreset = api\n",
      ":3: several processes would have a memory each" },
    { "[server]\nprocesses = 2\n[idempotency]\nstore = a\n[store a]\nurl = memory:\n",
      ":4: store: several processes would have a memory each" },
    { "[server]\nprocesses = 1\n[workflows]\nplans = good.json\n"
      "[clients a]\npath = /workflows\nallow = ::1\n",
      ":3: processes share runs by a queue" },
    { "[files /]\ndirectory = none\n", ":2: directory: " },
    { "[files /a]\ndirectory = www\n[files /a/]\ndirectory = www\n",
      ":3: /a/** is served already, by the group on line 1" },
    { "[files a]\ndirectory = www\n", ":1: 'a' is no prefix of paths" },
    { "[files /:a]\ndirectory = www\n", ":1: '/:a' is no prefix of paths" },
    { "[files /]\ndirectory = www\nindex = a/b\n", ":3: index: 'a/b' is no name of a file" },
    { "[proxy /]\nservers = ftp://a\n", ":2: servers: the upstream 'ftp://a'" },
    { "[proxy /]\nservers = http://a weight=0\n", ":2: servers: 'http://a weight=0': behind" },
    { "[proxy /]\nservers = http://a weight=2\n", ":2: servers: weight has no effect with" },
    { "[proxy /]\nservers = http://a\nhealth-rise = 3\n", ":3: health-rise has no effect without" },
    { "[proxy /]\nservers = http://a\nhealth-path = x\n", ":3: health-path: 'x' is no path" },
    { "[proxy /]\nservers = http://a\nheader Host = b\n", ":3: header Host: the proxy sets" },
    { "[proxy /]\nservers = http://a\nto = x\n", ":3: to: " },
    { "[proxy /]\nservers = http://a\nname = a b\n", ":3: name: 'a b' is no token" },
    { "[proxy /]\nservers = http://a\ntls-authorities = none.pem\n", ":3: tls-authorities: " },
    { "[proxy /]\nservers = http://a\nbalance = random\nhash-key = x\n", ":4: hash-key: has no" },
    { "[rule /:]\nvary = A\n", ":1: " },
    { "[rule /a]\nredirect = 200 /b\n",
      ":1: route rule of \"/a\": redirect to \"/b\": 200 is not" },
    { "[rule /a]\nredirect = 308\n", ":2: redirect: write a status and where to" },
    { "[rule /a]\nheader Set-Cookie = b\n",
      ":1: route rule of \"/a\": a rule cannot set the field" },
    { "[rule /a]\ncache-control = private=\n", ":1: " },
    { "[access-log]\nfile = no/x.log\n", ":2: file: " },
    { "[trace]\ntrust-proxies-only = yes\n", ":2: trust-proxies-only: nobody is trusted" },
    { "[security-headers]\nframe-options = MAYBE\n", ":1: " },
    { "[security-headers]\nhsts-preload = yes\n", ":1: Strict-Transport-Security cannot be" },
    { "[cors a]\nmethods = GET\n", ":1: CORS: the policy allows no origin" },
    { "[cors a]\norigins = *\ncredentials = yes\n", ":1: " },
    { "[compression]\ncodings = lzw\n", ":2: codings: " },
    { "[decoding]\ncodings = lzw\n", ":2: codings: " },
    { "[compression]\npath = x\n", ":2: path: 'x' is no prefix of paths" },
    { "[rate-limit a]\n", ":1: how often is not said" },
    { "[rate-limit a]\nrequests = many\nper = 1s\n", ":2: requests takes a number" },
    { "[rate-limit a]\nrequests = 1\nper = long\n", ":3: per takes a time" },
    { "[rate-limit a b]\nrequests = 1\nper = 1s\n", ":1: " },
    { "[rate-limit a]\npreset = api\nby-header = a b\n", ":3: by-header: 'a b' is no name" },
    { "[rate-limit a]\npreset = api\nallow = x\n", ":3: allow: " },
    { "[rate-limit a]\npreset = api\nmethods = get\n", ":3: methods: 'get' is no method" },
    { "[rate-limit a]\npreset = api\nby = user\n", ":3: by: nobody has a name" },
    { "[rate-limit a]\npreset = api\nby = session\n", ":3: by: there are no sessions" },
    { "[rate-limit a]\npreset = api\nstore = x\n", ":3: store: there is no group [store x]" },
    { "[clients a]\nallow = x\n", ":2: allow: " },
    { "[dashboard]\n", ":1: whoever reaches it would see it" },
    { "[dashboard]\n[clients a]\npath = /_h3x\nallow = ::1\n", ":1: whoever reaches it" },
    { "[dashboard]\n[auth a]\npasswords = users\noptional = yes\n", ":1: whoever reaches it" },
    { "[dashboard]\n[auth a]\npasswords = users\nmethods = POST\n", ":1: whoever reaches it" },
    { "[workflows]\nplans = good.json\n[auth a]\npasswords = users\noptional = yes\n",
      ":1: whoever reaches it would run programs" },
    { "[workflows]\nplans = none.json\n[clients a]\nallow = ::1\n", ":2: plans: " },
    { "[workflows]\nplans = bad.json\n[clients a]\nallow = ::1\n", ":2: plans: " },
    { "[workflows]\nplans = calls.json\n[clients a]\nallow = ::1\n",
      ":2: plans: the step 'a' of 'calls' calls a function" },
    { "[workflows]\nplans = good.json;good.json\n[clients a]\nallow = ::1\n",
      ":2: plans: two of them are called 'good'" },
    { "[workflows]\nplans = good.json\n", ":1: whoever reaches it would run programs" },
    { "[store x]\nurl = memory:\n", ":1: has no effect: no group has store = x" },
    { "[auth a]\npasswords = none\n", ":2: passwords: " },
    { "[auth a]\npath = /a\n", ":1: nobody could come in" },
    { "[auth a]\ntokens = none\n", ":2: tokens: " },
    { "[auth a]\ntokens = good.json\n", ":2: tokens: " },
    { "[auth a]\npasswords = users\nissuer = us\n", ":3: issuer" },
    { "[auth a]\ntokens = keys.json\nalgorithms = none\n", ":3: algorithms" },
    { "[sessions]\n", ":1: has no effect alone" },
    { "[csrf]\n", ":1: tokens belong to sessions" },
    { "[health]\nready-path = /health\n", ":1: /health is served already" },
};

START_TEST (what_cannot_be_is_told_by_its_line)
{
    g_autofree char *path = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *wanted = NULL;
    H3Config *config;

    file_tree_init (&tree);
    file_tree_write (&tree, "www/a.txt", "text A");
    file_tree_write (&tree, "bad.json", "{");
    file_tree_write (&tree, "users", "");
    file_tree_write (&tree, "good.json",
                     "{\"name\": \"good\", \"steps\": [{\"id\": \"a\", \"run\": [\"true\"]}]}");
    file_tree_write (&tree, "calls.json",
                     "{\"name\": \"calls\", \"steps\": [{\"id\": \"a\", \"call\": \"b\"}]}");
    file_tree_write (&tree, "keys.json",
                     "{\"keys\": [{\"kty\": \"OKP\", \"crv\": \"Ed25519\","
                     " \"x\": \"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}");
    path = file_tree_path (&tree, "h3d.conf");
    config = read_text (wrong[_i].text, NULL, &error);
    ck_assert_msg (config == NULL, "it is taken: %s", wrong[_i].text);
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    wanted = g_strconcat (path, wrong[_i].fault, NULL);
    ck_assert_msg (g_str_has_prefix (error->message, wanted), "%s: %s", wrong[_i].text,
                   error->message);
    ck_assert_msg (strchr (error->message, '\n') == NULL, "%s: %s", wrong[_i].text, error->message);
    file_tree_clear (&tree);
}
END_TEST

/* Nobody writes into it: a reload would stand still. */
START_TEST (pipe_in_the_place_of_a_file_is_refused)
{
    static const struct {
        const char *text, *fault;
    } wrong_files[] = {
        { "[auth a]\npasswords = pipe\n", ":2: passwords: " },
        { "[auth a]\ntokens = pipe\n", ":2: tokens: " },
        { "[certificate a]\ncertificate = pipe\n", ":2: certificate: " },
        { "[sessions]\nsecrets = pipe\n", ":2: secrets: " },
        { "[workflows]\nplans = pipe\n[clients a]\nallow = ::1\n", ":2: plans: " },
        { "[access-log]\nfile = pipe\n", ":2: file: " },
        { "[proxy /]\nservers = https://a\ntls-authorities = pipe\n", ":3: tls-authorities: " },
    };
    g_autofree char *path = NULL;

    file_tree_init (&tree);
    path = file_tree_path (&tree, "pipe");
    ck_assert_int_eq (mkfifo (path, 0600), 0);
    for (guint i = 0; i < G_N_ELEMENTS (wrong_files); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_ptr_null (read_text (wrong_files[i].text, NULL, &error));
        ck_assert_msg (strstr (error->message, wrong_files[i].fault) != NULL, "%s", error->message);
        ck_assert_msg (strstr (error->message, "pipe") != NULL, "%s", error->message);
    }
    {
        g_auto (GStrv) faults = h3_config_check_file (path);

        ck_assert_msg (strstr (faults[0], "no regular file") != NULL, "%s", faults[0]);
    }
    file_tree_clear (&tree);
}
END_TEST

static void
add (Suite *suite)
{
    TCase *faults = tcase_create ("faults");

    tcase_add_loop_test (faults, what_cannot_be_is_told_by_its_line, 0, G_N_ELEMENTS (wrong));
    tcase_add_test (faults, pipe_in_the_place_of_a_file_is_refused);
    suite_add_tcase (suite, faults);
}

int
main (void)
{
    return suite_run ("app/config-faults", add);
}
