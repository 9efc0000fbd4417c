# One line a module, so that two branches that add modules merge.

h3routeincludedir = $(h3includedir)/route
dist_h3routeinclude_HEADERS =
libh3_internal_la_SOURCES += %D%/pattern.c %D%/pattern.h
libh3_internal_la_SOURCES += %D%/path-builder.c %D%/path-builder.h
libh3_internal_la_SOURCES += %D%/methods.c %D%/methods.h
libh3_internal_la_SOURCES += %D%/route.c %D%/route-inside.h
dist_h3routeinclude_HEADERS += %D%/route.h
libh3_internal_la_SOURCES += %D%/route-tree.c %D%/route-tree.h %D%/route-tree-private.h
libh3_internal_la_SOURCES += %D%/route-statics.c %D%/route-statics.h %D%/route-segment.h
libh3_internal_la_SOURCES += %D%/route-walk.c %D%/route-walk.h
libh3_internal_la_SOURCES += %D%/router.c %D%/router.h %D%/router-match.h
libh3_internal_la_SOURCES += %D%/route-cache.c %D%/route-cache.h
libh3_internal_la_SOURCES += %D%/chain.c %D%/chain-inside.h
dist_h3routeinclude_HEADERS += %D%/chain.h
libh3_internal_la_SOURCES += %D%/pattern-match.c %D%/pattern-match.h
libh3_internal_la_SOURCES += %D%/rule.c %D%/rule-inside.h
dist_h3routeinclude_HEADERS += %D%/rule.h
libh3_internal_la_SOURCES += %D%/rule-cache.c %D%/rule-cache.h %D%/rule-target.c %D%/rule-target.h
libh3_internal_la_SOURCES += %D%/rules.c %D%/rules.h
