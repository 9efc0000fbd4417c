# What the house style can have checked, checked; each check has a test that proves it fails on what
# is wrong. They look at sources and at what was built, so a sanitizer's build has nothing to add.

source_checks =
source_checks += %D%/check-floors %D%/test-check-floors
source_checks += %D%/check-sizes %D%/test-check-sizes
source_checks += %D%/check-words %D%/test-check-words
source_checks += %D%/check-format %D%/test-check-format
source_checks += %D%/check-suppressions %D%/test-check-suppressions
source_checks += %D%/check-public-headers %D%/test-check-public-headers
source_checks += %D%/check-symbols %D%/test-check-symbols
source_checks += %D%/check-json-glib
source_checks += %D%/check-limits-doc %D%/test-check-limits-doc
source_checks += %D%/check-docs %D%/test-check-docs
source_checks += %D%/check-install

dist_check_SCRIPTS += $(source_checks)
EXTRA_DIST += %D%/sources.sh %D%/check-floors.pl

if !SANITIZED
TESTS += $(source_checks)
endif
