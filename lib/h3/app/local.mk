# One line a module, so that two branches that add modules merge.

h3appincludedir = $(h3includedir)/app
dist_h3appinclude_HEADERS =

