# The suite of what HTTP/1.1 demands: tables of cases, which the tests of the wire use as well, and
# the program that asks a server all of them.
libtest_support_la_SOURCES += %D%/wire-cases.c %D%/wire-cases.h
libtest_support_la_SOURCES += %D%/wire-cases-line.c
libtest_support_la_SOURCES += %D%/wire-cases-target.c
libtest_support_la_SOURCES += %D%/wire-cases-field.c
libtest_support_la_SOURCES += %D%/wire-cases-framing.c
libtest_support_la_SOURCES += %D%/wire-cases-chunk.c
libtest_support_la_SOURCES += %D%/wire-cases-smuggling.c
libtest_support_la_SOURCES += %D%/wire-cases-answered.c
libtest_support_la_SOURCES += %D%/wire-cases-accepted.c
libtest_support_la_SOURCES += %D%/wire-limits.c %D%/wire-limits.h

e2e_tests += %D%/test-conformance
%C%_test_conformance_SOURCES = %D%/test-conformance.c
%C%_test_conformance_SOURCES += %D%/conformance-program.c %D%/conformance-program.h
%C%_test_conformance_SOURCES += %D%/conformance-ways.c %D%/conformance-ways.h
%C%_test_conformance_SOURCES += %D%/conformance-report.c %D%/conformance-report.h
%C%_test_conformance_SOURCES += %D%/conformance-exchanges.c %D%/conformance-exchanges.h
%C%_test_conformance_SOURCES += %D%/exchanges-answers.c
%C%_test_conformance_SOURCES += %D%/exchanges-limits.c
%C%_test_conformance_SOURCES += %D%/exchanges-waits.c
%C%_test_conformance_SOURCES += %D%/conformance-lessons.c
%C%_test_conformance_SOURCES += %D%/wire-answer.c %D%/wire-answer.h
CLEANFILES += %D%/conformance.md

# Writes docs/conformance.md anew.
conformance: %D%/test-conformance$(EXEEXT)
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
	H3_CONFORMANCE_WRITE='$(abs_top_srcdir)/docs/conformance.md' %D%/test-conformance$(EXEEXT)
.PHONY: conformance
