# What bin/ adds to the build.

bin_PROGRAMS += %D%/h3d
%C%_h3d_SOURCES = %D%/h3d.c %D%/demo.c %D%/demo.h
%C%_h3d_SOURCES += %D%/command.c %D%/command.h
%C%_h3d_SOURCES += %D%/demo-answer.c
%C%_h3d_SOURCES += %D%/access-log-option.c %D%/access-log-option.h
%C%_h3d_SOURCES += %D%/serve.c %D%/serve.h
%C%_h3d_SOURCES += %D%/fetch.c %D%/fetch.h %D%/fetch-options.c %D%/fetch-options.h
%C%_h3d_SOURCES += %D%/fetch-body.c %D%/fetch-body.h %D%/fetch-output.c %D%/fetch-output.h
%C%_h3d_SOURCES += %D%/fetch-status.c %D%/fetch-status.h %D%/fetch-tell.c %D%/fetch-tell.h
%C%_h3d_SOURCES += %D%/workflow.c %D%/workflow.h %D%/workflow-check.c
%C%_h3d_SOURCES += %D%/workflow-run.c %D%/workflow-tell.c %D%/workflow-tell.h
%C%_h3d_SOURCES += %D%/demo-auth.c
%C%_h3d_SOURCES += %D%/demo-base64.c
%C%_h3d_SOURCES += %D%/demo-bytes.c
%C%_h3d_SOURCES += %D%/demo-bench.c
%C%_h3d_SOURCES += %D%/demo-cache.c
%C%_h3d_SOURCES += %D%/demo-compression.c
%C%_h3d_SOURCES += %D%/demo-cookie.c
%C%_h3d_SOURCES += %D%/demo-cors.c
%C%_h3d_SOURCES += %D%/demo-document.c
%C%_h3d_SOURCES += %D%/demo-dashboard.c
%C%_h3d_SOURCES += %D%/demo-fetch.c
%C%_h3d_SOURCES += %D%/demo-field.c
%C%_h3d_SOURCES += %D%/demo-files.c
%C%_h3d_SOURCES += %D%/demo-gio.c
%C%_h3d_SOURCES += %D%/demo-health.c
%C%_h3d_SOURCES += %D%/demo-image.c
%C%_h3d_SOURCES += %D%/demo-inspect.c %D%/demo-inspect.h
%C%_h3d_SOURCES += %D%/demo-json-rpc.c %D%/demo-json-rpc.h
%C%_h3d_SOURCES += %D%/demo-json-lines.c
%C%_h3d_SOURCES += %D%/demo-later.c
%C%_h3d_SOURCES += %D%/demo-link.c
%C%_h3d_SOURCES += %D%/demo-limited.c
%C%_h3d_SOURCES += %D%/demo-idempotent.c
%C%_h3d_SOURCES += %D%/demo-message.c
%C%_h3d_SOURCES += %D%/demo-metrics.c
%C%_h3d_SOURCES += %D%/demo-number.c %D%/demo-number.h
%C%_h3d_SOURCES += %D%/demo-pace.c %D%/demo-pace.h
%C%_h3d_SOURCES += %D%/demo-openapi.c
%C%_h3d_SOURCES += %D%/demo-page.c
%C%_h3d_SOURCES += %D%/demo-plain.c
%C%_h3d_SOURCES += %D%/demo-proxy.c
%C%_h3d_SOURCES += %D%/demo-random.c %D%/demo-random.h
%C%_h3d_SOURCES += %D%/demo-redirect.c
%C%_h3d_SOURCES += %D%/demo-route.c %D%/demo-route.h
%C%_h3d_SOURCES += %D%/demo-session.c
%C%_h3d_SOURCES += %D%/demo-rules.c
%C%_h3d_SOURCES += %D%/demo-security.c
%C%_h3d_SOURCES += %D%/demo-sse.c
%C%_h3d_SOURCES += %D%/demo-status.c
%C%_h3d_SOURCES += %D%/demo-store.c
%C%_h3d_SOURCES += %D%/demo-stream.c
%C%_h3d_SOURCES += %D%/demo-seal.c
%C%_h3d_SOURCES += %D%/demo-websocket.c
%C%_h3d_SOURCES += %D%/demo-tls.c
%C%_h3d_SOURCES += %D%/demo-trace.c
%C%_h3d_SOURCES += %D%/demo-upload.c
%C%_h3d_SOURCES += %D%/demo-token.c
%C%_h3d_SOURCES += %D%/demo-validation.c
%C%_h3d_SOURCES += %D%/run.c %D%/run.h %D%/check.c %D%/check.h %D%/password.c %D%/password.h
%C%_h3d_SOURCES += %D%/demo-workflow.c
%C%_h3d_LDADD = libh3-glib-1.0.la $(GLIB_LIBS) $(JANSSON_LIBS) -lm

# bash asks for completions in a file of the program's name.
completionsdir = $(datadir)/bash-completion/completions
install-completion:
	$(MKDIR_P) '$(DESTDIR)$(completionsdir)'
	$(INSTALL_DATA) '$(srcdir)/%D%/h3d.bash-completion' '$(DESTDIR)$(completionsdir)/h3d'
uninstall-completion:
	rm -f '$(DESTDIR)$(completionsdir)/h3d'
install-data-local: install-completion
uninstall-local: uninstall-completion
.PHONY: install-completion uninstall-completion
EXTRA_DIST += %D%/h3d.bash-completion
