# What the service is told, and what it serves until it is told otherwise.

# Here sysconfdir and datadir are whole.
%D%/h3d.conf: %D%/h3d.conf.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && sed -e 's,@sysconfdir[@],$(sysconfdir),' \
		-e 's,@datadir[@],$(datadir),' '$(srcdir)/%D%/h3d.conf.in' >$@-new && mv $@-new $@
check_DATA += %D%/h3d.conf
CLEANFILES += %D%/h3d.conf
EXTRA_DIST += %D%/h3d.conf.in %D%/h3d.logrotate

h3dwwwdir = $(datadir)/h3d/www
dist_h3dwww_DATA = %D%/index.html

# A file that is there may have been edited, and stays.
h3dconf = $(DESTDIR)$(sysconfdir)/h3d/h3d.conf
h3dlogrotate = $(DESTDIR)$(sysconfdir)/logrotate.d/h3d
install-data-local: %D%/h3d.conf
	$(MKDIR_P) '$(DESTDIR)$(sysconfdir)/h3d' '$(DESTDIR)$(sysconfdir)/logrotate.d'
	test -e '$(h3dconf)' || $(INSTALL_DATA) %D%/h3d.conf '$(h3dconf)'
	test -e '$(h3dlogrotate)' || $(INSTALL_DATA) '$(srcdir)/%D%/h3d.logrotate' '$(h3dlogrotate)'
uninstall-local: %D%/h3d.conf
	! cmp -s %D%/h3d.conf '$(h3dconf)' || rm -f '$(h3dconf)'
	! cmp -s '$(srcdir)/%D%/h3d.logrotate' '$(h3dlogrotate)' || rm -f '$(h3dlogrotate)'
