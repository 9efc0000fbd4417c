# The soak: h3d demo under what servers meet in the long run. docs/soak.md says what it proves.

soak_client_sources = %D%/soak-client.c %D%/crowd.c %D%/crowd.h %D%/peer.c %D%/peer.h \
	%D%/plan.c %D%/plan.h %D%/scenario.c
soak_client_sources += %D%/scenario-answers.c %D%/scenario-answers.h
soak_client_sources += %D%/scenario-live.c %D%/scenario-live.h
soak_client_sources += %D%/scenario-bodies.c %D%/scenario-bodies.h
soak_client_sources += %D%/answer.c %D%/answer.h
soak_client_sources += %D%/probe.c %D%/probe.h
soak_client_sources += %D%/verdict.c %D%/verdict.h

check_PROGRAMS += %D%/soak-client
%C%_soak_client_SOURCES = $(soak_client_sources)
%C%_soak_client_LDADD = $(GLIB_LIBS)

EXTRA_PROGRAMS += %D%/hold %D%/regular %D%/tls-crowd
%C%_tls_crowd_LDADD = $(GLIB_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)
%C%_hold_LDADD =
%C%_regular_SOURCES = %D%/regular.c %D%/probe.c %D%/probe.h %D%/verdict.c %D%/verdict.h
%C%_regular_LDADD = $(GLIB_LIBS)
CLEANFILES += %D%/hold$(EXEEXT) %D%/regular$(EXEEXT) %D%/tls-crowd$(EXEEXT)
EXTRA_DIST += %D%/soak.sh %D%/streams.sh %D%/proxied.py

soak_programs = %D%/soak-client$(EXEEXT) %D%/hold$(EXEEXT) %D%/regular$(EXEEXT) \
	%D%/tls-crowd$(EXEEXT) bench/load$(EXEEXT)

# All of it; SOAK_SECONDS is the length of the mixed load.
soak: all $(soak_programs)
	$(srcdir)/%D%/soak.sh $(builddir)
soak-load: all $(soak_programs)
	$(srcdir)/%D%/soak.sh $(builddir) load
soak-slow: all $(soak_programs)
	$(srcdir)/%D%/soak.sh $(builddir) slow
soak-descriptors: all $(soak_programs)
	$(srcdir)/%D%/soak.sh $(builddir) descriptors
soak-tls: all $(soak_programs)
	$(srcdir)/%D%/soak.sh $(builddir) tls
soak-proxy: all $(soak_programs)
	$(srcdir)/%D%/soak.sh $(builddir) proxy
# Bodies of SOAK_STREAM_BYTES both ways, 4 GiB without.
soak-streams: all bench/load$(EXEEXT)
	$(srcdir)/%D%/streams.sh $(builddir)
.PHONY: soak soak-load soak-slow soak-tls soak-proxy soak-descriptors soak-streams

# That the client itself works, and judges rightly, is a test like any other.
unit_tests += %D%/test-verdict
%C%_test_verdict_SOURCES = %D%/test-verdict.c %D%/verdict.c %D%/verdict.h
unit_tests += %D%/test-answer
%C%_test_answer_SOURCES = %D%/test-answer.c %D%/answer.c %D%/answer.h
dist_check_SCRIPTS += %D%/check-soak-client
TESTS += %D%/check-soak-client
