# What rpm/ adds: the packages of Fedora, built and looked at by 'make check-rpm'.

EXTRA_DIST += %D%/h3-glib.spec %D%/check-rpm %D%/rpmlint.toml

check-rpm: dist
	'$(srcdir)/%D%/check-rpm' '$(distdir).tar.xz'
.PHONY: check-rpm
