# One line a module, so that two branches that add modules merge.

h3engineincludedir = $(h3includedir)/engine
dist_h3engineinclude_HEADERS =
libh3_internal_la_SOURCES += %D%/connection.c %D%/connection.h %D%/connection-private.h
libh3_internal_la_SOURCES += %D%/connection-context.c %D%/connection-rest.h
libh3_internal_la_SOURCES += %D%/connection-activity.c %D%/connection-activity.h
libh3_internal_la_SOURCES += %D%/connection-input.c
libh3_internal_la_SOURCES += %D%/connection-request.c
libh3_internal_la_SOURCES += %D%/connection-carrier.c
libh3_internal_la_SOURCES += %D%/connection-deadlines.c
libh3_internal_la_SOURCES += %D%/connection-room.c
dist_h3engineinclude_HEADERS += %D%/stream.h
libh3_internal_la_SOURCES += %D%/connection-bound.c %D%/connection-bound.h
libh3_internal_la_SOURCES += %D%/worker.c %D%/worker.h
libh3_internal_la_SOURCES += %D%/server.c %D%/server-inside.h %D%/server-private.h
libh3_internal_la_SOURCES += %D%/server-end.c
dist_h3engineinclude_HEADERS += %D%/server.h
libh3_internal_la_SOURCES += %D%/listen-address.c %D%/listen-address.h
libh3_internal_la_SOURCES += %D%/listen-group.c %D%/listen-group.h
libh3_internal_la_SOURCES += %D%/listener.c %D%/listener.h
libh3_internal_la_SOURCES += %D%/stream.c %D%/stream-inside.h
libh3_internal_la_SOURCES += %D%/websocket.c %D%/websocket-private.h
libh3_internal_la_SOURCES += %D%/websocket-send.c %D%/websocket-accept.c
dist_h3engineinclude_HEADERS += %D%/websocket.h %D%/websocket-options.h
