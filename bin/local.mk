# What bin/ adds to the build.

bin_PROGRAMS += %D%/h3d
%C%_h3d_SOURCES = %D%/h3d.c %D%/demo.c %D%/demo.h
%C%_h3d_SOURCES += %D%/demo-answer.c
%C%_h3d_SOURCES += %D%/access-log-option.c %D%/access-log-option.h
%C%_h3d_SOURCES += %D%/serve.c %D%/serve.h
%C%_h3d_SOURCES += %D%/demo-base64.c
%C%_h3d_SOURCES += %D%/demo-bytes.c
%C%_h3d_SOURCES += %D%/demo-bench.c
%C%_h3d_SOURCES += %D%/demo-cache.c
%C%_h3d_SOURCES += %D%/demo-compression.c
%C%_h3d_SOURCES += %D%/demo-cookie.c
%C%_h3d_SOURCES += %D%/demo-cors.c
%C%_h3d_SOURCES += %D%/demo-document.c
%C%_h3d_SOURCES += %D%/demo-field.c
%C%_h3d_SOURCES += %D%/demo-files.c
%C%_h3d_SOURCES += %D%/demo-gio.c
%C%_h3d_SOURCES += %D%/demo-image.c
%C%_h3d_SOURCES += %D%/demo-inspect.c %D%/demo-inspect.h
%C%_h3d_SOURCES += %D%/demo-json-rpc.c %D%/demo-json-rpc.h
%C%_h3d_SOURCES += %D%/demo-later.c
%C%_h3d_SOURCES += %D%/demo-link.c
%C%_h3d_SOURCES += %D%/demo-message.c
%C%_h3d_SOURCES += %D%/demo-number.c %D%/demo-number.h
%C%_h3d_SOURCES += %D%/demo-pace.c %D%/demo-pace.h
%C%_h3d_SOURCES += %D%/demo-plain.c
%C%_h3d_SOURCES += %D%/demo-random.c %D%/demo-random.h
%C%_h3d_SOURCES += %D%/demo-redirect.c
%C%_h3d_SOURCES += %D%/demo-route.c %D%/demo-route.h
%C%_h3d_SOURCES += %D%/demo-sse.c
%C%_h3d_SOURCES += %D%/demo-status.c
%C%_h3d_SOURCES += %D%/demo-stream.c
%C%_h3d_SOURCES += %D%/demo-upload.c
%C%_h3d_CPPFLAGS = $(AM_CPPFLAGS) -DH3D_VERSION=\"$(PACKAGE_VERSION)\"
%C%_h3d_LDADD = libh3-glib-1.0.la $(GLIB_LIBS) $(JANSSON_LIBS)
