# What other languages read: H3-1.0.gir out of the public headers and the library, the typelib out
# of that (Python, JavaScript), and h3-glib-1.0.vapi (Vala).

public_headers = $(dist_h3include_HEADERS) $(dist_h3baseinclude_HEADERS) \
	$(nodist_h3baseinclude_HEADERS) \
	$(dist_h3formatinclude_HEADERS) $(dist_h3cryptoinclude_HEADERS) $(dist_h3loopinclude_HEADERS) \
	$(dist_h3storeinclude_HEADERS) $(dist_h3httpinclude_HEADERS) $(dist_h3netinclude_HEADERS) \
	$(dist_h3routeinclude_HEADERS) $(dist_h3wireinclude_HEADERS) $(dist_h3engineinclude_HEADERS) \
	$(dist_h3clientinclude_HEADERS) $(dist_h3batteriesinclude_HEADERS) \
	$(dist_h3monitorinclude_HEADERS) $(dist_h3workflowinclude_HEADERS) $(dist_h3appinclude_HEADERS)

# The header that includes jansson's own comes first: the others declare its type ahead, which the
# scanner would take for one of ours.
scanned_headers = lib/h3/format/json.h $(public_headers)

# The scanner compiles and runs a program; it takes the tools from its environment.
run_scanner = CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' \
	PKG_CONFIG='$(PKG_CONFIG)' $(G_IR_SCANNER) --quiet --warn-all $(H3_SCANNER_WERROR) \
	--namespace=H3 --nsversion=1.0 --identifier-prefix=H3 --symbol-prefix=h3 \
	--include=GObject-2.0 --include=Gio-2.0 --pkg=glib-2.0 --pkg=gobject-2.0 --pkg=gio-2.0 \
	--pkg-export=h3-glib-1.0 --c-include=h3/h3.h \
	--library=libh3-glib-1.0.la --libtool='$(LIBTOOL)' \
	--sources-top-dirs=$(top_srcdir) --sources-top-dirs=$(top_builddir) \
	--cflags-begin -I$(top_srcdir)/lib -I$(top_builddir)/lib $(JANSSON_CFLAGS) --cflags-end

AM_V_GIR = $(AM_V_GIR_@AM_V@)
AM_V_GIR_ = $(AM_V_GIR_@AM_DEFAULT_V@)
AM_V_GIR_0 = @echo "  GIR     " $@;

H3-1.0.gir: $(scanned_headers) libh3-glib-1.0.la
	$(AM_V_GIR)$(run_scanner) $(filter %.h,$^) --output $@

H3-1.0.typelib: H3-1.0.gir
	$(AM_V_GIR)$(G_IR_COMPILER) --includedir=. H3-1.0.gir -o $@

h3_metadata = %D%/H3-1.0.metadata
EXTRA_DIST += $(h3_metadata) %D%/skips

h3-glib-1.0.vapi: H3-1.0.gir $(h3_metadata)
	$(AM_V_GIR)$(VAPIGEN) --quiet --library h3-glib-1.0 --pkg gio-2.0 \
		--metadatadir=$(top_srcdir)/%D% H3-1.0.gir

# All of it again, into another folder, with these headers more: what check-introspection does. Where
# the scanner warned, it fails; what the others have to say is read by who asks.
more_headers =
introspect-into: $(scanned_headers) libh3-glib-1.0.la $(h3_metadata)
	$(run_scanner) --warn-error $(filter %.h,$^) $(more_headers) --output '$(into)/H3-1.0.gir'
	$(G_IR_COMPILER) --includedir='$(into)' '$(into)/H3-1.0.gir' -o '$(into)/H3-1.0.typelib'
	test ! -x /usr/bin/python3 || { mkdir -p '$(into)/texts' && \
		/usr/bin/python3 $(top_srcdir)/docs/reference/link-names '$(into)/H3-1.0.gir' \
			'$(into)/texts' $(filter %.h,$^); }
	test -z '$(VAPIGEN)' || $(VAPIGEN) --quiet --library h3-glib-1.0 --pkg gio-2.0 \
		--metadatadir='$(or $(metadata),$(top_srcdir)/%D%)' --directory='$(into)' '$(into)/H3-1.0.gir'
.PHONY: introspect-into

h3-glib-1.0.deps:
	$(AM_V_GIR)echo gio-2.0 >$@

girdir = $(datadir)/gir-1.0
typelibdir = $(libdir)/girepository-1.0
vapidir = $(datadir)/vala/vapi
if HAVE_INTROSPECTION
gir_DATA = H3-1.0.gir
typelib_DATA = H3-1.0.typelib
endif
if HAVE_VALA
vapi_DATA = h3-glib-1.0.vapi h3-glib-1.0.deps
endif
CLEANFILES += H3-1.0.gir H3-1.0.typelib h3-glib-1.0.vapi h3-glib-1.0.deps
