# One line a test program.
e2e_tests += %D%/test-no-allocation
e2e_tests += %D%/test-scripted-server
e2e_tests += %D%/test-client-errors
e2e_tests += %D%/test-client-connecting
e2e_tests += %D%/test-client-giving-up
EXTRA_DIST += %D%/client-errors.h
e2e_tests += %D%/test-examples
e2e_tests += %D%/test-lifetimes-data
e2e_tests += %D%/test-shutdown-app
e2e_tests += %D%/test-shutdown
e2e_tests += %D%/test-single-thread
e2e_tests += %D%/test-takeover
e2e_tests += %D%/test-processes
e2e_tests += %D%/test-app-server
e2e_tests += %D%/test-refused-logged
e2e_tests += %D%/test-metrics
e2e_tests += %D%/test-early
e2e_tests += %D%/test-lifetimes-output
e2e_tests += %D%/test-lifetimes-many
e2e_tests += %D%/test-lifetimes-handles
e2e_tests += %D%/test-demo
e2e_tests += %D%/test-demo-answer
e2e_tests += %D%/test-demo-bytes
e2e_tests += %D%/test-demo-stream
e2e_tests += %D%/test-demo-message
e2e_tests += %D%/test-ranges
e2e_tests += %D%/test-generator
e2e_tests += %D%/test-streams
e2e_tests += %D%/test-demo-cache
e2e_tests += %D%/test-demo-cookie
e2e_tests += %D%/test-demo-document
e2e_tests += %D%/test-demo-upload
e2e_tests += %D%/test-demo-validation
e2e_tests += %D%/test-input
e2e_tests += %D%/test-demo-json-lines
e2e_tests += %D%/test-demo-seal
e2e_tests += %D%/test-demo-json-rpc
e2e_tests += %D%/test-json-rpc-websocket
e2e_tests += %D%/test-demo-page
e2e_tests += %D%/test-demo-redirect
e2e_tests += %D%/test-demo-session
e2e_tests += %D%/test-session-redis
e2e_tests += %D%/test-demo-rules
e2e_tests += %D%/test-demo-status
e2e_tests += %D%/test-serve
e2e_tests += %D%/test-static-files
e2e_tests += %D%/test-static-paths
e2e_tests += %D%/test-static-copies
e2e_tests += %D%/test-slow-peers
e2e_tests += %D%/test-listeners
e2e_tests += %D%/test-sse
e2e_tests += %D%/test-sse-channel
e2e_tests += %D%/test-demo-sse
e2e_tests += %D%/test-dashboard
e2e_tests += %D%/test-demo-store
e2e_tests += %D%/test-demo-workflow
e2e_tests += %D%/test-demo-workflow-queue
e2e_tests += %D%/test-demo-workflow-crash
e2e_tests += %D%/test-workflow-command
EXTRA_DIST += %D%/sse-fixture.h
e2e_tests += %D%/test-websocket
e2e_tests += %D%/test-websocket-ending
e2e_tests += %D%/test-websocket-output
EXTRA_DIST += %D%/websocket-fixture.h
e2e_tests += %D%/test-inherited
e2e_tests += %D%/test-supervised
e2e_tests += %D%/test-tls
e2e_tests += %D%/test-tls-names
e2e_tests += %D%/test-tls-ending
e2e_tests += %D%/test-tls-handshake
e2e_tests += %D%/test-tls-clients
e2e_tests += %D%/test-tls-sessions
EXTRA_DIST += %D%/tls-fixture.h
e2e_tests += %D%/test-proxied
e2e_tests += %D%/test-decoding
e2e_tests += %D%/test-auth %D%/test-demo-auth
e2e_tests += %D%/test-compression

# Other people's clients against h3d demo; each is skipped where its program is missing.
client_checks = %D%/check-curl-client %D%/check-python-client
client_checks += %D%/check-websocket-client
client_checks += %D%/check-credentials
EXTRA_DIST += %D%/websocket-client.py
client_checks += %D%/check-chromium-client
EXTRA_DIST += %D%/chromium-browser.py %D%/chromium-client.js %D%/chromium-client.py
client_checks += %D%/check-tls-clients
EXTRA_DIST += %D%/tls-client.py
client_checks += %D%/check-haproxy
# Prometheus reads what the demo counts.
client_checks += %D%/check-promtool
client_checks += %D%/check-smuggling
EXTRA_DIST += %D%/smuggling-chain.py %D%/smuggling-table.py
client_checks += %D%/check-systemd
# Programs in other languages, by what this build says of the library.
client_checks += %D%/check-python %D%/check-vala %D%/check-javascript
EXTRA_DIST += %D%/languages.sh %D%/languages-client.py %D%/languages-closures.py %D%/languages-annotations.py
EXTRA_DIST += %D%/languages-closures.js %D%/languages-closures.vala
# What the manual says of nginx and HAProxy.
client_checks += %D%/check-deployment
EXTRA_DIST += %D%/deployment.py
# What bash offers behind the beginning of a command line.
# Programs of examples/.
client_checks += %D%/check-examples
EXTRA_DIST += %D%/examples.py
# The same service by other libraries.
client_checks += %D%/check-migrating
EXTRA_DIST += %D%/migrating.py
client_checks += %D%/check-completion
EXTRA_DIST += %D%/completion.bash
# httpbin itself beside h3d demo.
client_checks += %D%/check-httpbin
# … and h3d fetch against it.
client_checks += %D%/check-fetch-httpbin
EXTRA_DIST += %D%/fetch-httpbin.py
dist_check_SCRIPTS += $(client_checks)
EXTRA_DIST += %D%/demo.sh
EXTRA_DIST += %D%/httpbin-compare.py %D%/httpbin-table.py
TESTS += $(client_checks)
e2e_tests += %D%/test-rate-limit
e2e_tests += %D%/test-idempotency
e2e_tests += %D%/test-demo-limited
e2e_tests += %D%/test-upstreams-health %D%/test-upstreams
e2e_tests += %D%/test-backends
e2e_tests += %D%/test-client-fetch %D%/test-client-bodies %D%/test-client-async
e2e_tests += %D%/test-client-handlers %D%/test-client-streams %D%/test-client-uploads
e2e_tests += %D%/test-client-loop-ends
EXTRA_DIST += %D%/fetch-fixture.h %D%/pattern-body.h
e2e_tests += %D%/test-demo-proxy
e2e_tests += %D%/test-proxy %D%/test-proxy-failures %D%/test-proxy-bodies %D%/test-proxy-websocket
EXTRA_DIST += %D%/proxy-fixture.h
e2e_tests += %D%/test-fetch %D%/test-fetch-errors %D%/test-fetch-tls
EXTRA_DIST += %D%/fetch-program.h
e2e_tests += %D%/test-demo-fetch
e2e_tests += %D%/test-tracing
e2e_tests += %D%/test-overload
e2e_tests += %D%/test-config-run %D%/test-config-reload
e2e_tests += %D%/test-config-processes
e2e_tests += %D%/test-password
EXTRA_DIST += %D%/config-fixture.h

# Needs the npm registry.
EXTRA_DIST += %D%/validate-openapi
check-openapi: bin/h3d
	top_builddir='$(abs_top_builddir)' sh '$(srcdir)/%D%/validate-openapi'
.PHONY: check-openapi
