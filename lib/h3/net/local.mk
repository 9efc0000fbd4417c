# One line a module, so that two branches that add modules merge.

h3netincludedir = $(h3includedir)/net
dist_h3netinclude_HEADERS =

