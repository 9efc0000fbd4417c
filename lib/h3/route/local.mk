# One line a module, so that two branches that add modules merge.

h3routeincludedir = $(h3includedir)/route
dist_h3routeinclude_HEADERS =
