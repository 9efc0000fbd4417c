# One line a module, so that two branches that add modules merge.

h3batteriesincludedir = $(h3includedir)/batteries
dist_h3batteriesinclude_HEADERS =

libh3_internal_la_SOURCES += %D%/access-log-line.c %D%/access-log-line.h
libh3_internal_la_SOURCES += %D%/access-log-writer.c %D%/access-log-writer.h
libh3_internal_la_SOURCES += %D%/access-log.c
dist_h3batteriesinclude_HEADERS += %D%/access-log.h
libh3_internal_la_SOURCES += %D%/compression.c
dist_h3batteriesinclude_HEADERS += %D%/compression.h
libh3_internal_la_SOURCES += %D%/decoding.c
dist_h3batteriesinclude_HEADERS += %D%/decoding.h
libh3_internal_la_SOURCES += %D%/server-timing.c
dist_h3batteriesinclude_HEADERS += %D%/server-timing.h
