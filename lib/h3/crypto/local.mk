# One line a module, so that two branches that add modules merge.

h3cryptoincludedir = $(h3includedir)/crypto
dist_h3cryptoinclude_HEADERS =

libh3_internal_la_SOURCES += %D%/digest.c %D%/digest-derive.c
dist_h3cryptoinclude_HEADERS += %D%/digest.h
libh3_internal_la_SOURCES += %D%/base64.c
dist_h3cryptoinclude_HEADERS += %D%/base64.h
libh3_internal_la_SOURCES += %D%/secret.c %D%/secret.h
libh3_internal_la_SOURCES += %D%/cipher.c
dist_h3cryptoinclude_HEADERS += %D%/cipher.h
libh3_internal_la_SOURCES += %D%/token.c
dist_h3cryptoinclude_HEADERS += %D%/token.h
libh3_internal_la_SOURCES += %D%/library-error.c %D%/library-error.h
libh3_internal_la_SOURCES += %D%/signature.c
dist_h3cryptoinclude_HEADERS += %D%/signature.h
libh3_internal_la_SOURCES += %D%/key.c %D%/key-check.c %D%/key-sign.c %D%/key-private.h
dist_h3cryptoinclude_HEADERS += %D%/key.h
libh3_internal_la_SOURCES += %D%/key-pem.c %D%/key-jwk.c %D%/key-jwk-write.c
dist_h3cryptoinclude_HEADERS += %D%/key-text.h
