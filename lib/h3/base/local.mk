# One line a module, so that two branches that add modules merge.

h3baseincludedir = $(h3includedir)/base
dist_h3baseinclude_HEADERS =

