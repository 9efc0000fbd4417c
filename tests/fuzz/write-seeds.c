/* SPDX-License-Identifier: MIT
 *
 * write-seeds NAME FOLDER: what the fuzzer fuzz-NAME begins with, a file each: the wire's cases,
 * the published vectors where they are (H3_VECTORS), and a few texts. */

#include "h3/base/view.h"
#include "h3/format/coder.h"
#include "tests/conformance/wire-cases.h"
#include "tests/conformance/wire-limits.h"
#include "tests/crypto/certificates.h"
#include "tests/crypto/keys.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const char *folder; /* borrowed: the arguments */
    gboolean only_bodies;
} Seeds;

typedef struct {
    const char *name;
    const char *text;
} Text;

static const Text texts[] = {
    { "path", "/a/./b/../c%2Fd/%41%c3%a9//e/" },
    { "path", "/%2e%2e/..%2f/%5C%25" },
    { "pattern", "/users/:id([0-9]+)/files/**:rest" },
    { "pattern", "/%2Fa%25/:b?" },
    { "client-answer", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\nmore" },
    { "client-answer", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                       "hi" },
    { "client-answer", "HTTP/1.0 200 OK\r\n\r\nto the end" },
    { "client-answer",
      "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x02hi" },
    { "response", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 404\r\n"
                  "Transfer-Encoding: chunked\r\nX: \t y \r\n\r\n0\r\n\r\n" },
    { "response", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                  "HTTP/1.0 204 x\r\nConnection: keep-alive, x\r\n\r\nHTTP/1.1 304 \r\n"
                  "Content-Length: 7\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" },
    { "response", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                  "Upgrade: websocket\r\n\r\n\x81\x02hi" },
    { "response", "HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: a, upgrade\r\n\r\n" },
    { "request", "GET\n/a?b=%41\na.example:80\nwebsocket\nBasic YQ==\nX: y\nCookie: a=b\n" },
    { "request", "POST\nhttp://a/b\na\n\n\nContent-Length: 5\nTransfer-Encoding: x\n" },
    { "request", "CONNECT\n[::1]:443\n[::1]:443\n\n\n" },
    { "request", "OPTIONS\n*\na\n\n\nA: b\na: c\n" },
    { "router", "GET /a/:b\n* /a/**\nPOST /:x/1\nGET /a/:n([0-9]+)\nGET HEAD /a/*\n\n"
                "GET /a/1\nHEAD /a/b\nPOST /a/1\nGET /a\nBREW /a/b/c\nPUT /q/1\n" },
    { "router",
      "GET /\nGET /:o?\nGET /a/:o?\nGET /a\n* /**\n\nGET /\nGET /a\nGET /a/\nGET /a/b\n" },
    { "config", "# a\n[server]\nworkers = 2\n\n[listen web]\naddress = 127.0.0.1:8080\n" },
    { "config", "[rule /a/:b]\r\nheader X-A =\r\nredirect=301 /b\\s\r\n[limits]\nmax-body=1M" },
    { "config", "[cors a]\norigins = https://a; https://b\\;c;\n[files /]\n[nothing]\nx\n" },
    { "cors", "https://*.example.org\nhttps://a.b.example.org:443\nHTTPS://example.org\nnull\n" },
    { "cors", "http://[::1]:*\nhttp://[0:0:0:0:0:0:0:1]:8080\nhttp://localhost:80\n" },
    { "rules", "/**\n/old/**:r /new/**:r\n/:a/:b([0-9]+) https://b.example/:b?x=1\n/a/:o? /:o\n\n"
               "/old//evil.example\n/old/%5C%2Fx\n/a/7\n/a\n" },
    { "url", "https://user:pw@a.example:8443/b/../c?d=e#f\n//[::1]:80/g?h" },
    { "url", "http://a/b/c\n../d" },
    { "store", "redis://user:p%40ss@[::1]:7000/3?timeout=250&prefix=a:&max-waiting=9\n"
               "*3\r\n:1\r\n$2\r\nab\r\n:-1\r\n$-1\r\n+OK\r\n-WRONGTYPE no\r\n:5\r\n" },
    { "store", "redis+unix://:pw@/run/a.sock?db=2\n$3\r\nabc\r\n:1000\r\n-NOSCRIPT none\r\n" },
    { "store", "memory:?max-entries=7&max-bytes=64M\n*1\r\n:2\r\n*0\r\n*-1\r\n*1\r\n*1\r\n:0\r\n" },
    { "cookie", "a=b; c=\"d\"; __Host-e=f\n__Host-id\nvalue\n\n/\n" },
    { "cookie", "a.0=1.b; a.1=c\nname\nvalue\na.example\n/path\n" },
    { "schema", "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":"
                "\"integer\",\"minimum\":3}},\"additionalProperties\":false}\n"
                "{\"a\":3}\n"
                "{\"b\":1}\n" },
    { "schema", "{\"$defs\":{\"n\":{\"items\":{\"$ref\":\"#/$defs/"
                "n\"},\"uniqueItems\":true}},\"$ref\":\"#/$defs/n\"}\n"
                "[[],[[]]]\n"
                "[1,1.0]\n" },
    { "schema", "{\"anyOf\":[{\"type\":\"string\",\"pattern\":\"^(a+)+$\"},{\"multipleOf\":0.01},{"
                "\"not\":{\"type\":\"array\"}}]}\n"
                "\"aaaa!\"\n"
                "4.35\n" },
    { "schema", "{\"oneOf\":[{\"type\":\"null\"},{\"maxItems\":2}],\"if\":{\"minLength\":2},"
                "\"then\":{\"format\":\"date-time\"}}\n"
                "null\n"
                "\"2024-02-29T00:00:00Z\"\n" },
    { "schema", "{\"prefixItems\":[true,{\"const\":1}],\"contains\":{\"enum\":[1,\"a\"]},"
                "\"unevaluatedItems\":false}\n"
                "[0,1]\n"
                "[1,2,3]\n" },
    { "schema",
      "{\"allOf\":[{\"patternProperties\":{\"^x\":true}}],\"propertyNames\":{\"maxLength\":3},"
      "\"unevaluatedProperties\":{\"type\":\"null\"},\"dependentRequired\":{\"a\":[\"b\"]}}\n"
      "{\"x1\":1,\"a\":null}\n"
      "{\"abcd\":2}\n" },
    { "cookie-jar", "a=b\na=c; Path=/x\n?\na=d; Domain=example.org; Secure\na=e; Max-Age=60\n?\n"
                    "a=; Max-Age=0\n?\nb=1\nc=2\nd=3\ne=4\nf=5\n?\n" },
    { "set-cookie",
      "a=b; Path=/; Domain=.example.org\n__Host-a=b; Secure; Path=/\na=; Max-Age=0\n" },
    { "date", "Sun, 06 Nov 1994 08:49:37 GMT" },
    { "date", "Sunday, 06-Nov-94 08:49:37 GMT" },
    { "date", "Sun Nov  6 08:49:37 1994" },
    { "address", "::ffff:1.2.3.4\n[fe80::1%2]:80\n1.2.0.0/16" },
    { "address", "2001:db8::1:0:0:1\n1.2.3.4:80\n2001:db8::/32" },
    { "credentials", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
    { "credentials", "Bearer mF_9.B5f-4.1JqM" },
    { "credentials", "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/\", "
                     "algorithm=SHA-256, nonce=\"7ypf\", nc=00000001, cnonce=\"f2/w\", qop=auth, "
                     "response=\"753927fa\", opaque=\"F\\\"Q\"" },
    { "credentials", "Digest username*=UTF-8''J%C3%A4, realm=a, uri=b, nonce=c, response=0" },
    { "jwt", "{\"alg\":\"HS256\",\"kid\":\"a\"}\n{\"aud\":\"us\",\"exp\":9999999999}" },
    { "jwt", "{\"typ\":\"JWT\",\"alg\":\"HS256\"}\n{\"aud\":[\"us\"],\"nbf\":1.5,\"iat\":1}" },
    { "jwt", "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ1cyJ9.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
    { "idempotency", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"\nLocation: /things/7\nbody" },
    { "idempotency", "\"a \\\"\\\\\"\n\1\1" },
    { "json-rpc", "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[1,{\"a\":2}],\"id\":1}" },
    { "json-rpc", "[{\"jsonrpc\":\"2.0\",\"method\":\"hold\",\"id\":\"a\"},"
                  "{\"jsonrpc\":\"2.0\",\"method\":\"hold\",\"params\":{},\"id\":null},"
                  "{\"jsonrpc\":\"2.0\",\"method\":\"echo\"},7]" },
    { "ndjson", "{\"a\":1}\r\n\n[1,2]\n\"x\"" },
    { "ndjson", "1\n2 3\n" },
    { "template", "javascript:a'\"<\n<p title='{{x}}' class=\"a {{#if x}}b{{/if}}\">{{x}}</p>"
                  "<a href='{{x}}'>{{#each y as v}}<b {{#if @first}}id='c'{{/if}}>{{v}}</b>"
                  "{{else}}-{{/each}}</a><a href='/d/{{x}}?e={{x}}'>" },
    { "plan",
      "{\"name\":\"n\",\"timeout\":9,\"concurrency\":2,\"on_failure\":\"stop\",\"trigger\":{"
      "\"schedule\":[\"*/5 1-4 * jan sun\",{\"every\":9}]},\"steps\":[{\"id\":\"a\","
      "\"run\":[\"x\",\"${input.a}\"],\"env\":{\"A\":\"$${\"},\"retries\":{\"count\":2,"
      "\"jitter\":0.5}},{\"id\":\"b\",\"http\":{\"url\":\"http://h.test/${env.P}\","
      "\"headers\":{\"X\":\"1\"},\"body\":[\"${steps.a.stdout}\"],\"expect\":[200,201]},"
      "\"timeout\":1.5},{\"id\":\"g\",\"depends_on\":[\"b\"],\"parallel\":[{\"call\":\"f\","
      "\"arguments\":{\"k\":\"${steps.b.body}\"}},{\"id\":\"s\",\"shell\":\"true\"}]}]}" },
    { "plan", "{\"name\":\"a "
              "b\",\n\"steps\":[{\"id\":\"a\",\"run\":[\"x\"],\n\"depends_on\":[\"b\",\"c\"]},"
              "{\"id\":\"b\",\"run\":\"x\",\n\"depends_on\":[\"a\"]},{}]}" },
    { "template", "</script><!--\n<title>{{x}}</title><script>{{json z}}</script><!-- a -->{{z.k}}"
                  "<style>b { }</style><img src='{{x}}/c'>{{! d }}{{#if none}}{{> t}}{{/if}}" },
    { "event-stream", "\xef\xbb\xbfid: 7\r\nevent: news\rdata: a\ndata:b\n\n: c\nretry: 10\n\n" },
    { "event-stream", "7\nnews\none\r\ntwo\rthree\n" },
    { "limits", "max-head 256\nmax-fields 4096\nidle-timeout 0\nmax-body 4611686018427387903" },
    { "limits", "rate-grace 99" },
    { "conditional", "bytes=0-9,20-29,-5\n\"a\", W/\"b\"\n\"b\"\nSun, 06 Nov 1994 08:49:37 GMT" },
    { "conditional", "bytes=5-,0-4\n*\nW/\"b\"\n\"b\"" },
    { "trace-context", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n"
                       "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE,a/b@c=x y" },
    { "trace-context", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff-more\n"
                       "a=1,,\ta=2 ,b=" },
    { "forwarded", "10.0.0.0/8\n10.0.0.1\nfor=1.2.3.4;proto=https;host=a, for=\"[::1]:80\"\n"
                   "1.2.3.4, 10.0.0.2\nhttp\nb.example:80\nfor=9.9.9.9" },
    { "forwarded", "::1\n::1\nfor=\"_a\\\"b, for=2.2.2.2\", for=1.2.3.4;host=\"c\"\n\n\n\n\"x" },
    { "proxy-fields", "GET /a%2Fb/..a;c?d=%2F HTTP/1.1\r\nHost: a:1\r\nConnection: X-A, Cookie\r\n"
                      "X-A: 1\r\nVia: 1.0 b (c)\r\nForwarded: for=\"[::1]:1\";by=_d, for=\"\r\n"
                      "X-Forwarded-For: 1.1.1.1\r\nX_User: e\r\nTE: trailers\r\n\r\n" },
    { "multipart", "multipart/form-data; boundary=b\n"
                   "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n" },
    { "multipart", "multipart/form-data; boundary=\"b\"\nx\r\n--b \r\nContent-Disposition: "
                   "form-data; name=\"%22\\\"\"; filename*=utf-8''%41\r\nContent-Type: a/b\r\n\r\n"
                   "\r\n--bb\r\n--b\r\r\n--b- \r\n--b\r\nContent-Transfer-Encoding: 8bit\r\n"
                   "Content-Disposition: form-data; name*=utf-8'en'%c3%a9; filename=x;\r\n\r\n"
                   "--b-- \r\nend" },
    { "negotiation", "text/*;q=0.3, text/html;level=1, */*;q=0.5\ntext/html text/plain a/b" },
    { "negotiation", "gzip;q=0.5, br, *;q=0\nidentity gzip br" },
    { "negotiation", "en-GB, fr;q=0.8\nen fr de" },
    { "key", KEY_EC_PARAMETERS_AND_KEY },
    { "key", KEY_EC_ENCRYPTED },
    { "key", KEY_EC_PKCS8 },
    { "key", KEY_EC_PKCS8_ENCRYPTED },
    { "key", KEY_EC_PUBLIC },
    { "key", KEY_EC_EXPLICIT },
    { "key", KEY_RSA_1024 },
    { "key", KEY_ED25519 },
    { "key", "{\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":\"a\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKOb"
             "wVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}" },
    { "key",
      "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR"
      "o\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\"key_ops\":[\"sign\"]}" },
    { "key",
      "{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV7"
      "6e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}" },
    { "certificate", CERTIFICATE_MIDDLE CERTIFICATE_ROOT },
    { "certificate", CERTIFICATE_LEAF },
    { "certificate", CERTIFICATE_NUL },
    { "certificate", "a.example\n*.b.example\n127.0.0.1\nx@c.example\nx.b.example" },
    { "certificate", "*.a.b\n::1\n[::1]" },
    { "token", "AVB3FohAQUJDREVGR0hJSktMTU5PUFFSU1RVVldWT6Zb\nsome data" },
    { "password", "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$"
                  "nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E" },
    { "password", "$scrypt$ln=15,r=1,p=1024$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA" },
    { "session", "session.0=2.AAAA; session.1=BBBB; theme=dark\n{\"user\":\"zoe\",\"n\":1}" },
    { "session", "session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n{\"a\":[{}],\"\":null}" },
    { "ws-handshake", "permessage-deflate; client_max_window_bits; server_max_window_bits=\"10\", "
                      "foo\nhttps://a.example:443\na.example" },
    { "ws-handshake", "permessage-deflate; server_no_context_takeover\nhttp://[::1]\n[::1]:80" },
    { "ws-reader", "\x01\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x89\x80zzzz\x80\x81zzzz\x1b" },
    { "ws-reader", "\xc1\x87zzzz\x88\x32\xb7\xb3\xb3\x7d\x7a\x88\x82zzzz\x79\x92" },
};

static void
write_seed (const Seeds *seeds, H3View bytes)
{
    g_autofree char *name =
        g_compute_checksum_for_data (G_CHECKSUM_SHA1, (const guchar *) bytes.data, bytes.length);
    g_autofree char *path = g_build_filename (seeds->folder, name, NULL);
    g_autoptr (GError) error = NULL;

    if (bytes.length > 0 && !g_file_set_contents (path, bytes.data, (gssize) bytes.length, &error))
        g_error ("%s", error->message);
}

static void
write_case (const WireCase *wire_case, gpointer user_data)
{
    const Seeds *seeds = user_data;
    H3View bytes = wire_case->bytes;
    const char *end = g_strstr_len (bytes.data, (gssize) bytes.length, "\r\n\r\n");

    if (!seeds->only_bodies)
        write_seed (seeds, bytes);
    else if (end != NULL)
        write_seed (seeds, h3_view (end + 4, (gsize) (bytes.data + bytes.length - end) - 4));
}

/* What stands between quotes in a JSON text, its escapes resolved but for surrogates: vectors have
 * comments and lone ones, which no strict reader takes. */
static void
write_quoted (const Seeds *seeds, const char *text)
{
    g_autoptr (GString) quoted = g_string_new (NULL);

    for (text = strchr (text, '"'); text != NULL && *text != '\0'; text = strchr (text + 1, '"')) {
        g_string_truncate (quoted, 0);
        for (text++; *text != '"' && *text != '\0'; text++) {
            guint unit;

            if (*text != '\\' || text[1] == '\0') {
                g_string_append_c (quoted, *text);
            } else if (*++text == 'u' && sscanf (text + 1, "%4x", &unit) == 1) {
                g_string_append_unichar (quoted, unit);
                text += 4;
            } else {
                g_string_append_c (quoted, *text == 'n' ? '\n' : *text == 't' ? '\t' : *text);
            }
        }
        write_seed (seeds, h3_view (quoted->str, quoted->len));
        if (*text == '\0')
            return;
    }
}

/* All files of a folder of the vectors, or one: each a seed as it is, or the strings in it. */
static void
write_vectors (const Seeds *seeds, const char *relative, gboolean only_strings)
{
    const char *top = g_getenv ("H3_VECTORS");
    g_autofree char *path = g_build_filename (top != NULL ? top : "", relative, NULL);
    g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
    g_autofree char *text = NULL;
    const char *name;
    gsize length;

    if (top == NULL)
        return;
    while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *below = g_build_filename (relative, name, NULL);

        write_vectors (seeds, below, only_strings);
    }
    if (folder != NULL || !g_file_get_contents (path, &text, &length, NULL))
        return;
    if (only_strings)
        write_quoted (seeds, text);
    else
        write_seed (seeds, h3_view (text, length));
}

/* The published forms, each behind a Content-Type with the boundary that the file beside it names.
 */
static void
write_forms (const Seeds *seeds)
{
    const char *top = g_getenv ("H3_VECTORS");
    g_autofree char *path = g_build_filename (top != NULL ? top : "", "multipart", NULL);
    g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *stem = g_strndup (name, strcspn (name, "."));
        g_autofree char *body_path = g_strconcat (path, "/", stem, ".http", NULL);
        g_autofree char *facts_path = g_strconcat (path, "/", stem, ".yaml", NULL);
        g_autofree char *body = NULL;
        g_autofree char *facts = NULL;
        g_autoptr (GString) seed = g_string_new ("multipart/form-data; boundary=");
        gsize length;

        if (!g_str_has_suffix (name, ".http")
            || !g_file_get_contents (body_path, &body, &length, NULL)
            || !g_file_get_contents (facts_path, &facts, NULL, NULL)
            || !g_str_has_prefix (facts, "boundary: "))
            continue;
        g_string_append_len (seed, facts + strlen ("boundary: "),
                             (gssize) strcspn (facts + strlen ("boundary: "), "\r\n"));
        g_string_append_c (seed, '\n');
        g_string_append_len (seed, body, (gssize) length);
        write_seed (seeds, h3_view (seed->str, seed->len));
    }
}

static void
write_limit_cases (const Seeds *seeds)
{
    H3Limits limits;

    h3_limits_init (&limits);
    for (guint limit = 0; limit < N_WIRE_LIMITS; limit++) {
        gsize at = wire_limit_get (limit, &limits);

        for (int over = -1; over <= 1; over++) {
            GString *text = wire_limit_build (limit, (gsize) ((gssize) at + over));

            write_seed (seeds, h3_view (text->str, text->len));
            g_string_free (text, TRUE);
        }
    }
}

/* Texts in each coding, with and without an end. */
static void
write_coded (const Seeds *seeds)
{
    for (guint coding = CODING_GZIP; coding <= CODING_BARE; coding++) {
        g_autoptr (Coder) coder = coder_new_encoding (coding, CODER_LEVEL_DEFAULT, 0);

        for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
            g_autoptr (GByteArray) coded = g_byte_array_new ();

            (void) coder_append (coder, h3_view_of (texts[i].text),
                                 i % 2 == 0 ? CODER_FLUSH : CODER_FINISH, coded);
            write_seed (seeds, h3_view ((const char *) coded->data, coded->len));
            coder_reset (coder);
        }
    }
}

/* What stands between the lines of PEM, as it is. */
static void
write_der (const Seeds *seeds, const char *pem)
{
    const char *start = strstr (pem, "-----\n");
    g_autofree char *body = NULL;
    g_autofree guchar *der = NULL;
    gsize length;

    if (start == NULL || strstr (pem, "Proc-Type") != NULL)
        return;
    body = g_strndup (start + 6, strcspn (start + 6, "-"));
    der = g_base64_decode (body, &length);
    write_seed (seeds, h3_view ((const char *) der, length));
}

#define TEXT(literal)                                                                              \
    {                                                                                              \
        "" literal, sizeof (literal) - 1                                                           \
    }
#define PROXY_2   "\r\n\r\n\0\r\nQUIT\n"
#define PROXY_SUM "\x11\x96\x48\xb6"

/* The last with a sum, which no mutation finds. */
static void
write_proxy_headers (const Seeds *seeds)
{
    static const H3View headers[] = {
        TEXT ("PROXY TCP4 1.2.3.4 5.6.7.8 256 8080\r\nGET / HTTP/1.1\r\n"),
        TEXT ("PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"),
        TEXT ("PROXY UNKNOWN\r\n"),
        TEXT (PROXY_2 "\x20\0\0\0"),
        TEXT (PROXY_2 "\x21\x11\0\x0c\1\2\3\4\5\6\7\x08\1\0\x1f\x90"),
        TEXT (PROXY_2 "\x21\x11\0\x18\1\2\3\4\5\6\7\x08\1\0\x1f\x90"
                      "\x20\0\x05\1\0\0\0\0\4\0\1x"),
        TEXT (PROXY_2 "\x21\x11\0\x13\1\2\3\4\5\6\7\x08\1\0\x1f\x90"
                      "\3\0\4" PROXY_SUM),
    };

    for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
        write_seed (seeds, headers[i]);
}

int
main (int argc, char **argv)
{
    Seeds seeds;

    if (argc != 3) {
        g_printerr ("usage: write-seeds NAME FOLDER\n");
        return 2;
    }
    seeds = (Seeds){ argv[2], g_str_equal (argv[1], "body") };
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        if (!g_str_equal (texts[i].name, argv[1]))
            continue;
        write_seed (&seeds, h3_view_of (texts[i].text));
        if (g_str_has_prefix (texts[i].text, "-----BEGIN"))
            write_der (&seeds, texts[i].text);
    }
    if (seeds.only_bodies || g_str_equal (argv[1], "head") || g_str_equal (argv[1], "exchange")
        || g_str_equal (argv[1], "proxy-fields"))
        wire_cases_foreach (write_case, &seeds);
    if (g_str_equal (argv[1], "head"))
        write_limit_cases (&seeds);
    if (g_str_equal (argv[1], "coder"))
        write_coded (&seeds);
    if (g_str_equal (argv[1], "proxy-protocol"))
        write_proxy_headers (&seeds);
    if (g_str_equal (argv[1], "json"))
        write_vectors (&seeds, "json", FALSE);
    if (g_str_equal (argv[1], "mime"))
        write_vectors (&seeds, "mime", TRUE);
    if (g_str_equal (argv[1], "multipart"))
        write_forms (&seeds);
    if (g_str_equal (argv[1], "query"))
        write_vectors (&seeds, "urlencoded", TRUE);
    if (g_str_equal (argv[1], "cookie") || g_str_equal (argv[1], "set-cookie")
        || g_str_equal (argv[1], "cookie-jar"))
        write_vectors (&seeds, "cookies", TRUE);
    if (g_str_equal (argv[1], "date"))
        write_vectors (&seeds, "cookies/dates", TRUE);
    return 0;
}
