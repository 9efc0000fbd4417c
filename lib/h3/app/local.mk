# One line a module, so that two branches that add modules merge.

h3appincludedir = $(h3includedir)/app
dist_h3appinclude_HEADERS =

libh3_internal_la_SOURCES += %D%/app.c %D%/app-private.h
dist_h3appinclude_HEADERS += %D%/app.h
libh3_internal_la_SOURCES += %D%/app-table.c
libh3_internal_la_SOURCES += %D%/app-dispatch.c
libh3_internal_la_SOURCES += %D%/app-cache.c
dist_h3appinclude_HEADERS += %D%/app-cache.h
libh3_internal_la_SOURCES += %D%/app-run.c
libh3_internal_la_SOURCES += %D%/app-run-tls.c %D%/app-run-private.h
dist_h3appinclude_HEADERS += %D%/app-run.h
libh3_internal_la_SOURCES += %D%/inject.c %D%/inject-private.h %D%/inject-carrier.c
libh3_internal_la_SOURCES += %D%/inject-body.c %D%/injected.c %D%/injected-private.h
dist_h3appinclude_HEADERS += %D%/inject.h
dist_h3appinclude_HEADERS += %D%/hooks.h
libh3_internal_la_SOURCES += %D%/app-rules.c %D%/app-plan.c %D%/app-plan.h
dist_h3appinclude_HEADERS += %D%/app-rules.h
