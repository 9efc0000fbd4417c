# What bin/ adds to the build.

bin_PROGRAMS += %D%/h3d
%C%_h3d_SOURCES = %D%/h3d.c %D%/demo.c %D%/demo.h %D%/demo-route.c %D%/demo-route.h \
	%D%/demo-gio.c %D%/demo-inspect.c %D%/demo-later.c %D%/demo-plain.c
%C%_h3d_CPPFLAGS = $(AM_CPPFLAGS) -DH3D_VERSION=\"$(PACKAGE_VERSION)\"
%C%_h3d_LDADD = libh3-glib-1.0.la $(GLIB_LIBS) $(JANSSON_LIBS)
%C%_h3d_SOURCES += %D%/demo-bytes.c %D%/demo-stream.c %D%/demo-inspect.h
%C%_h3d_SOURCES += %D%/demo-number.c %D%/demo-number.h
%C%_h3d_SOURCES += %D%/demo-pace.c %D%/demo-pace.h
%C%_h3d_SOURCES += %D%/demo-random.c %D%/demo-random.h
