# SPDX-License-Identifier: MIT
#
# Reads the names of public headers on its input; runs at their top. Every fault is a line with its
# file and line. Those of folders that are no arguments are read for the types they document.
use strict;
use warnings;

my ($file, $text, $is_judged, $faults, $files, $declared) = ('', '', 0, 0, 0, 0);
my (%documented, %forward);
my %folders = map { $_ => 1 } @ARGV;

sub fault
{
    my ($line, $what) = @_;
    return if !$is_judged;
    print "$file:$line: $what\n";
    $faults++;
}

# What stands between commas that are in no brackets.
sub parts_of
{
    my ($list) = @_;
    my ($depth, @parts) = (0, '');
    for my $character (split(//, $list)) {
        $depth++ if $character =~ /[(\[{]/;
        $depth-- if $character =~ /[)\]}]/;
        if ($character eq ',' && !$depth) {
            push(@parts, '');
        } else {
            $parts[-1] .= $character;
        }
    }
    return grep { /\S/ } @parts;
}

# The name that a declaration of a parameter or a field gives.
sub name_of
{
    my ($declaration) = @_;
    return $1 if $declaration =~ /\(\s*\*\s*(\w+)\s*\)/;
    return '...' if $declaration =~ /\.\.\./;
    $declaration =~ s/\[[^\]]*\]|:\s*\d+\s*$//g;
    return $declaration =~ /(\w+)\s*$/ ? $1 : '';
}

# The fields that a table makes, a macro of rows whose first word is the field's name.
sub fields_of_table
{
    my ($table) = @_;
    $text =~ /^#\s*define\s+\Q$table\E\((\w+)\)((?:[^\n\\]|\\.)*)/ms or return ();
    my ($row, $rows) = ($1, $2);
    $rows =~ s/"(?:[^"\\]|\\.)*"//gs;
    return $rows =~ /\b$row\s*\(\s*(\w+)/g;
}

sub fields_of
{
    my ($body) = @_;
    $body =~ s{/\*<\s*private\s*>\*/.*}{}s;
    $body =~ s{/\*.*?\*/}{}gs;
    $body =~ s{^\s*#.*$}{}gm;
    my @names = map { fields_of_table($_) } $body =~ /^\s*([A-Z0-9_]+)\s*\(\w+\)\s*$/gm;
    $body =~ s{^\s*[A-Z0-9_]+\s*\(\w+\)\s*$}{}gm;
    for my $field (split(/;/, $body)) {
        next if $field !~ /\S/;
        push(@names, map { name_of($_) } parts_of($field));
    }
    return @names;
}

# A block: what it is called, what it says of each parameter, of the result, of all.
sub block_of
{
    my ($comment, $line) = @_;
    my %block = (line => $line, name => '', params => {}, order => [], text => '');
    my ($part, $is_head) = ('', 1);
    my @lines = split(/\n/, $comment);
    for my $said (@lines[1 .. $#lines - 1]) {
        $said =~ s/^\s*\*? ?//;
        if ($block{name} eq '') {
            $block{name} = $said =~ /^(\w+(?:::?[\w-]+)?):(?!\S)/ ? $1 : '?';
        } elsif ($is_head && $said =~ /^@([\w.]+):(.*)/) {
            $part = $1;
            $block{params}{$part} = $2;
            push(@{ $block{order} }, $part);
        } elsif ($said =~ /^(Returns|Since|Deprecated|Stability):(.*)/) {
            ($part, $is_head, $block{$1}) = ($1, 0, $2);
        } elsif ($said eq '') {
            ($part, $is_head) = ('', 0);
        } elsif ($part eq '') {
            $block{text} .= "$said\n";
        } elsif ($is_head) {
            $block{params}{$part} .= " $said";
        } else {
            $block{$part} .= " $said";
        }
    }
    # Signals and properties are declared in no header.
    $block{used} = 1 if $block{name} =~ /:/;
    return \%block;
}

# The text of a part of a block, without annotations.
sub plain
{
    my ($said) = @_;
    $said =~ s/^\s*(\([^)]*\)\s*)+:?//;
    return $said;
}

sub check_block
{
    my ($block, $line, $name, $kind, @parts) = @_;
    $declared += $is_judged;
    if (!$block || $block->{name} ne $name) {
        fault($line, "$name: no block of documentation above it");
        return 0;
    }
    $block->{used} = 1;
    $documented{$name} = 1;
    fault($line, "$name: no Since:") if ($block->{Since} // '') !~ /\d/;
    fault($line, "$name: not a sentence says what it is") if $block->{text} !~ /\w/;
    my %is_part = map { $_ => 1 } @parts;
    for my $part (@parts) {
        my $said = $block->{params}{$part};
        fault($line, "$name: $kind $part is not documented")
            if !defined($said) || plain($said) !~ /\w/;
    }
    for my $part (@{ $block->{order} }) {
        fault($line, "$name: there is no $kind $part") if !$is_part{$part};
    }
    return 1;
}

sub check_call
{
    my ($block, $line, $name, $returned, $list) = @_;
    my @names = map { name_of($_) } grep { !/^\s*void\s*$/ } parts_of($list);
    check_block($block, $line, $name, 'parameter', @names) or return;
    my $result = $block->{Returns};
    $returned =~ s/\b(static|inline|extern|G_\w+|H3_[A-Z_0-9]+)\b//g;
    $returned =~ s/^\s+|\s+$//g;
    if ($returned eq 'void') {
        fault($line, "$name: returns nothing") if defined($result);
        return;
    }
    if (!defined($result) || plain($result) !~ /\w/) {
        fault($line, "$name: what is returned is not documented");
        return;
    }
    my $is_pointer = $returned =~ /\*/ || $returned eq 'gpointer';
    $is_pointer = 0 if $returned =~ /^const\s+\w+\s*\*$/;
    fault($line, "$name: who owns what is returned: (transfer full), container or none")
        if $is_pointer && $result !~ /\(transfer (full|none|container|floating)\)/;
}

sub check_macro
{
    my ($block, $line, $macro) = @_;
    return if $macro !~ /^#\s*define\s+((?:H3_|h3_)\w+)(\(([^)]*)\))?/;
    my ($name, $list) = ($1, $3);
    return if $name =~ /^H3_(TYPE|IS)_/;
    check_block($block, $line, $name, 'parameter', map { name_of($_) } parts_of($list // ''));
}

sub check_type
{
    my ($block, $line, $code) = @_;
    if ($code =~ /^typedef\s+enum\s*\w*\s*\{(.*)\}\s*(\w+)\s*;$/s) {
        my ($body, $name) = ($1, $2);
        my @values = map { /^\s*(\w+)/ ? $1 : () } parts_of($body =~ s{/\*.*?\*/}{}gsr);
        check_block($block, $line, $name, 'value', @values);
    } elsif ($code =~ /^typedef\s+(?:struct|union)\s*\w*\s*\{(.*)\}\s*(\w+)\s*;$/s
             || $code =~ /^(?:struct|union)\s+()_?(\w+)\s*\{(.*)\}\s*;$/s) {
        check_block($block, $line, $2, 'field', fields_of($1 ne '' ? $1 : $3 // ''));
    } elsif ($code =~ /^typedef\s+(.+?)\(\s*\*\s*(\w+)\s*\)\s*\((.*)\)[^()]*;$/s) {
        check_call($block, $line, $2, $1, $3);
    } elsif ($code =~ /^typedef\s+.*?(\w+)\s*;$/s) {
        my $name = $1;
        # It may be named in several headers; one of them says what it is.
        if ($block && $block->{name} eq $name) {
            check_block($block, $line, $name, 'field');
        } elsif ($name =~ /^H3/) {
            $forward{$name} //= "$file:$line" if $is_judged;
        }
    } else {
        return 0;
    }
    return 1;
}

sub check_declaration
{
    my ($block, $line, $code) = @_;
    return if check_type($block, $line, $code);
    $code =~ s{/\*.*?\*/}{}gs;
    if ($code =~ /^([^({]*?)\b(h3_\w+)\s*\(((?:[^()]|\([^()]*\))*)\)/s) {
        check_call($block, $line, $2, $1, $3) if $2 !~ /_get_type$/;
    } else {
        fault($line, 'not understood: ' . ($code =~ s/\s+/ /gr));
    }
}

# Takes a declaration off the front of what is left: as far as a semicolon that is in no brackets,
# or the end of a function's body.
sub take_declaration
{
    my ($depth, $code) = (0, '');
    while ($text =~ m{\G(/\*.*?\*/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|.)}gcs) {
        my $token = $1;
        $code .= $token;
        $depth++ if $token =~ /^[({]$/;
        $depth-- if $token =~ /^[)}]$/;
        last if !$depth && ($token eq ';' || ($token eq '}' && $code !~ /^(typedef|struct|union)\b/));
    }
    return $code;
}

sub read_header
{
    my $block;
    pos($text) = 0;
    while (1) {
        $text =~ /\G\s+/gc;
        my $line = 1 + (substr($text, 0, pos($text)) =~ tr/\n//);
        last if pos($text) >= length($text);
        my $was = $block;
        if ($text =~ m{\G(/\*\*[ \t]*\n.*?\*/)}gcs) {
            $block = block_of($1, $line);
            fault($was->{line}, "$was->{name}: documented, but not there") if $was && !$was->{used};
        } elsif ($text =~ m{\G/\*.*?\*/}gcs || $text =~ /\GG_(BEGIN|END)_DECLS\b/gc
                 || $text =~ /\GG_DEFINE_AUTOPTR_CLEANUP_FUNC\s*\([^)]*\)/gc) {
            next;
        } elsif ($text =~ m{\G(\#(?:[^\n\\/]|\\.|/(?!\*)|/\*.*?\*/)*)}gcs) {
            check_macro($block, $line, $1);
        } elsif ($text =~ /\GG_DECLARE_\w+\s*\(\s*(\w+)[^)]*\)/gc) {
            check_block($block, $line, $1, 'field');
        } else {
            check_declaration($block, $line, take_declaration());
        }
    }
    fault($block->{line}, "$block->{name}: documented, but not there")
        if $block && !$block->{used};
}

while (my $name = <STDIN>) {
    chomp($name);
    $file = $name;
    open(my $handle, '<', $file) or die "$file: $!\n";
    local $/;
    $text = <$handle>;
    close($handle);
    $is_judged = $file =~ m{^lib/h3/([^/]+)/} && $folders{$1} ? 1 : 0;
    $files += $is_judged;
    read_header();
}
for my $name (sort(keys(%forward))) {
    next if $documented{$name};
    print "$forward{$name}: $name: no block of documentation above it\n";
    $faults++;
}
print "$declared declarations in $files headers\n";
exit($faults || !$declared ? 1 : 0);
