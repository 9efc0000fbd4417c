# What Debian's packages are made by: a package of the sources can be made of the tarball.

EXTRA_DIST += %D%/changelog %D%/control %D%/copyright %D%/not-installed %D%/rules %D%/watch
EXTRA_DIST += %D%/gir1.2-h3-1.0.install %D%/h3d.install %D%/h3d.postrm
EXTRA_DIST += %D%/libh3-glib-1.0-0.install %D%/libh3-glib-1.0-0.symbols
EXTRA_DIST += %D%/libh3-glib-dev.install
EXTRA_DIST += %D%/libh3-glib-doc.doc-base.manual %D%/libh3-glib-doc.doc-base.reference
EXTRA_DIST += %D%/libh3-glib-doc.examples %D%/libh3-glib-doc.install
EXTRA_DIST += %D%/gir1.2-h3-1.0.lintian-overrides %D%/h3d.lintian-overrides
EXTRA_DIST += %D%/libh3-glib-1.0-0.lintian-overrides %D%/libh3-glib-dev.lintian-overrides
EXTRA_DIST += %D%/libh3-glib-doc.lintian-overrides %D%/source/lintian-overrides
EXTRA_DIST += %D%/tests/control %D%/tests/common.sh %D%/tests/c-program %D%/tests/installed
EXTRA_DIST += %D%/tests/python-program %D%/tests/service %D%/tests/sockets %D%/tests/vala-program
EXTRA_DIST += %D%/source/format %D%/upstream/metadata

# The list of symbols as the library has them now.
debian-symbols: libh3-glib-1.0.la
	$(srcdir)/%D%/update-symbols .libs/libh3-glib-1.0.so '$(PACKAGE_VERSION)' \
		'$(srcdir)/%D%/libh3-glib-1.0-0.symbols'
EXTRA_DIST += %D%/update-symbols
.PHONY: debian-symbols
