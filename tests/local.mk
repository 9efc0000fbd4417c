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
libtest_support_la_SOURCES += %D%/support/codings.h
libtest_support_la_SOURCES += %D%/support/assert-nothing-left.c %D%/support/assert-nothing-left.h
libtest_support_la_SOURCES += %D%/support/asked-store.c %D%/support/asked-store.h
libtest_support_la_SOURCES += %D%/support/fake-carrier.c %D%/support/fake-carrier.h
libtest_support_la_SOURCES += %D%/support/head-cuts.c %D%/support/head-cuts.h
libtest_support_la_SOURCES += %D%/support/response-cuts.c %D%/support/response-cuts.h
libtest_support_la_SOURCES += %D%/support/connection-fixture.c %D%/support/connection-fixture.h
libtest_support_la_SOURCES += %D%/support/backend.c %D%/support/backend.h
libtest_support_la_SOURCES += %D%/support/latch.c %D%/support/latch.h
libtest_support_la_SOURCES += %D%/support/failing-store.c %D%/support/failing-store.h
libtest_support_la_SOURCES += %D%/support/askers.c %D%/support/askers.h
libtest_support_la_SOURCES += %D%/support/children.c %D%/support/children.h
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
libtest_support_la_SOURCES += %D%/support/scripted-record.c %D%/support/scripted-record.h
libtest_support_la_SOURCES += %D%/support/scripted-connection.c %D%/support/scripted-connection.h
libtest_support_la_SOURCES += %D%/support/scripted-server.c %D%/support/scripted-server.h
libtest_support_la_SOURCES += %D%/support/fetch-ways.c %D%/support/fetch-ways.h
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
include tests/client/local.mk
include tests/store/local.mk
include tests/http/local.mk
include tests/net/local.mk
include tests/wire/local.mk
include tests/route/local.mk
include tests/engine/local.mk
include tests/batteries/local.mk
include tests/monitor/local.mk
include tests/workflow/local.mk
include tests/app/local.mk
include tests/conformance/local.mk
include tests/e2e/local.mk
# These know which calls there are.
if LINUX_ONLY
include tests/fault/local.mk
endif
include tests/fuzz/local.mk
include tests/soak/local.mk
include tests/packaging/local.mk
include tests/checks/local.mk

# Libtool takes longer to find out how a test is linked than the linker to do it, some hundreds of
# times; it is known here. The archive has what the library is made of, too.
$(unit_tests) $(e2e_tests): private LINK = $(CC) $(AM_CFLAGS) $(CFLAGS) $(AM_LDFLAGS) $(LDFLAGS) -o $@
$(unit_tests) $(e2e_tests): private LDADD = .libs/libtest-support.a $(libh3_internal_la_LIBADD) $(CHECK_LIBS)

if HAVE_CHECK
check_PROGRAMS += $(unit_tests) $(e2e_tests)
TESTS += $(unit_tests) $(e2e_tests)
endif

EXTRA_DIST += %D%/support/environment.sh %D%/support/gio-threads.supp %D%/support/gio-threads.sh

# 'make check-valgrind': test programs, each in one process, under valgrind: it sees the use of what
# was not set, which AddressSanitizer does not. 'make check-valgrind-all' has all programs; the first,
# which './bootstrap check' runs, leaves out those that take minutes to say the same of the same code,
# and of those that start servers has some of each kind. A program that cannot run so is left out of
# both by name, each line with its reason.
# test-address compares millions of texts, keeps no memory, and takes minutes there.
VALGRIND_SKIP = tests/format/test-address
# These run programs as steps, and wait for them by pidfd_open (), which valgrind 3.19 does not
# know; AddressSanitizer sees them.
VALGRIND_SKIP += tests/workflow/test-step-process
VALGRIND_SKIP += tests/workflow/test-workflows tests/workflow/test-workflows-queue
VALGRIND_SKIP += tests/workflow/test-workflows-resume tests/workflow/test-workflows-troubles
VALGRIND_SKIP += tests/fault/test-fault-workflows
# Every cut of every message, every route of thousands, keys made and made again.
VALGRIND_LONG = tests/wire/test-http1-glance tests/wire/test-http1-body tests/wire/test-http1-lint
VALGRIND_LONG += tests/wire/test-event-stream tests/route/test-router-random
VALGRIND_LONG += tests/route/test-route-cache tests/engine/test-stream tests/base/test-sip-hash
VALGRIND_LONG += tests/base/test-utf8 tests/net/test-client-tls tests/net/test-client-tls-sessions
VALGRIND_LONG += tests/net/test-client-tls-failing $(filter tests/crypto/test-key%,$(unit_tests))
VALGRIND_LONG += $(filter tests/crypto/test-jwt%,$(unit_tests)) tests/crypto/test-certificate
VALGRIND_LONG += tests/crypto/test-password
VALGRIND_SERVERS = tests/e2e/test-no-allocation tests/e2e/test-lifetimes-data
VALGRIND_SERVERS += tests/e2e/test-lifetimes-output tests/e2e/test-lifetimes-handles
VALGRIND_SERVERS += tests/e2e/test-shutdown tests/e2e/test-takeover tests/e2e/test-streams
VALGRIND_SERVERS += tests/e2e/test-demo tests/e2e/test-demo-upload tests/e2e/test-demo-workflow
VALGRIND_SERVERS += tests/e2e/test-sse-channel tests/e2e/test-websocket tests/e2e/test-tls
VALGRIND_SERVERS += tests/e2e/test-compression tests/e2e/test-client-handlers
VALGRIND_SERVERS += tests/e2e/test-client-async tests/e2e/test-proxy tests/e2e/test-config-run
VALGRIND_SERVERS += tests/fault/test-fault-lives tests/fault/test-fault-client
dist_check_SCRIPTS += %D%/support/run-valgrind
valgrind_all = $(filter-out $(VALGRIND_SKIP),$(unit_tests) $(e2e_tests))
valgrind_some = $(filter-out $(VALGRIND_SKIP) $(VALGRIND_LONG),$(unit_tests)) $(VALGRIND_SERVERS)
check-valgrind-all:
	@$(MAKE) $(AM_MAKEFLAGS) check-valgrind valgrind_some='$(valgrind_all)'
check-valgrind: $(check_PROGRAMS)
	@tests='$(valgrind_some)'; \
	test -z '$(VALGRIND_SKIP)' || echo 'left out: $(VALGRIND_SKIP)'; \
	LIBTOOL='$(LIBTOOL)'; export LIBTOOL; \
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS="$$tests" TEST_SUITE_LOG=test-suite-valgrind.log \
		LOG_COMPILER='$(SHELL)' LOG_FLAGS='$(top_srcdir)/%D%/support/run-valgrind'
.PHONY: check-valgrind check-valgrind-all
CLEANFILES += test-suite-valgrind.log

# 'make check-backends': servers and clients where libevent waits with poll () and with select ().
BACKEND_TESTS = $(filter tests/e2e/% tests/loop/% tests/engine/% tests/client/%,$(unit_tests) $(e2e_tests))
check-backends: bin/h3d $(check_PROGRAMS)
	@well=0; failed=0; EVENT_NOEPOLL=1; export EVENT_NOEPOLL; \
	for backend in poll select; do \
		test $$backend = poll || { EVENT_NOPOLL=1; export EVENT_NOPOLL; }; \
		$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(BACKEND_TESTS)' VERBOSE=1 \
			TEST_SUITE_LOG=test-suite-$$backend.log && well=$$((well + 1)) || failed=$$((failed + 1)); \
	done; \
	echo "backends: $$well well, $$failed failed"; test $$failed = 0
.PHONY: check-backends
CLEANFILES += test-suite-poll.log test-suite-select.log

# 'make check-matrix': other ways to build it, each in a folder below matrix/; then the two above.
dist_check_SCRIPTS += %D%/support/run-matrix
check-matrix:
	$(SHELL) '$(top_srcdir)/%D%/support/run-matrix' '$(top_srcdir)' $(MATRIX)
	$(MAKE) $(AM_MAKEFLAGS) check-backends
.PHONY: check-matrix

# 'make check-architectures': for other processors, each in a root of its own below architectures/.
dist_check_SCRIPTS += %D%/support/run-architectures
check-architectures:
	$(SHELL) '$(top_srcdir)/%D%/support/run-architectures' '$(top_srcdir)' $(ARCHITECTURES)
print-tests:
	@echo '$(foreach folder,$(FOLDERS),$(filter tests/$(folder)/%,$(unit_tests) $(e2e_tests)))'
.PHONY: check-architectures print-tests
