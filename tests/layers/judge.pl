#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# judge.pl INODES TRACE TOLD: of each kind of call that TOLD lists (changes.c), how many
# there were and for how many of them TRACE, strace's of a server, has a flush of that
# inode which began after the server had made the change, and had ended when the call
# returned.  INODES has the number and a path of each inode of the server's disk.
use strict;
use warnings;

my ($inodes, $trace, $told) = @ARGV;
my (%inode, %flushes, %under_way, %changed, %calls, %flushed);

open my $file, '<', $inodes or die "$inodes: $!\n";
while (<$file>) {
  my ($number, $path) = /^(\d+) (.*)$/ or die;
  $inode{$path} = $number;
}

# PID TIME fsync(3</brick/name>) = 0 <SECONDS>, or in two lines, of which the second says
# "<... fsync resumed>".  A change: linkat(9, "c0.1", 9, "l0.1", 0) = 0 <SECONDS>
open $file, '<', $trace or die "$trace: $!\n";
while (<$file>) {
  my ($thread, $time, $rest) = /^(\d+) +(\d+\.\d+) (.*)$/ or next;
  if ($rest =~ /^f(?:data)?sync\(\d+<.*?\/brick\/([^>]*)>/) {
    $under_way{$thread} = [ $time, \$flushes{$1} ];
  } elsif ($rest =~ /^(?:link|rename)\w*\(.*"(?:[^"]*\/)?([^"\/]+)"/) {
    $under_way{$thread} = [ $time, \$changed{$1} ];
  }
  if ($rest =~ /= 0 <([\d.]+)>/ && $under_way{$thread}) {
    my ($begun, $list) = @{ delete $under_way{$thread} };
    push @$$list, [ $begun, $begun + $1 ];
  }
}

# What was flushed by any name of the inode.
my %of_inode;
push @{ $of_inode{ $inode{$_} // "gone $_" } }, @{ $flushes{$_} } for keys %flushes;

open $file, '<', $told or die "$told: $!\n";
while (<$file>) {
  my ($begun, $ended, $call, $name) = split;
  my $number = $inode{$name};
  my @flushes = (@{ $flushes{$name} // [] }, $number ? @{ $of_inode{$number} // [] } : ());
  if ($call =~ /^(?:link|rename)/) {
    my ($last) = $name =~ /([^\/]+)$/;
    my @made = grep { $_->[0] >= $begun } @{ $changed{$last} // [] };
    $begun = @made ? $made[0][1] : $ended;
  }
  $calls{$call}++;
  $flushed{$call} += grep({ $_->[0] >= $begun && $_->[1] <= $ended } @flushes) > 0;
}
print "$_ $calls{$_} $flushed{$_}\n" for sort keys %calls;
