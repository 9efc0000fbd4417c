# What bench/ adds to the build.

EXTRA_PROGRAMS += %D%/bench-router %D%/bench-micro %D%/bench-crypto
%C%_bench_crypto_LDADD = libh3-internal.la
%C%_bench_router_LDADD = libh3-internal.la
%C%_bench_micro_LDADD = libh3-internal.la

# What a match costs, in ns; and other small things.
bench-router: %D%/bench-router$(EXEEXT)
	%D%/bench-router$(EXEEXT)
bench-micro: %D%/bench-micro$(EXEEXT)
	%D%/bench-micro$(EXEEXT)
bench-crypto: %D%/bench-crypto$(EXEEXT)
	%D%/bench-crypto$(EXEEXT)
.PHONY: bench-router bench-micro bench-crypto

# What sessions and tokens add to a request: docs/sessions.md.
EXTRA_PROGRAMS += %D%/bench-session
%C%_bench_session_LDADD = libh3-internal.la
CLEANFILES += %D%/bench-session$(EXEEXT)
bench-session: %D%/bench-session$(EXEEXT)
	%D%/bench-session$(EXEEXT)
.PHONY: bench-session

EXTRA_PROGRAMS += %D%/floor %D%/load %D%/idle
%C%_floor_LDADD =
%C%_load_LDADD =
%C%_idle_LDADD =
EXTRA_DIST += %D%/bench.sh %D%/machine.sh %D%/peers.sh %D%/nginx.conf %D%/lighttpd.conf \
	%D%/pipelined.lua %D%/peer-evhttp.c %D%/peer-h2o.c %D%/peer-microhttpd.c
CLEANFILES += %D%/floor$(EXEEXT) %D%/load$(EXEEXT) %D%/idle$(EXEEXT) %D%/bench-router$(EXEEXT) \
	%D%/bench-micro$(EXEEXT) %D%/bench-crypto$(EXEEXT)

# Messages that come back on WebSockets, in a second.
EXTRA_PROGRAMS += %D%/websocket
%C%_websocket_LDADD =
CLEANFILES += %D%/websocket$(EXEEXT)
EXTRA_DIST += %D%/websocket.sh
bench-websocket: all %D%/websocket$(EXEEXT)
	$(srcdir)/%D%/websocket.sh $(builddir)
.PHONY: bench-websocket

# h3d serve beside other servers of files: docs/static-files.md.
EXTRA_DIST += %D%/bench-static.sh %D%/nginx-static.conf %D%/h2o-static.conf
bench-static: all %D%/load$(EXEEXT)
	$(srcdir)/%D%/bench-static.sh $(builddir)
.PHONY: bench-static

# Event streams: docs/realtime.md.
EXTRA_PROGRAMS += %D%/sse-load
%C%_sse_load_LDADD =
EXTRA_DIST += %D%/bench-sse.sh
CLEANFILES += %D%/sse-load$(EXEEXT)
bench-sse: all %D%/sse-load$(EXEEXT)
	$(srcdir)/%D%/bench-sse.sh $(builddir)
.PHONY: bench-sse

# h3d beside other servers (docs/performance.md), then what is measured above.
bench: all %D%/floor$(EXEEXT) %D%/load$(EXEEXT) %D%/idle$(EXEEXT) %D%/bench-micro$(EXEEXT) \
		%D%/bench-router$(EXEEXT)
	CC='$(CC)' $(srcdir)/%D%/bench.sh $(builddir)
	$(MAKE) $(AM_MAKEFLAGS) bench-static
	$(MAKE) $(AM_MAKEFLAGS) bench-sse
	$(MAKE) $(AM_MAKEFLAGS) bench-websocket
.PHONY: bench

# What it costs to know who asks.
EXTRA_PROGRAMS += %D%/bench-auth
%C%_bench_auth_LDADD = libh3-internal.la
CLEANFILES += %D%/bench-auth$(EXEEXT)
bench-auth: %D%/bench-auth$(EXEEXT)
	%D%/bench-auth$(EXEEXT)
.PHONY: bench-auth

# TLS beside nginx: docs/tls.md.
EXTRA_PROGRAMS += %D%/tls-load
%C%_tls_load_LDADD = $(SSL_LIBS) $(CRYPTO_LIBS)
EXTRA_DIST += %D%/tls.sh %D%/nginx-tls.conf
CLEANFILES += %D%/tls-load$(EXEEXT)
bench-tls: all %D%/tls-load$(EXEEXT)
	$(srcdir)/%D%/tls.sh $(builddir)
.PHONY: bench-tls

# The client beside libcurl and libsoup: docs/performance.md.
EXTRA_PROGRAMS += %D%/client-h3
%C%_client_h3_SOURCES = %D%/client-h3.c %D%/client-measure.h
%C%_client_h3_LDADD = libh3-glib-1.0.la $(GLIB_LIBS) $(JANSSON_LIBS)
EXTRA_DIST += %D%/client.sh %D%/client-curl.c %D%/client-soup.c
CLEANFILES += %D%/client-h3$(EXEEXT)
bench-client: all %D%/load$(EXEEXT) %D%/client-h3$(EXEEXT)
	CC='$(CC)' $(srcdir)/%D%/client.sh $(builddir)
.PHONY: bench-client
# What it costs to choose one of several servers: docs/upstreams.md.
EXTRA_PROGRAMS += %D%/bench-upstreams
%C%_bench_upstreams_LDADD = libh3-internal.la
CLEANFILES += %D%/bench-upstreams$(EXEEXT)
bench-upstreams: %D%/bench-upstreams$(EXEEXT)
	%D%/bench-upstreams$(EXEEXT)
.PHONY: bench-upstreams

# h3d as a proxy beside nginx and HAProxy: docs/performance.md.
EXTRA_DIST += %D%/proxy.sh %D%/nginx-proxy.conf %D%/nginx-behind.conf %D%/haproxy.cfg
bench-proxy: all %D%/load$(EXEEXT)
	$(srcdir)/%D%/proxy.sh $(builddir)
.PHONY: bench-proxy

# What metrics add to a request: docs/metrics.md.
EXTRA_PROGRAMS += %D%/bench-metrics
%C%_bench_metrics_LDADD = libh3-internal.la
CLEANFILES += %D%/bench-metrics$(EXEEXT)
bench-metrics: %D%/bench-metrics$(EXEEXT)
	%D%/bench-metrics$(EXEEXT)
.PHONY: bench-metrics
# What a server does with more than it can do: docs/overload.md and its plot.
EXTRA_PROGRAMS += %D%/shedding
%C%_shedding_LDADD = libh3-glib-1.0.la $(GLIB_LIBS) -lm
EXTRA_DIST += %D%/shedding-plot.py
CLEANFILES += %D%/shedding$(EXEEXT) shedding.tsv
bench-shedding: all %D%/shedding$(EXEEXT)
	%D%/shedding$(EXEEXT) >shedding.tsv
	/usr/bin/python3 $(srcdir)/%D%/shedding-plot.py shedding.tsv $(srcdir)/docs/overload.svg
.PHONY: bench-shedding
# Short steps of workflows in a second: docs/performance.md.
EXTRA_PROGRAMS += %D%/bench-workflow
%C%_bench_workflow_LDADD = libh3-internal.la
CLEANFILES += %D%/bench-workflow$(EXEEXT)
bench-workflow: %D%/bench-workflow$(EXEEXT)
	%D%/bench-workflow$(EXEEXT)
.PHONY: bench-workflow
