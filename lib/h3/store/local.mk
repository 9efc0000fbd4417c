# One line a module, so that two branches that add modules merge.

h3storeincludedir = $(h3includedir)/store
dist_h3storeinclude_HEADERS =

dist_h3storeinclude_HEADERS += %D%/store-error.h
libh3_internal_la_SOURCES += %D%/store.c %D%/store-inside.h %D%/store-question.c %D%/store-private.h
dist_h3storeinclude_HEADERS += %D%/store.h
libh3_internal_la_SOURCES += %D%/store-url.c %D%/store-url.h %D%/store-from-url.c
libh3_internal_la_SOURCES += %D%/bucket.c %D%/bucket.h
libh3_internal_la_SOURCES += %D%/memory-shard.c %D%/memory-shard.h
libh3_internal_la_SOURCES += %D%/memory-core.c %D%/memory-core.h
libh3_internal_la_SOURCES += %D%/memory-list.c %D%/memory-list.h
libh3_internal_la_SOURCES += %D%/memory-store.c
dist_h3storeinclude_HEADERS += %D%/memory-store.h
libh3_internal_la_SOURCES += %D%/redis-calls.c %D%/redis-calls.h
libh3_internal_la_SOURCES += %D%/redis-command.c %D%/redis-command.h
libh3_internal_la_SOURCES += %D%/redis-connection.c %D%/redis-connection.h
libh3_internal_la_SOURCES += %D%/redis-connection-socket.c %D%/redis-connection-socket.h
libh3_internal_la_SOURCES += %D%/redis-greeting.c %D%/redis-greeting.h
libh3_internal_la_SOURCES += %D%/redis-links.c %D%/redis-links.h
libh3_internal_la_SOURCES += %D%/redis-reply.c %D%/redis-reply.h
if HAVE_HIREDIS
libh3_internal_la_SOURCES += %D%/redis-reader.c
else
libh3_internal_la_SOURCES += %D%/redis-no-reader.c
endif
libh3_internal_la_SOURCES += %D%/redis-script.c %D%/redis-script.h
libh3_internal_la_SOURCES += %D%/redis-store.c
dist_h3storeinclude_HEADERS += %D%/redis-store.h
