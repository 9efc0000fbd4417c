# One line a module, so that two branches that add modules merge.

h3wireincludedir = $(h3includedir)/wire
dist_h3wireinclude_HEADERS =
libh3_internal_la_SOURCES += %D%/http1-lint.c %D%/http1-lint.h %D%/http1-lint-private.h %D%/http1-scan.h
libh3_internal_la_SOURCES += %D%/http1-status-line.c
libh3_internal_la_SOURCES += %D%/http1-glance.c %D%/http1-glance.h
libh3_internal_la_SOURCES += %D%/http1-framing.c %D%/http1-framing.h
libh3_internal_la_SOURCES += %D%/http1-reader.c %D%/http1-reader.h
libh3_internal_la_SOURCES += %D%/http1-writer.c %D%/http1-writer.h
libh3_internal_la_SOURCES += %D%/http1-body.c %D%/http1-body.h
libh3_internal_la_SOURCES += %D%/http1-response-reader.c %D%/http1-response-reader.h
libh3_internal_la_SOURCES += %D%/http1-request-writer.c %D%/http1-request-writer.h
libh3_internal_la_SOURCES += %D%/proxy-protocol.c %D%/proxy-protocol.h
libh3_internal_la_SOURCES += %D%/ws-frame.c %D%/ws-frame.h
libh3_internal_la_SOURCES += %D%/ws-reader.c %D%/ws-reader.h
libh3_internal_la_SOURCES += %D%/ws-handshake.c %D%/ws-handshake.h %D%/ws-extensions.c
libh3_internal_la_SOURCES += %D%/event-stream.h %D%/event-stream-writer.c %D%/event-stream-reader.c
