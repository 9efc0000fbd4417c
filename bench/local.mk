# What bench/ adds to the build.

EXTRA_PROGRAMS += %D%/bench-router
%C%_bench_router_LDADD = libh3-internal.la

# What a match costs, in ns.
bench-router: %D%/bench-router$(EXEEXT)
	%D%/bench-router$(EXEEXT)
.PHONY: bench-router

EXTRA_PROGRAMS += %D%/floor %D%/load %D%/idle
%C%_floor_LDADD =
%C%_load_LDADD =
%C%_idle_LDADD =
EXTRA_DIST += %D%/bench.sh %D%/machine.sh %D%/nginx.conf
CLEANFILES += %D%/floor$(EXEEXT) %D%/load$(EXEEXT) %D%/idle$(EXEEXT) %D%/bench-router$(EXEEXT)

# h3d beside the floor and nginx: docs/performance.md.
bench: all %D%/floor$(EXEEXT) %D%/load$(EXEEXT) %D%/idle$(EXEEXT)
	$(srcdir)/%D%/bench.sh $(builddir)
.PHONY: bench
