# One line a module, so that two branches that add modules merge.

h3netincludedir = $(h3includedir)/net
dist_h3netinclude_HEADERS =

libh3_internal_la_SOURCES += %D%/buffers.c %D%/buffers.h
libh3_internal_la_SOURCES += %D%/output-queue.c %D%/output-queue.h
libh3_internal_la_SOURCES += %D%/socket-calls.h
libh3_internal_la_SOURCES += %D%/transport.c %D%/transport.h %D%/transport-private.h %D%/transport-peer.h
libh3_internal_la_SOURCES += %D%/transport-sending.c
libh3_internal_la_SOURCES += %D%/transport-shared.c
libh3_internal_la_SOURCES += %D%/transport-ending.c
libh3_internal_la_SOURCES += %D%/transport-tls.c %D%/transport-tls.h
libh3_internal_la_SOURCES += %D%/tls.c %D%/tls.h
libh3_internal_la_SOURCES += %D%/tls-policy.c %D%/tls-policy.h
libh3_internal_la_SOURCES += %D%/tls-context.c %D%/tls-context.h
libh3_internal_la_SOURCES += %D%/tls-files.c %D%/tls-files.h
libh3_internal_la_SOURCES += %D%/tls-facts.c %D%/tls-facts.h
libh3_internal_la_SOURCES += %D%/tls-socket.c %D%/tls-socket.h
libh3_internal_la_SOURCES += %D%/tls-tickets.c %D%/tls-tickets.h
libh3_internal_la_SOURCES += %D%/tls-settings.c %D%/tls-settings-private.h
dist_h3netinclude_HEADERS += %D%/tls-settings.h
libh3_internal_la_SOURCES += %D%/client-tls.c %D%/client-tls-private.h
dist_h3netinclude_HEADERS += %D%/client-tls.h
libh3_internal_la_SOURCES += %D%/client-tls-context.c %D%/client-tls-context.h
libh3_internal_la_SOURCES += %D%/client-tls-sessions.c %D%/client-tls-sessions.h
libh3_internal_la_SOURCES += %D%/client-tls-fault.c %D%/client-tls-fault.h
libh3_internal_la_SOURCES += %D%/connector.c %D%/connector.h
