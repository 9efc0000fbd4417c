# One line a module, so that two branches that add modules merge.

h3batteriesincludedir = $(h3includedir)/batteries
dist_h3batteriesinclude_HEADERS =

libh3_internal_la_SOURCES += %D%/access-log-line.c %D%/access-log-line.h
libh3_internal_la_SOURCES += %D%/access-log-writer.c %D%/access-log-writer.h
libh3_internal_la_SOURCES += %D%/access-log.c
dist_h3batteriesinclude_HEADERS += %D%/access-log.h
libh3_internal_la_SOURCES += %D%/spool.c %D%/spool.h
libh3_internal_la_SOURCES += %D%/upload.c %D%/upload-inside.h
dist_h3batteriesinclude_HEADERS += %D%/upload.h
libh3_internal_la_SOURCES += %D%/form.c %D%/form-inside.h %D%/form-reader.c
libh3_internal_la_SOURCES += %D%/form-collector.c %D%/form-collector.h
dist_h3batteriesinclude_HEADERS += %D%/form.h
libh3_internal_la_SOURCES += %D%/server-timing.c
dist_h3batteriesinclude_HEADERS += %D%/server-timing.h
libh3_internal_la_SOURCES += %D%/json-rpc.c %D%/json-rpc-call.c %D%/json-rpc-exchange.c
libh3_internal_la_SOURCES += %D%/json-rpc-message.c %D%/json-rpc-message.h %D%/json-rpc-private.h
dist_h3batteriesinclude_HEADERS += %D%/json-rpc.h
libh3_internal_la_SOURCES += %D%/json-rpc-websocket.c
dist_h3batteriesinclude_HEADERS += %D%/json-rpc-websocket.h
libh3_internal_la_SOURCES += %D%/beneath-root.c %D%/beneath-root.h
libh3_internal_la_SOURCES += %D%/beneath-walk.c %D%/beneath-walk.h
libh3_internal_la_SOURCES += %D%/file-codings.c %D%/file-codings.h
libh3_internal_la_SOURCES += %D%/file-facts.c %D%/file-facts.h
libh3_internal_la_SOURCES += %D%/file-listing.c %D%/file-listing.h
libh3_internal_la_SOURCES += %D%/static-files.c %D%/static-files-inside.h
dist_h3batteriesinclude_HEADERS += %D%/static-files.h
libh3_internal_la_SOURCES += %D%/turn-files.c %D%/turn-files.h
libh3_internal_la_SOURCES += %D%/compression.c
dist_h3batteriesinclude_HEADERS += %D%/compression.h
libh3_internal_la_SOURCES += %D%/decoding.c
dist_h3batteriesinclude_HEADERS += %D%/decoding.h
libh3_internal_la_SOURCES += %D%/validation.c
dist_h3batteriesinclude_HEADERS += %D%/validation.h
