# SPDX-License-Identifier: MIT
#
# Reads the names of the sources on its input; runs at their top. Every fault is a line with its
# file and line. There is no list of exceptions.
use strict;
use warnings;

# What a foreign library's headers are called, and the files of lib/h3 that may include them.
my @homes = (
    ['http-parser', qr{^http_parser\.h$}, qr{^wire/http1-framing\.c$}],
    ['libevent', qr{^(event2/|event\.h$|evhttp\.h$|evutil\.h$)},
        qr{^(loop/|net/transport[.-]|net/connector[.-]|engine/listener[.-]|store/redis-connection[.-])}],
    ['OpenSSL', qr{^openssl/}, qr{^(net/tls[.-]|net/client-tls[.-]|net/transport[.-]|crypto/)}],
    ['zlib, brotli and zstd', qr{^(zlib\.h$|brotli/|zstd)}, qr{^format/coder[.-]}],
    ['hiredis', qr{^hiredis/}, qr{^store/redis-reader\.c$}],
    ['SQLite', qr{^sqlite3\.h$}, qr{^workflow/run-store[.-]}],
    ['jansson', qr{^jansson\.h$}, qr{(\.c|^format/json\.h)$}],
    ['json-glib', qr{^json-glib/}, qr{^$}],
    ['check', qr{^check\.h$}, qr{^$}],
);

# Public headers name only these libraries: their users' include paths have no others.
my $public_libraries = qr{^(glib|gio|gobject|gmodule|glib-object|glib-unix)[./]};
my $jansson_twin = 'format/json.h';

my $faults = 0;

sub fault
{
    my ($file, $line, $text) = @_;
    print "$file:$line: $text\n";
    $faults++;
}

sub lines_of
{
    my ($file) = @_;
    open(my $handle, '<', $file) or die "$file: $!\n";
    my @lines = <$handle>;
    close($handle);
    return @lines;
}

# Calls on_circle with the nodes of each circle found in a graph of node => { target => line }.
sub walk
{
    my ($graph, $on_circle) = @_;
    my %state;
    for my $root (sort keys %$graph) {
        next if $state{$root};
        my @stack = ([$root, sort keys %{ $graph->{$root} }]);
        $state{$root} = 'open';
        while (@stack) {
            my $top = $stack[-1];
            my $node = $top->[0];
            if (@$top == 1) {
                $state{$node} = 'done';
                pop @stack;
                next;
            }
            my $target = splice(@$top, 1, 1);
            if (($state{$target} // '') eq 'open') {
                my @path = map { $_->[0] } @stack;
                shift @path while $path[0] ne $target;
                $on_circle->($node, $target, join(' -> ', @path, $target));
            } elsif (!$state{$target} && $graph->{$target}) {
                $state{$target} = 'open';
                push @stack, [$target, sort keys %{ $graph->{$target} }];
            }
        }
    }
}

# lib/FLOORS: folder => { folder it may include => line }.
sub read_floors
{
    my (%floors, %line_of);
    my $line = 0;
    for my $text (lines_of('lib/FLOORS')) {
        $line++;
        $text =~ s/#.*//s;
        next if $text !~ /\S/;
        if ($text !~ /^([a-z0-9-]+):\s*((?:[a-z0-9-]+\s*)*)$/) {
            fault('lib/FLOORS', $line, 'not "folder: folders"');
            next;
        }
        my ($folder, $below) = ($1, $2);
        fault('lib/FLOORS', $line, "$folder is here twice") if $floors{$folder};
        $line_of{$folder} = $line;
        $floors{$folder} = { map { $_ => $line } split(' ', $below) };
    }
    for my $folder (sort keys %floors) {
        for my $below (sort keys %{ $floors{$folder} }) {
            fault('lib/FLOORS', $line_of{$folder}, "$folder names $below, which is no folder here")
                if !$floors{$below};
        }
    }
    walk(\%floors, sub { fault('lib/FLOORS', $line_of{ $_[0] }, "a circle of folders: $_[2]") });
    return \%floors;
}

# The public headers, as folder/file.h: what the folders' local.mk install.
sub read_public
{
    my %public;
    for my $makefile (@_) {
        my ($folder) = $makefile =~ m{^lib/h3/([^/]+)/} or next;
        my $text = join('', lines_of($makefile));
        $text =~ s/\\\n/ /g;
        for my $names ($text =~ /^(?:no)?dist_h3\w*include_HEADERS\s*\+?=(.*)$/mg) {
            $public{"$folder/$_"} = 1 for $names =~ /%D%\/(\S+\.h)/g;
        }
    }
    return \%public;
}

my @names = map { chomp; $_ } <STDIN>;
my $floors = read_floors();
my $public = read_public(grep { m{/local\.mk$} } @names);
my %ours = map { m{^lib/h3/(.+\.[ch])$} ? ($1 => 1) : () } @names;
my %graph;

# One include of a file of ours, by a file in `folder`.
sub judge_own
{
    my ($file, $line, $folder, $target) = @_;
    my ($at) = "lib/h3/$file";
    return fault($at, $line, 'h3.h is for users only') if $target eq 'h3.h';
    if ($target !~ m{^([^/]+)/[^/]+$}) {
        return fault($at, $line, "h3/$target is in no folder");
    }
    my $below = $1;
    return fault($at, $line, "lib/FLOORS knows no folder $below") if !$floors->{$below};
    fault($at, $line, "$folder does not stand above $below, see lib/FLOORS")
        if $below ne $folder && !$floors->{$folder}{$below};
    fault($at, $line, "$target is private to $below")
        if $below ne $folder && $target =~ /-private\.h$/;
    fault($at, $line, "a source is included") if $target =~ /\.c$/;
    fault($at, $line, "$target is inside, and this header is public")
        if $public->{$file} && !$public->{$target};
    return fault($at, $line, "there is no lib/h3/$target")
        if !$ours{$target} && !-e "lib/h3/$target.in";
    $graph{$file}{$target} //= $line;
}

sub judge_foreign
{
    my ($file, $line, $target) = @_;
    for my $home (@homes) {
        my ($library, $headers, $files) = @$home;
        next if $target !~ $headers;
        return fault("lib/h3/$file", $line, "$library has another home") if $file !~ $files;
        return fault("lib/h3/$file", $line, "a public header names $library")
            if $public->{$file} && $file ne $jansson_twin;
        return;
    }
    fault("lib/h3/$file", $line, "a public header names $target, neither GLib nor the system's")
        if $public->{$file} && $target =~ m{/} && $target !~ $public_libraries
        && $target !~ m{^(sys|netinet|arpa|net|linux)/};
}

for my $file (sort keys %ours) {
    my $line = 0;
    if ($file eq 'h3.h') {
        for my $text (lines_of('lib/h3/h3.h')) {
            $line++;
            next if $text !~ m{^\s*#\s*include\s*[<"]h3/([^>"]+)[>"]};
            fault('lib/h3/h3.h', $line, "$1 leaves jansson's names in every program")
                if $1 eq $jansson_twin;
            fault('lib/h3/h3.h', $line, "$1 is not installed") if !$public->{$1};
        }
        next;
    }
    my ($folder) = $file =~ m{^([^/]+)/[^/]+$};
    if (!defined $folder || !$floors->{$folder}) {
        fault("lib/h3/$file", 1, 'in no folder that lib/FLOORS knows');
        next;
    }
    for my $text (lines_of("lib/h3/$file")) {
        $line++;
        next if $text !~ /^\s*#\s*include\s*([<"])([^>"]+)[>"]/;
        my ($quote, $target) = ($1, $2);
        next if $target eq 'config.h';
        if ($target =~ m{^h3/(.+)$}) {
            judge_own($file, $line, $folder, $1);
        } elsif ($quote eq '"') {
            fault("lib/h3/$file", $line, "write <h3/...> for what is in another folder"), next
                if $target =~ m{/};
            judge_own($file, $line, $folder, "$folder/$target");
        } else {
            judge_foreign($file, $line, $target);
        }
    }
}
walk(\%graph, sub { fault("lib/h3/$_[0]", $graph{ $_[0] }{ $_[1] }, "a circle of files: $_[2]") });

my $count = keys %ours;
print "$count files\n";
exit($faults || !$count ? 1 : 0);
