/* SPDX-License-Identifier: MIT
 *
 * The media types of files, by suffix; and which of all are worth compressing. */

#include "mime.h"

#include <stdlib.h>
#include <string.h>

/* The longest suffix of the table, with its NUL. */
#define SUFFIX_SIZE 12

typedef struct {
    char suffix[SUFFIX_SIZE];
    const char *type;
} Entry;

/* Sorted by suffix. No svgz: it is SVG only with a Content-Encoding that this table cannot set. */
static const Entry entries[] = {
    { "3g2", "video/3gpp2" },
    { "3gp", "video/3gpp" },
    { "7z", "application/x-7z-compressed" },
    { "aac", "audio/aac" },
    { "ai", "application/postscript" },
    { "apk", "application/vnd.android.package-archive" },
    { "apng", "image/apng" },
    { "appcache", "text/cache-manifest; charset=utf-8" },
    { "asc", "text/plain; charset=utf-8" },
    { "atom", "application/atom+xml" },
    { "avi", "video/x-msvideo" },
    { "avif", "image/avif" },
    { "bin", "application/octet-stream" },
    { "bmp", "image/bmp" },
    { "br", "application/x-brotli" },
    { "bz2", "application/x-bzip2" },
    { "c", "text/x-c; charset=utf-8" },
    { "cbor", "application/cbor" },
    { "cc", "text/x-c; charset=utf-8" },
    { "cer", "application/pkix-cert" },
    { "cjs", "text/javascript; charset=utf-8" },
    { "conf", "text/plain; charset=utf-8" },
    { "cpp", "text/x-c; charset=utf-8" },
    { "crt", "application/x-x509-ca-cert" },
    { "css", "text/css; charset=utf-8" },
    { "csv", "text/csv; charset=utf-8" },
    { "deb", "application/vnd.debian.binary-package" },
    { "der", "application/x-x509-ca-cert" },
    { "diff", "text/x-diff; charset=utf-8" },
    { "dmg", "application/x-apple-diskimage" },
    { "doc", "application/msword" },
    { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
    { "eml", "message/rfc822" },
    { "eot", "application/vnd.ms-fontobject" },
    { "eps", "application/postscript" },
    { "epub", "application/epub+zip" },
    { "flac", "audio/flac" },
    { "geojson", "application/geo+json" },
    { "gif", "image/gif" },
    { "glb", "model/gltf-binary" },
    { "gltf", "model/gltf+json" },
    { "gpx", "application/gpx+xml" },
    { "gz", "application/gzip" },
    { "h", "text/x-c; charset=utf-8" },
    { "heic", "image/heic" },
    { "heif", "image/heif" },
    { "htm", "text/html; charset=utf-8" },
    { "html", "text/html; charset=utf-8" },
    { "ico", "image/vnd.microsoft.icon" },
    { "ics", "text/calendar; charset=utf-8" },
    { "iso", "application/x-iso9660-image" },
    { "jar", "application/java-archive" },
    { "java", "text/x-java; charset=utf-8" },
    { "jpeg", "image/jpeg" },
    { "jpg", "image/jpeg" },
    { "js", "text/javascript; charset=utf-8" },
    { "json", "application/json" },
    { "json5", "application/json5" },
    { "jsonl", "application/x-ndjson" },
    { "jsonld", "application/ld+json" },
    { "jxl", "image/jxl" },
    { "kml", "application/vnd.google-earth.kml+xml" },
    { "kmz", "application/vnd.google-earth.kmz" },
    { "log", "text/plain; charset=utf-8" },
    { "lua", "text/x-lua; charset=utf-8" },
    { "m3u8", "application/vnd.apple.mpegurl" },
    { "m4a", "audio/mp4" },
    { "m4s", "video/iso.segment" },
    { "m4v", "video/mp4" },
    { "map", "application/json" },
    { "markdown", "text/markdown; charset=utf-8" },
    { "md", "text/markdown; charset=utf-8" },
    { "mid", "audio/midi" },
    { "midi", "audio/midi" },
    { "mjs", "text/javascript; charset=utf-8" },
    { "mkv", "video/matroska" },
    { "mov", "video/quicktime" },
    { "mp3", "audio/mpeg" },
    { "mp4", "video/mp4" },
    { "mpd", "application/dash+xml" },
    { "mpeg", "video/mpeg" },
    { "mpg", "video/mpeg" },
    { "msgpack", "application/vnd.msgpack" },
    { "ndjson", "application/x-ndjson" },
    { "odp", "application/vnd.oasis.opendocument.presentation" },
    { "ods", "application/vnd.oasis.opendocument.spreadsheet" },
    { "odt", "application/vnd.oasis.opendocument.text" },
    { "oga", "audio/ogg" },
    { "ogg", "audio/ogg" },
    { "ogv", "video/ogg" },
    { "opus", "audio/ogg" },
    { "otf", "font/otf" },
    { "p12", "application/x-pkcs12" },
    { "parquet", "application/vnd.apache.parquet" },
    { "patch", "text/x-diff; charset=utf-8" },
    { "pdf", "application/pdf" },
    { "pem", "application/x-pem-file" },
    { "php", "application/x-httpd-php" },
    { "pl", "text/x-perl; charset=utf-8" },
    { "png", "image/png" },
    { "ppt", "application/vnd.ms-powerpoint" },
    { "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
    { "ps", "application/postscript" },
    { "py", "text/x-python; charset=utf-8" },
    { "qt", "video/quicktime" },
    { "rar", "application/vnd.rar" },
    { "rdf", "application/rdf+xml" },
    { "rpm", "application/x-rpm" },
    { "rs", "text/x-rust; charset=utf-8" },
    { "rss", "application/rss+xml" },
    { "rtf", "application/rtf" },
    { "sh", "application/x-sh" },
    { "sql", "application/sql" },
    { "srt", "text/plain; charset=utf-8" },
    { "svg", "image/svg+xml" },
    { "tar", "application/x-tar" },
    { "text", "text/plain; charset=utf-8" },
    { "tgz", "application/gzip" },
    { "tif", "image/tiff" },
    { "tiff", "image/tiff" },
    { "toml", "application/toml" },
    { "ts", "video/mp2t" },
    { "tsv", "text/tab-separated-values; charset=utf-8" },
    { "ttc", "font/collection" },
    { "ttf", "font/ttf" },
    { "txt", "text/plain; charset=utf-8" },
    { "usdz", "model/vnd.usdz+zip" },
    { "vcf", "text/vcard; charset=utf-8" },
    { "vtt", "text/vtt; charset=utf-8" },
    { "wasm", "application/wasm" },
    { "wav", "audio/wav" },
    { "weba", "audio/webm" },
    { "webm", "video/webm" },
    { "webmanifest", "application/manifest+json" },
    { "webp", "image/webp" },
    { "wgsl", "text/wgsl; charset=utf-8" },
    { "woff", "font/woff" },
    { "woff2", "font/woff2" },
    { "xhtml", "application/xhtml+xml" },
    { "xls", "application/vnd.ms-excel" },
    { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    { "xml", "application/xml" },
    { "xsl", "application/xslt+xml" },
    { "xz", "application/x-xz" },
    { "yaml", "application/yaml" },
    { "yml", "application/yaml" },
    { "zip", "application/zip" },
    { "zst", "application/zstd" },
};

/* Media types that shrink, beside text, JSON and XML by name or suffix. */
static const char *const compressible[] = {
    "application/cbor",
    "application/graphql",
    "application/javascript",
    "application/json",
    "application/json5",
    "application/postscript",
    "application/rtf",
    "application/sql",
    "application/toml",
    "application/vnd.apple.mpegurl",
    "application/vnd.ms-fontobject",
    "application/vnd.msgpack",
    "application/wasm",
    "application/x-javascript",
    "application/x-ndjson",
    "application/x-pem-file",
    "application/x-sh",
    "application/x-tar",
    "application/x-www-form-urlencoded",
    "application/xml",
    "application/yaml",
    "font/collection",
    "font/otf",
    "font/ttf",
    "image/bmp",
    "image/vnd.microsoft.icon",
    "image/x-icon",
    "message/rfc822",
    "model/gltf-binary",
    "text/*",
    "*/*+json",
    "*/*+xml",
    "*/*+yaml",
};

static int
compare_suffix (gconstpointer key, gconstpointer entry)
{
    return strcmp (key, ((const Entry *) entry)->suffix);
}

const char *
h3_mime_from_path (const char *path)
{
    const Entry *entry = NULL;
    const char *name, *dot;
    char suffix[SUFFIX_SIZE];
    gsize length;

    g_return_val_if_fail (path != NULL, NULL);
    name = strrchr (path, '/');
    name = name != NULL ? name + 1 : path;
    dot = strrchr (name, '.');
    /* The dot that hides a file begins no suffix. */
    if (dot != NULL && dot != name && (length = strlen (dot + 1)) < sizeof suffix) {
        for (gsize i = 0; i <= length; i++)
            suffix[i] = g_ascii_tolower (dot[1 + i]);
        entry =
            bsearch (suffix, entries, G_N_ELEMENTS (entries), sizeof entries[0], compare_suffix);
    }
    return entry != NULL ? entry->type : "application/octet-stream";
}

gboolean
h3_mime_is_compressible (const char *type)
{
    H3MediaType media_type;

    g_return_val_if_fail (type != NULL, FALSE);
    if (!h3_media_type_parse_string (type, &media_type)
        || h3_media_type_matches (&media_type, "text/event-stream"))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS (compressible); i++) {
        if (h3_media_type_matches (&media_type, compressible[i]))
            return TRUE;
    }
    return FALSE;
}
