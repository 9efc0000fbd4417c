# One line a module, so that two branches that add modules merge.

h3httpincludedir = $(h3includedir)/http
dist_h3httpinclude_HEADERS =
libh3_internal_la_SOURCES += %D%/headers.c
dist_h3httpinclude_HEADERS += %D%/headers.h
libh3_internal_la_SOURCES += %D%/method.c
dist_h3httpinclude_HEADERS += %D%/method.h
libh3_internal_la_SOURCES += %D%/limits.c
dist_h3httpinclude_HEADERS += %D%/limits.h
libh3_internal_la_SOURCES += %D%/request.c %D%/request-inside.h
dist_h3httpinclude_HEADERS += %D%/request.h
libh3_internal_la_SOURCES += %D%/response.c %D%/response-inside.h
dist_h3httpinclude_HEADERS += %D%/response.h
libh3_internal_la_SOURCES += %D%/event.c %D%/event-inside.h %D%/event-host.h %D%/carrier.h
dist_h3httpinclude_HEADERS += %D%/event.h
libh3_internal_la_SOURCES += %D%/event-flow.c
libh3_internal_la_SOURCES += %D%/event-pool.c %D%/event-pool.h
libh3_internal_la_SOURCES += %D%/failure.c %D%/failure-inside.h
dist_h3httpinclude_HEADERS += %D%/failure.h
libh3_internal_la_SOURCES += %D%/body.c
dist_h3httpinclude_HEADERS += %D%/body.h
libh3_internal_la_SOURCES += %D%/conditional.c
dist_h3httpinclude_HEADERS += %D%/conditional.h
libh3_internal_la_SOURCES += %D%/forwarded.c
dist_h3httpinclude_HEADERS += %D%/forwarded.h
libh3_internal_la_SOURCES += %D%/work.c
dist_h3httpinclude_HEADERS += %D%/work.h
