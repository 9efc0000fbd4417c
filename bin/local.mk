# What bin/ adds to the build.

%C%_h3d_SOURCES =
%C%_h3d_CPPFLAGS = $(AM_CPPFLAGS) -DH3D_VERSION=\"$(PACKAGE_VERSION)\"
%C%_h3d_LDADD = libh3-glib-1.0.la $(GLIB_LIBS) $(JANSSON_LIBS)
