# One line a fuzzer: fuzz_programs += %D%/fuzz-<module>
# Each is one source, fuzz-<module>.c, with libFuzzer's LLVMFuzzerTestOneInput (), built only
# where configure had --with-sanitizer=fuzzer; its seeds come from write-seeds, the words of its
# grammar from <module>.dict.

fuzz_programs =
fuzz_programs += %D%/fuzz-address
fuzz_programs += %D%/fuzz-body
fuzz_programs += %D%/fuzz-certificate
fuzz_programs += %D%/fuzz-client-answer
fuzz_programs += %D%/fuzz-coder
fuzz_programs += %D%/fuzz-conditional
fuzz_programs += %D%/fuzz-config
fuzz_programs += %D%/fuzz-cookie
fuzz_programs += %D%/fuzz-cookie-jar
fuzz_programs += %D%/fuzz-cors
fuzz_programs += %D%/fuzz-credentials
fuzz_programs += %D%/fuzz-date
fuzz_programs += %D%/fuzz-event-stream
fuzz_programs += %D%/fuzz-exchange
fuzz_programs += %D%/fuzz-forwarded
fuzz_programs += %D%/fuzz-head
fuzz_programs += %D%/fuzz-idempotency
fuzz_programs += %D%/fuzz-json
fuzz_programs += %D%/fuzz-json-rpc
fuzz_programs += %D%/fuzz-key
fuzz_programs += %D%/fuzz-jwt
fuzz_programs += %D%/fuzz-limits
fuzz_programs += %D%/fuzz-mime
fuzz_programs += %D%/fuzz-multipart
fuzz_programs += %D%/fuzz-ndjson
fuzz_programs += %D%/fuzz-negotiation
fuzz_programs += %D%/fuzz-password
fuzz_programs += %D%/fuzz-path
fuzz_programs += %D%/fuzz-pattern
fuzz_programs += %D%/fuzz-plan
fuzz_programs += %D%/fuzz-proxy-fields
fuzz_programs += %D%/fuzz-proxy-protocol
fuzz_programs += %D%/fuzz-query
fuzz_programs += %D%/fuzz-request
fuzz_programs += %D%/fuzz-response
fuzz_programs += %D%/fuzz-router
fuzz_programs += %D%/fuzz-rules
fuzz_programs += %D%/fuzz-schema
fuzz_programs += %D%/fuzz-set-cookie
fuzz_programs += %D%/fuzz-session
fuzz_programs += %D%/fuzz-store
fuzz_programs += %D%/fuzz-template
fuzz_programs += %D%/fuzz-token
fuzz_programs += %D%/fuzz-trace-context
fuzz_programs += %D%/fuzz-url
fuzz_programs += %D%/fuzz-ws-handshake
fuzz_programs += %D%/fuzz-ws-reader
tests_fuzz_fuzz_session_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=_mark_point,--wrap=_ck_assert_failed
tests_fuzz_fuzz_exchange_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=_mark_point,--wrap=_ck_assert_failed
EXTRA_DIST += %D%/address.dict
EXTRA_DIST += %D%/body.dict
EXTRA_DIST += %D%/certificate.dict
EXTRA_DIST += %D%/client-answer.dict
EXTRA_DIST += %D%/conditional.dict
EXTRA_DIST += %D%/cookie.dict
EXTRA_DIST += %D%/cookie-jar.dict
EXTRA_DIST += %D%/config.dict
EXTRA_DIST += %D%/cors.dict
EXTRA_DIST += %D%/credentials.dict
EXTRA_DIST += %D%/date.dict
EXTRA_DIST += %D%/event-stream.dict
EXTRA_DIST += %D%/exchange.dict
EXTRA_DIST += %D%/forwarded.dict
EXTRA_DIST += %D%/head.dict
EXTRA_DIST += %D%/idempotency.dict
EXTRA_DIST += %D%/json.dict
EXTRA_DIST += %D%/json-rpc.dict
EXTRA_DIST += %D%/key.dict
EXTRA_DIST += %D%/jwt.dict
EXTRA_DIST += %D%/limits.dict
EXTRA_DIST += %D%/mime.dict
EXTRA_DIST += %D%/multipart.dict
EXTRA_DIST += %D%/ndjson.dict
EXTRA_DIST += %D%/negotiation.dict
EXTRA_DIST += %D%/password.dict
EXTRA_DIST += %D%/pattern.dict
EXTRA_DIST += %D%/plan.dict
EXTRA_DIST += %D%/proxy-fields.dict
EXTRA_DIST += %D%/proxy-protocol.dict
EXTRA_DIST += %D%/request.dict
EXTRA_DIST += %D%/response.dict
EXTRA_DIST += %D%/router.dict
EXTRA_DIST += %D%/rules.dict
EXTRA_DIST += %D%/schema.dict
EXTRA_DIST += %D%/set-cookie.dict
EXTRA_DIST += %D%/session.dict
EXTRA_DIST += %D%/store.dict
EXTRA_DIST += %D%/template.dict
EXTRA_DIST += %D%/trace-context.dict
EXTRA_DIST += %D%/url.dict
EXTRA_DIST += %D%/ws-handshake.dict
EXTRA_DIST += %D%/ws-reader.dict

# What they share: how they fail and choose, and plain readings to compare the library with.
libfuzz_support_la_SOURCES = %D%/fuzz.c %D%/fuzz.h
libfuzz_support_la_SOURCES += %D%/plain-body.c %D%/plain-body.h
libfuzz_support_la_SOURCES += %D%/plain-form.c %D%/plain-form.h
libfuzz_support_la_SOURCES += %D%/plain-head.c %D%/plain-head.h
libfuzz_support_la_SOURCES += %D%/plain-html.c %D%/plain-html.h
libfuzz_support_la_SOURCES += %D%/plain-jar.c %D%/plain-jar.h
libfuzz_support_la_SOURCES += %D%/plain-path.c %D%/plain-path.h
libfuzz_support_la_SOURCES += %D%/plain-response.c %D%/plain-response.h
libfuzz_support_la_SOURCES += %D%/plain-router.c %D%/plain-router.h
libfuzz_support_la_SOURCES += %D%/plain-schema.c %D%/plain-schema.h

FUZZ_SECONDS = 5
FUZZ_LONG_SECONDS = 600
dist_check_SCRIPTS += %D%/run-fuzzers
if FUZZING
check_LTLIBRARIES += libfuzz-support.la
check_PROGRAMS += $(fuzz_programs) %D%/write-seeds
$(fuzz_programs): libfuzz-support.la
$(fuzz_programs): AM_LDFLAGS += -fsanitize=fuzzer
$(fuzz_programs): LDADD = libfuzz-support.la libtest-support.la
check-fuzz: $(fuzz_programs) %D%/write-seeds
	@$(AM_TESTS_ENVIRONMENT) '$(abs_top_srcdir)/%D%/run-fuzzers' $(FUZZ_SECONDS) $(fuzz_programs)
fuzz: $(fuzz_programs)
	@H3_FUZZ_SEED=$${H3_FUZZ_SEED:-0} $(MAKE) $(AM_MAKEFLAGS) check-fuzz FUZZ_SECONDS=$(FUZZ_LONG_SECONDS)
else
check-fuzz:
	@echo 'Fuzzers need clang: ../configure CC=clang --with-sanitizer=fuzzer, or make fuzz' >&2
	@exit 1
# From any build folder: the tree that the fuzzers need lies below it.
fuzz:
	@test -f build-fuzz/Makefile || { $(MKDIR_P) build-fuzz && cd build-fuzz && \
		'$(abs_top_srcdir)/configure' -q CC=clang --with-sanitizer=fuzzer --disable-shared; }
	@cd build-fuzz && $(MAKE) $(AM_MAKEFLAGS) fuzz FUZZ_LONG_SECONDS=$(FUZZ_LONG_SECONDS)
distclean-local:
	-rm -rf build-fuzz
endif
.PHONY: check-fuzz fuzz
CLEANFILES += fuzz-*.log fuzz-*-crash-* fuzz-*-leak-* fuzz-*-timeout-* fuzz-*-oom-* fuzz-*-slow-unit-*
