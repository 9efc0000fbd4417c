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
libh3_internal_la_SOURCES += %D%/key.c %D%/key-check.c %D%/key-sign.c
libh3_internal_la_SOURCES += %D%/key-inside.h %D%/key-private.h
dist_h3cryptoinclude_HEADERS += %D%/key.h
libh3_internal_la_SOURCES += %D%/key-pem.c %D%/key-jwk.c %D%/key-jwk-write.c
dist_h3cryptoinclude_HEADERS += %D%/key-text.h
libh3_internal_la_SOURCES += %D%/certificate.c %D%/certificate-names.c %D%/certificate-verify.c
libh3_internal_la_SOURCES += %D%/certificate-make.c %D%/certificate-inside.h %D%/certificate-private.h
dist_h3cryptoinclude_HEADERS += %D%/certificate.h
libh3_internal_la_SOURCES += %D%/password.c
dist_h3cryptoinclude_HEADERS += %D%/password.h
libh3_internal_la_SOURCES += %D%/jwt.c %D%/jwt-verifier.c
libh3_internal_la_SOURCES += %D%/jwt-claims.c %D%/jwt-claims.h %D%/jwt-keys.c %D%/jwt-keys.h
dist_h3cryptoinclude_HEADERS += %D%/jwt.h
