# One line a module, so that two branches that add modules merge.

h3loopincludedir = $(h3includedir)/loop
dist_h3loopinclude_HEADERS =

libh3_internal_la_SOURCES += %D%/clock.c %D%/clock.h
libh3_internal_la_SOURCES += %D%/ticks.c %D%/ticks.h
libh3_internal_la_SOURCES += %D%/alarms.c %D%/alarms.h
libh3_internal_la_SOURCES += %D%/descriptors.c %D%/descriptors.h
libh3_internal_la_SOURCES += %D%/endings.c %D%/endings.h
libh3_internal_la_SOURCES += %D%/loop.c %D%/loop.h %D%/loop-private.h %D%/loop-thread.c
libh3_internal_la_SOURCES += %D%/guest.c %D%/guest.h
libh3_internal_la_SOURCES += %D%/deadlines.c %D%/deadlines.h
libh3_internal_la_SOURCES += %D%/timer.c
dist_h3loopinclude_HEADERS += %D%/timer.h
libh3_internal_la_SOURCES += %D%/offload.c %D%/offload.h
libh3_internal_la_SOURCES += %D%/main-context.c %D%/main-context.h
libh3_internal_la_SOURCES += %D%/resolver.c %D%/resolver.h
libh3_internal_la_SOURCES += %D%/watch.c %D%/watch.h
