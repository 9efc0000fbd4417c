# One line a module, so that two branches that add modules merge.

h3loopincludedir = $(h3includedir)/loop
dist_h3loopinclude_HEADERS =

libh3_internal_la_SOURCES += %D%/clock.c %D%/clock.h
libh3_internal_la_SOURCES += %D%/alarms.c %D%/alarms.h
libh3_internal_la_SOURCES += %D%/loop.c %D%/loop.h
libh3_internal_la_SOURCES += %D%/deadlines.c %D%/deadlines.h
