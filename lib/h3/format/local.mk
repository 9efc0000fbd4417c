# One line a module, so that two branches that add modules merge.

h3formatincludedir = $(h3includedir)/format
dist_h3formatinclude_HEADERS =
dist_h3formatinclude_HEADERS += %D%/address.h
libh3_internal_la_SOURCES += %D%/address.c %D%/address-kind.c
libh3_internal_la_SOURCES += %D%/date.c
dist_h3formatinclude_HEADERS += %D%/date.h
libh3_internal_la_SOURCES += %D%/mime.c %D%/mime-suffix.c
dist_h3formatinclude_HEADERS += %D%/mime.h
libh3_internal_la_SOURCES += %D%/negotiation.c
dist_h3formatinclude_HEADERS += %D%/negotiation.h
libh3_internal_la_SOURCES += %D%/cookie.c %D%/cookie-inside.h
dist_h3formatinclude_HEADERS += %D%/cookie.h
libh3_internal_la_SOURCES += %D%/set-cookie.c %D%/set-cookie.h %D%/cookie-jar.c %D%/cookie-jar.h
libh3_internal_la_SOURCES += %D%/percent.c %D%/percent-private.h
dist_h3formatinclude_HEADERS += %D%/percent.h
libh3_internal_la_SOURCES += %D%/path.c
dist_h3formatinclude_HEADERS += %D%/path.h
libh3_internal_la_SOURCES += %D%/query.c
dist_h3formatinclude_HEADERS += %D%/query.h
libh3_internal_la_SOURCES += %D%/authority.c
dist_h3formatinclude_HEADERS += %D%/authority.h
libh3_internal_la_SOURCES += %D%/url.c %D%/url-query.c %D%/url-inside.h
dist_h3formatinclude_HEADERS += %D%/url.h
libh3_internal_la_SOURCES += %D%/json-scan.c
dist_h3formatinclude_HEADERS += %D%/json-scan.h
libh3_internal_la_SOURCES += %D%/json.c %D%/json-path.c
dist_h3formatinclude_HEADERS += %D%/json.h
libh3_internal_la_SOURCES += %D%/ndjson.c
dist_h3formatinclude_HEADERS += %D%/ndjson.h
libh3_internal_la_SOURCES += %D%/json-writer.c %D%/json-quote.c %D%/json-quote.h
dist_h3formatinclude_HEADERS += %D%/json-writer.h
libh3_internal_la_SOURCES += %D%/template.c %D%/template-parse.c %D%/template-render.c
libh3_internal_la_SOURCES += %D%/template-escape.c %D%/template-private.h
libh3_internal_la_SOURCES += %D%/template-context.c %D%/template-context.h
libh3_internal_la_SOURCES += %D%/template-url.c %D%/template-url.h
dist_h3formatinclude_HEADERS += %D%/template.h
libh3_internal_la_SOURCES += %D%/parameters.c %D%/parameters.h
libh3_internal_la_SOURCES += %D%/multipart.c %D%/multipart-head.c %D%/multipart-head.h
dist_h3formatinclude_HEADERS += %D%/multipart.h
libh3_internal_la_SOURCES += %D%/coder.c %D%/coder.h %D%/coder-private.h
libh3_internal_la_SOURCES += %D%/coder-zlib.c
if HAVE_BROTLI
libh3_internal_la_SOURCES += %D%/coder-brotli.c
endif
if HAVE_ZSTD
libh3_internal_la_SOURCES += %D%/coder-zstd.c
endif
libh3_internal_la_SOURCES += %D%/text-format.c %D%/text-format.h %D%/text-uri.c %D%/text-uri.h
libh3_internal_la_SOURCES += %D%/schema.c %D%/schema-compile.c %D%/schema-keywords.c
libh3_internal_la_SOURCES += %D%/schema-compiler.h %D%/schema-inside.h
libh3_internal_la_SOURCES += %D%/schema-pattern.c %D%/schema-pattern.h %D%/schema-private.h
libh3_internal_la_SOURCES += %D%/schema-run.c %D%/schema-run-parts.c %D%/schema-run-scalar.c
libh3_internal_la_SOURCES += %D%/schema-run.h %D%/schema-seen.c
libh3_internal_la_SOURCES += %D%/schema-fields.c %D%/schema-fields.h
libh3_internal_la_SOURCES += %D%/schema-value.c %D%/schema-value.h
dist_h3formatinclude_HEADERS += %D%/schema.h
libh3_internal_la_SOURCES += %D%/key-file.c %D%/key-file.h
