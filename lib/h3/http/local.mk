# One line a module, so that two branches that add modules merge.

h3httpincludedir = $(h3includedir)/http
dist_h3httpinclude_HEADERS =
libh3_internal_la_SOURCES += %D%/headers.c
dist_h3httpinclude_HEADERS += %D%/headers.h
