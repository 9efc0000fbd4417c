# One line a module, so that two branches that add modules merge.

h3formatincludedir = $(h3includedir)/format
dist_h3formatinclude_HEADERS =
dist_h3formatinclude_HEADERS += %D%/address.h
libh3_internal_la_SOURCES += %D%/address.c %D%/address-kind.c
libh3_internal_la_SOURCES += %D%/date.c
dist_h3formatinclude_HEADERS += %D%/date.h
libh3_internal_la_SOURCES += %D%/mime.c %D%/mime-suffix.c
dist_h3formatinclude_HEADERS += %D%/mime.h
libh3_internal_la_SOURCES += %D%/negotiation.c
dist_h3formatinclude_HEADERS += %D%/negotiation.h
libh3_internal_la_SOURCES += %D%/cookie.c
dist_h3formatinclude_HEADERS += %D%/cookie.h
libh3_internal_la_SOURCES += %D%/percent.c %D%/percent-private.h
dist_h3formatinclude_HEADERS += %D%/percent.h
libh3_internal_la_SOURCES += %D%/path.c
dist_h3formatinclude_HEADERS += %D%/path.h
libh3_internal_la_SOURCES += %D%/query.c
dist_h3formatinclude_HEADERS += %D%/query.h
libh3_internal_la_SOURCES += %D%/authority.c
dist_h3formatinclude_HEADERS += %D%/authority.h
libh3_internal_la_SOURCES += %D%/url.c
dist_h3formatinclude_HEADERS += %D%/url.h
