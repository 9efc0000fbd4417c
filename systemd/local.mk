# The service, its socket and its user. Who has no systemd has no folder for units, and nothing is
# installed.

if HAVE_SYSTEMD_UNITS
systemdsystemunit_DATA = %D%/h3d.service
dist_systemdsystemunit_DATA = %D%/h3d.socket
sysusersdir = $(prefix)/lib/sysusers.d
dist_sysusers_DATA = %D%/sysusers/h3d.conf
endif

# Here bindir and sysconfdir are whole.
%D%/h3d.service: %D%/h3d.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && sed -e 's,@bindir[@],$(bindir),' \
		-e 's,@sysconfdir[@],$(sysconfdir),' '$(srcdir)/%D%/h3d.service.in' >$@-new && mv $@-new $@
check_DATA += %D%/h3d.service
CLEANFILES += %D%/h3d.service
EXTRA_DIST += %D%/h3d.service.in %D%/h3d.socket %D%/sysusers/h3d.conf
