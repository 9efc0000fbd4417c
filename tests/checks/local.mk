# What the house style can have checked, checked; each check has a test that proves it fails on what
# is wrong. They look at sources and at what was built, so a sanitizer's build has nothing to add.

source_checks =
source_checks += %D%/check-floors %D%/test-check-floors
source_checks += %D%/check-sizes %D%/test-check-sizes
source_checks += %D%/check-words %D%/test-check-words
source_checks += %D%/check-format %D%/test-check-format
source_checks += %D%/check-suppressions %D%/test-check-suppressions
source_checks += %D%/check-public-headers %D%/test-check-public-headers
source_checks += %D%/check-reference %D%/test-check-reference
source_checks += %D%/check-symbols %D%/test-check-symbols
source_checks += %D%/check-abi %D%/test-check-abi
source_checks += %D%/check-debian-symbols %D%/test-check-debian-symbols
source_checks += %D%/check-json-glib
source_checks += %D%/check-limits-doc %D%/test-check-limits-doc
source_checks += %D%/check-config-doc %D%/test-check-config-doc
source_checks += %D%/check-man %D%/test-check-man
source_checks += %D%/check-docs %D%/test-check-docs
source_checks += %D%/check-skips %D%/test-check-skips
source_checks += %D%/check-introspection %D%/test-check-introspection
source_checks += %D%/check-install

dist_check_SCRIPTS += $(source_checks)
EXTRA_DIST += %D%/sources.sh %D%/check-floors.pl %D%/check-reference.pl

if !SANITIZED
TESTS += $(source_checks)
endif

# What programs that are linked to the library rely on, by itself; and as it is from now on.
run_check_abi = top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' CC='$(CC)' \
	$(SHELL) '$(abs_top_srcdir)/%D%/check-abi'
check-abi: libh3-internal.la
	$(run_check_abi)
abi-baseline: libh3-internal.la
	$(run_check_abi) --write
.PHONY: check-abi abi-baseline

# That nothing is warned of when the library is described to other languages, by itself.
check-introspection: all
	top_builddir='$(abs_top_builddir)' $(SHELL) '$(abs_top_srcdir)/%D%/check-introspection'
.PHONY: check-introspection
