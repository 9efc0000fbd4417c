# One line a module, so that two branches that add modules merge.

h3monitorincludedir = $(h3includedir)/monitor
dist_h3monitorinclude_HEADERS =

