# One line a module, so that two branches that add modules merge.

h3baseincludedir = $(h3includedir)/base
dist_h3baseinclude_HEADERS =

libh3_internal_la_SOURCES += %D%/view.c
dist_h3baseinclude_HEADERS += %D%/view.h
libh3_internal_la_SOURCES += %D%/arena.c %D%/arena-inside.h
dist_h3baseinclude_HEADERS += %D%/arena.h
libh3_internal_la_SOURCES += %D%/bytes.h
libh3_internal_la_SOURCES += %D%/view-scan.h
libh3_internal_la_SOURCES += %D%/random.c %D%/random.h
libh3_internal_la_SOURCES += %D%/error.c
dist_h3baseinclude_HEADERS += %D%/error.h
libh3_internal_la_SOURCES += %D%/character.c %D%/character.h
libh3_internal_la_SOURCES += %D%/debug.c %D%/debug.h
libh3_internal_la_SOURCES += %D%/sip-hash.h
libh3_internal_la_SOURCES += %D%/utf8.c %D%/utf8.h
libh3_internal_la_SOURCES += %D%/counters.c %D%/counters.h
libh3_internal_la_SOURCES += %D%/shared-count.c %D%/shared-count.h
libh3_internal_la_SOURCES += %D%/standing-delay.c %D%/standing-delay.h
libh3_internal_la_SOURCES += %D%/bounded-map.c %D%/bounded-map.h %D%/bounded-map-private.h
libh3_internal_la_SOURCES += %D%/histogram.c %D%/histogram.h
libh3_internal_la_SOURCES += %D%/file-text.c %D%/file-text.h
libh3_internal_la_SOURCES += %D%/version.c
# Made by configure, which knows the version.
nodist_h3baseinclude_HEADERS = %D%/version.h
EXTRA_DIST += %D%/version.h.in
