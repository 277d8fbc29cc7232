# SPDX-License-Identifier: GPL-2.0-or-later
# perl many.pl N: N messages of all kinds of files, in ./queue, which is empty.
use strict;
use warnings;

sub put {
  my ($path, $bytes, $uid, $mode) = @_;
  open my $file, '>', $path or die "$path: $!\n";
  print $file $bytes;
  chown $uid, 900, $path;
  chmod $mode, $path;
}

my $split = () = glob "queue/mess/*";
for my $i (1 .. $ARGV[0]) {
  put('queue/pid/x', 'm', 901, 0644);
  my $number = (stat 'queue/pid/x')[1];
  my $place = $number % $split . "/$number";
  rename 'queue/pid/x', "queue/mess/$place" or die "$!\n";
  put("queue/info/$place", "Fx\0", 902, 0600);
  put("queue/local/$place", "Ta\0", 902, 0600);
  put("queue/remote/$place", "Tb\0Dc\0", 902, 0600);
  put("queue/bounce/$number", "text\n", 902, 0600);
}
