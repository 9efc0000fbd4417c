# One line a module, so that two branches that add modules merge.

h3formatincludedir = $(h3includedir)/format
dist_h3formatinclude_HEADERS =
