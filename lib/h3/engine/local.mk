# One line a module, so that two branches that add modules merge.

h3engineincludedir = $(h3includedir)/engine
dist_h3engineinclude_HEADERS =
dist_h3engineinclude_HEADERS += %D%/stream.h
libh3_internal_la_SOURCES += %D%/stream.c %D%/stream-inside.h
