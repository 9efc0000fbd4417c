# Debian's packages, from the tarball to their purge. It takes long, and is no part of check.

EXTRA_DIST += %D%/check-debian %D%/booted
check-debian: dist
	$(srcdir)/%D%/check-debian '$(abs_builddir)/$(distdir).tar.xz'
.PHONY: check-debian
