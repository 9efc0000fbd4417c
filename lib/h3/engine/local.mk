# One line a module, so that two branches that add modules merge.

h3engineincludedir = $(h3includedir)/engine
dist_h3engineinclude_HEADERS =
