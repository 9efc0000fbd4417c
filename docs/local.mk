# The manual, one line a page.

dist_doc_DATA =
dist_doc_DATA += %D%/access-log.md
dist_doc_DATA += %D%/limits.md
dist_doc_DATA += %D%/overload.md %D%/overload.svg
dist_doc_DATA += %D%/configuration.md
dist_doc_DATA += %D%/rate-limits.md
dist_doc_DATA += %D%/idempotency.md
dist_doc_DATA += %D%/upstreams.md
dist_doc_DATA += %D%/conformance.md
dist_doc_DATA += %D%/memory.md
dist_doc_DATA += %D%/metrics.md
dist_doc_DATA += %D%/trend.md
dist_doc_DATA += %D%/getting-started.md
dist_doc_DATA += %D%/README.md
dist_doc_DATA += %D%/architecture.md
dist_doc_DATA += %D%/lifetimes.md
dist_doc_DATA += %D%/values.md
dist_doc_DATA += %D%/security.md
dist_doc_DATA += %D%/tuning.md
dist_doc_DATA += %D%/deployment.md
dist_doc_DATA += %D%/migrating-from-evhttp.md
dist_doc_DATA += %D%/migrating-from-libmicrohttpd.md
dist_doc_DATA += %D%/migrating-from-libsoup.md
dist_doc_DATA += %D%/routing.md
dist_doc_DATA += %D%/route-rules.md
dist_doc_DATA += %D%/middleware.md
dist_doc_DATA += %D%/requests.md
dist_doc_DATA += %D%/answers.md
dist_doc_DATA += %D%/templates.md
dist_doc_DATA += %D%/uploads.md
dist_doc_DATA += %D%/sessions.md
dist_doc_DATA += %D%/csrf.md
dist_doc_DATA += %D%/streaming.md
dist_doc_DATA += %D%/websocket.md
dist_doc_DATA += %D%/json-rpc.md
dist_doc_DATA += %D%/compatibility.md
dist_doc_DATA += %D%/compression.md
dist_doc_DATA += %D%/cors.md
dist_doc_DATA += %D%/security-headers.md
dist_doc_DATA += %D%/threads.md
dist_doc_DATA += %D%/digests.md
dist_doc_DATA += %D%/fetch.md
dist_doc_DATA += %D%/jwt.md
dist_doc_DATA += %D%/crypto.md
dist_doc_DATA += %D%/authentication.md
dist_doc_DATA += %D%/realtime.md
dist_doc_DATA += %D%/shutdown.md
dist_doc_DATA += %D%/processes.md
dist_doc_DATA += %D%/systemd.md
dist_doc_DATA += %D%/tls.md
dist_doc_DATA += %D%/client-tls.md
dist_doc_DATA += %D%/tracing.md
dist_doc_DATA += %D%/behind-a-proxy.md
dist_doc_DATA += %D%/proxy.md
dist_doc_DATA += %D%/performance.md
dist_doc_DATA += %D%/demo.md
dist_doc_DATA += %D%/soak.md
dist_doc_DATA += %D%/static-files.md
dist_doc_DATA += %D%/stores.md
dist_doc_DATA += %D%/client.md
dist_doc_DATA += %D%/validation.md
dist_doc_DATA += %D%/dashboard.md
dist_doc_DATA += %D%/workflows.md
dist_doc_DATA += %D%/openapi.md
dist_doc_DATA += %D%/workflow-steps.md
dist_doc_DATA += %D%/languages.md

# 'make reference': a page for each public name, by gi-docgen, in reference/, and the manual's index with
# links to its pages, which are installed beside that folder.
reference_texts = %D%/reference/about.md
reference: reference/index.html
reference/index.html: H3-1.0.gir %D%/reference/h3-glib.toml %D%/reference/link-names $(reference_texts) \
		%D%/README.md
	@test -n '$(GI_DOCGEN)' || { echo 'gi-docgen is missing'; exit 1; }
	$(AM_V_at)rm -rf reference reference-texts && $(MKDIR_P) reference-texts
	$(AM_V_at)$(srcdir)/%D%/reference/link-names H3-1.0.gir reference-texts \
		$(addprefix $(srcdir)/,$(filter-out $(nodist_h3baseinclude_HEADERS),$(public_headers))) \
		$(nodist_h3baseinclude_HEADERS)
	$(AM_V_at){ echo 'Title: The manual' && echo && \
		sed 's,](\([a-z0-9-]*\.md\)),](../\1),g' $(srcdir)/%D%/README.md; } >reference-texts/manual.md
	$(AM_V_GEN)$(GI_DOCGEN) generate --quiet --fatal-warnings --no-namespace-dir \
		--config=%D%/reference/h3-glib.toml --content-dir=$(srcdir)/%D%/reference \
		--content-dir=reference-texts --output-dir=reference reference-texts/H3-1.0.gir || \
		{ rm -rf reference; exit 1; }
.PHONY: reference
EXTRA_DIST += $(reference_texts) %D%/reference/link-names

if INSTALL_REFERENCE
all-local: reference/index.html
install-data-hook:
	$(MKDIR_P) '$(DESTDIR)$(htmldir)/reference'
	cp -R reference/. '$(DESTDIR)$(htmldir)/reference/'
uninstall-hook:
	rm -rf '$(DESTDIR)$(htmldir)/reference'
endif
clean-local:
	rm -rf reference reference-texts

dist_man_MANS = %D%/man/h3d.1 %D%/man/h3d.conf.5
