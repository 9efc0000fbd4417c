# One line a module, so that two branches that add modules merge.

h3monitorincludedir = $(h3includedir)/monitor
dist_h3monitorinclude_HEADERS =

libh3_internal_la_SOURCES += %D%/memory.c
dist_h3monitorinclude_HEADERS += %D%/memory.h
