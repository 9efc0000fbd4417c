# One line a module, so that two branches that add modules merge.

h3loopincludedir = $(h3includedir)/loop
dist_h3loopinclude_HEADERS =

