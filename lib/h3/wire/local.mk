# One line a module, so that two branches that add modules merge.

h3wireincludedir = $(h3includedir)/wire
dist_h3wireinclude_HEADERS =
