# One line a module, so that two branches that add modules merge.

h3batteriesincludedir = $(h3includedir)/batteries
dist_h3batteriesinclude_HEADERS =

