# The service and its socket. Who has no systemd has no folder for them, and nothing is installed.

if HAVE_SYSTEMD_UNITS
systemdsystemunit_DATA = %D%/h3d.service
dist_systemdsystemunit_DATA = %D%/h3d.socket
endif

# Here bindir and docdir are whole.
%D%/h3d.service: %D%/h3d.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && sed -e 's,@bindir[@],$(bindir),' -e 's,@docdir[@],$(docdir),' \
		'$(srcdir)/%D%/h3d.service.in' >$@-new && mv $@-new $@
check_DATA += %D%/h3d.service
CLEANFILES += %D%/h3d.service
EXTRA_DIST += %D%/h3d.service.in %D%/h3d.socket
