# The library's objects are built once, as a convenience library that the tests link as well,
# so that they reach what the shared library hides.

noinst_LTLIBRARIES += libh3-internal.la
libh3_internal_la_SOURCES =
libh3_internal_la_CPPFLAGS = $(AM_CPPFLAGS)
libh3_internal_la_CFLAGS = $(AM_CFLAGS) $(LIBEVENT_CFLAGS) $(CRYPTO_CFLAGS) $(SSL_CFLAGS) \
	$(ZLIB_CFLAGS) $(BROTLI_CFLAGS) $(ZSTD_CFLAGS) $(HIREDIS_CFLAGS) $(SQLITE_CFLAGS) $(H3_LTO_CFLAGS) \
	-fno-semantic-interposition -ftls-model=initial-exec
libh3_internal_la_LIBADD = $(GLIB_LIBS) $(LIBEVENT_LIBS) $(JANSSON_LIBS) $(HTTP_PARSER_LIBS) \
	$(CRYPTO_LIBS) $(SSL_LIBS) $(ZLIB_LIBS) $(BROTLI_LIBS) $(ZSTD_LIBS) $(HIREDIS_LIBS) $(SQLITE_LIBS) -lpthread -lm

lib_LTLIBRARIES += libh3-glib-1.0.la
libh3_glib_1_0_la_SOURCES =
libh3_glib_1_0_la_LIBADD = libh3-internal.la
libh3_glib_1_0_la_LDFLAGS = $(AM_LDFLAGS) $(H3_LTO_CFLAGS) $(H3_LTO_LDFLAGS) \
	-version-info $(H3_VERSION_INFO) -no-undefined \
	-Wl,--version-script=$(top_srcdir)/%D%/h3-glib.map -Wl,-Bsymbolic-functions
EXTRA_libh3_glib_1_0_la_DEPENDENCIES = %D%/h3-glib.map

h3includedir = $(includedir)/h3-glib-1.0/h3
dist_h3include_HEADERS = %D%/h3/h3.h

EXTRA_DIST += %D%/FLOORS %D%/h3-glib.map %D%/h3-glib.abi

include lib/h3/base/local.mk
include lib/h3/format/local.mk
include lib/h3/crypto/local.mk
include lib/h3/loop/local.mk
include lib/h3/store/local.mk
include lib/h3/http/local.mk
include lib/h3/net/local.mk
include lib/h3/wire/local.mk
include lib/h3/route/local.mk
include lib/h3/engine/local.mk
include lib/h3/client/local.mk
include lib/h3/batteries/local.mk
include lib/h3/monitor/local.mk
include lib/h3/workflow/local.mk
include lib/h3/app/local.mk
include lib/introspection/local.mk
