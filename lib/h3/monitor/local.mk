# One line a module, so that two branches that add modules merge.

h3monitorincludedir = $(h3includedir)/monitor
dist_h3monitorinclude_HEADERS =

libh3_internal_la_SOURCES += %D%/memory.c %D%/memory-inside.h
libh3_internal_la_SOURCES += %D%/memory-budget.c
dist_h3monitorinclude_HEADERS += %D%/memory.h
libh3_internal_la_SOURCES += %D%/metrics.c %D%/metrics-inside.h %D%/metrics-private.h
dist_h3monitorinclude_HEADERS += %D%/metrics.h
libh3_internal_la_SOURCES += %D%/metrics-rows.c
libh3_internal_la_SOURCES += %D%/metrics-text.c %D%/metrics-text.h
libh3_internal_la_SOURCES += %D%/traffic.c %D%/traffic.h
libh3_internal_la_SOURCES += %D%/dashboard.c %D%/dashboard-inside.h %D%/dashboard-private.h
libh3_internal_la_SOURCES += %D%/dashboard-viewers.c %D%/dashboard-numbers.c
libh3_internal_la_SOURCES += %D%/dashboard-files.c %D%/dashboard-trend.c
dist_h3monitorinclude_HEADERS += %D%/dashboard.h

# The page of the dashboard becomes part of the library.
h3_dashboard_files = %D%/dashboard/index.html %D%/dashboard/dashboard.css \
	%D%/dashboard/dashboard.js %D%/dashboard/charts.js %D%/dashboard/panels.js \
	%D%/dashboard/format.js %D%/dashboard/icon.svg
h3_dashboard_list = %D%/dashboard/dashboard.gresource.xml
EXTRA_DIST += $(h3_dashboard_files) $(h3_dashboard_list)
nodist_libh3_internal_la_SOURCES = %D%/dashboard-resource.c
CLEANFILES += %D%/dashboard-resource.c
%D%/dashboard-resource.c: $(h3_dashboard_list) $(h3_dashboard_files)
	$(AM_V_GEN)$(MKDIR_P) %D% && $(GLIB_COMPILE_RESOURCES) --target=$@ --generate-source \
		--internal --c-name=dashboard --sourcedir=$(top_srcdir)/%D%/dashboard \
		$(top_srcdir)/$(h3_dashboard_list)
libh3_internal_la_SOURCES += %D%/metrics-families.c
libh3_internal_la_SOURCES += %D%/metrics-library.c
libh3_internal_la_SOURCES += %D%/metrics-program.c %D%/metrics-program.h
libh3_internal_la_SOURCES += %D%/metrics-show.c
libh3_internal_la_SOURCES += %D%/rank-test.c %D%/rank-test.h
libh3_internal_la_SOURCES += %D%/trend.c %D%/trend-inside.h %D%/trend-private.h
dist_h3monitorinclude_HEADERS += %D%/trend.h
libh3_internal_la_SOURCES += %D%/trend-describe.c
libh3_internal_la_SOURCES += %D%/trend-growth.c %D%/trend-growth.h
libh3_internal_la_SOURCES += %D%/trend-route.c %D%/trend-route.h
