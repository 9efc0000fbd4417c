# Unit and end-to-end tests are check programs linked with the library's objects.
# HACKING.md says how to run them.

# GLib's slices hand memory from thread to thread under locks that ThreadSanitizer cannot see, and
# keep it out of AddressSanitizer's sight: sanitized tests run on plain malloc.
if SANITIZED
SANITIZED_ENVIRONMENT = G_SLICE=always-malloc; export G_SLICE; \
	H3_CONFORMANCE_SAMPLE=4; export H3_CONFORMANCE_SAMPLE; H3_SANITIZED=yes; export H3_SANITIZED;
endif

AM_TESTS_ENVIRONMENT = $(SANITIZED_ENVIRONMENT) \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	CC='$(CC)'; export CC; PKG_CONFIG='$(PKG_CONFIG)'; export PKG_CONFIG; \
	GLIB_CFLAGS='$(GLIB_CFLAGS)'; export GLIB_CFLAGS; \
	INSIDE_CFLAGS='$(LIBEVENT_CFLAGS) $(JANSSON_CFLAGS)'; export INSIDE_CFLAGS; \
	MAKE='$(MAKE)'; export MAKE; libdir='$(libdir)'; export libdir; \
	G_DEBUG=$${G_DEBUG:-fatal-warnings}; export G_DEBUG; \
	. '$(abs_top_srcdir)/tests/support/environment.sh';

unit_tests =
e2e_tests =

if HAVE_CHECK
check_LTLIBRARIES += libtest-support.la
endif
libtest_support_la_SOURCES = %D%/support/suite.c %D%/support/suite.h %D%/support/gio-threads.h
libtest_support_la_SOURCES += %D%/support/assert-nothing-left.c %D%/support/assert-nothing-left.h
libtest_support_la_SOURCES += %D%/support/asked-store.c %D%/support/asked-store.h
libtest_support_la_SOURCES += %D%/support/fake-carrier.c %D%/support/fake-carrier.h
libtest_support_la_SOURCES += %D%/support/head-cuts.c %D%/support/head-cuts.h
libtest_support_la_SOURCES += %D%/support/connection-fixture.c %D%/support/connection-fixture.h
libtest_support_la_SOURCES += %D%/support/latch.c %D%/support/latch.h
libtest_support_la_SOURCES += %D%/support/failing-store.c %D%/support/failing-store.h
libtest_support_la_SOURCES += %D%/support/raw-client.c %D%/support/raw-client.h
libtest_support_la_SOURCES += %D%/support/tls-authority.c %D%/support/tls-authority.h
libtest_support_la_SOURCES += %D%/support/tls-client.c %D%/support/tls-client.h
libtest_support_la_SOURCES += %D%/support/test-server.c %D%/support/test-server.h
libtest_support_la_SOURCES += %D%/support/ws-peer.c %D%/support/ws-peer.h
libtest_support_la_SOURCES += %D%/support/file-server.c %D%/support/file-server.h
libtest_support_la_SOURCES += %D%/support/file-tree.c %D%/support/file-tree.h
libtest_support_la_SOURCES += %D%/support/redis-server.c %D%/support/redis-server.h
libtest_support_la_SOURCES += %D%/support/redis-proxy.c %D%/support/redis-proxy.h
libtest_support_la_SOURCES += %D%/support/subprocess.c %D%/support/subprocess.h
libtest_support_la_SOURCES += %D%/support/supervisor.c %D%/support/supervisor.h
libtest_support_la_SOURCES += %D%/support/running-demo.c %D%/support/running-demo.h
libtest_support_la_SOURCES += %D%/support/fickle-store.c %D%/support/fickle-store.h
libtest_support_la_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(LIBEVENT_CFLAGS)
libtest_support_la_LIBADD = libh3-internal.la $(CHECK_LIBS)

# Every test program is one source of its own name.
LDADD = libtest-support.la

include tests/base/local.mk
include tests/format/local.mk
include tests/crypto/local.mk
include tests/loop/local.mk
include tests/store/local.mk
include tests/http/local.mk
include tests/net/local.mk
include tests/wire/local.mk
include tests/route/local.mk
include tests/engine/local.mk
include tests/batteries/local.mk
include tests/monitor/local.mk
include tests/app/local.mk
include tests/conformance/local.mk
include tests/e2e/local.mk
include tests/fault/local.mk
include tests/fuzz/local.mk
include tests/soak/local.mk
include tests/checks/local.mk

if HAVE_CHECK
check_PROGRAMS += $(unit_tests) $(e2e_tests)
TESTS += $(unit_tests) $(e2e_tests)
endif

EXTRA_DIST += %D%/support/environment.sh %D%/support/gio-threads.supp

# 'make check-valgrind': the same test programs, each in one process, under valgrind. A program that
# cannot run so is left out by name, each line with its reason.
# test-address compares millions of texts, keeps no memory, and takes minutes there.
VALGRIND_SKIP = tests/format/test-address
dist_check_SCRIPTS += %D%/support/run-valgrind
check-valgrind: $(check_PROGRAMS)
	@tests='$(filter-out $(VALGRIND_SKIP),$(unit_tests) $(e2e_tests))'; \
	test -z '$(VALGRIND_SKIP)' || echo 'left out: $(VALGRIND_SKIP)'; \
	LIBTOOL='$(LIBTOOL)'; export LIBTOOL; \
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS="$$tests" TEST_SUITE_LOG=test-suite-valgrind.log \
		LOG_COMPILER='$(SHELL)' LOG_FLAGS='$(top_srcdir)/%D%/support/run-valgrind'
.PHONY: check-valgrind
CLEANFILES += test-suite-valgrind.log
