# SPDX-License-Identifier: GPL-2.0-or-later
# A naive model of qmail's queue: makes queues, damages them, and says what must
# be left of them.  It shares nothing with qfsck but what INTERNALS says.
#
#   perl laboratory.pl make SEED [big] [low] [messages=N] [split=N]    ./queue, ./expected
#   perl laboratory.pl damage SEED [KIND...]           ./queue; ./expected follows
#   perl laboratory.pl check [map=FILE] [split=N] [big|small] [messages] [QUEUE]
#
# A message is known by its body.  An intact one must be there, once, with the
# same bytes, owner, mode and time; of a broken one no byte may be gone.
use strict;
use warnings;
use Fcntl ':mode';
use File::Find ();
use POSIX ();
use Storable qw(store retrieve);

my ($qmailq, $qmails, $qmailr, $qmail) = (901, 902, 903, 900);
my %rule = (    # owner, mode of directories, mode of files, group matters, split
  mess   => [$qmailq, 0750, 0644, 0, 1], todo   => [$qmailq, 0750, 0644, 0, 0],
  intd   => [$qmailq, 0700, 0644, 0, 0], info   => [$qmails, 0700, 0600, 1, 1],
  local  => [$qmails, 0700, 0600, 1, 1], remote => [$qmails, 0700, 0600, 1, 1],
  bounce => [$qmails, 0700, 0600, 1, 0],
);
my @kinds = sort keys %rule;
my $queue = 'queue';
my $x;          # ./expected: { split, big, files => {inode => ...}, messages => {body => ...} }

sub fail { print "@_\n"; exit 1 }
sub pick { $_[int rand @_] }
sub is_split { $rule{$_[0]}[4] || ($x->{big} && $_[0] =~ /^(todo|intd)$/) }
sub place { my ($kind, $number) = @_; "$queue/$kind/" . (is_split($kind) ? $number % $x->{split} . '/' : '') . $number }
sub slurp { open my $file, '<:raw', $_[0] or fail("cannot read $_[0]: $!"); local $/; my $bytes = <$file>; $bytes // '' }
sub inode { (lstat $_[0])[1] }
sub in_queue { grep { -e place($_, $_[0]) || -l place($_, $_[0]) } @kinds }

sub put {
  my ($path, $bytes, $uid, $mode, $time) = @_;
  open my $file, '>:raw', $path or fail("cannot write $path: $!");
  print $file $bytes;
  close $file or fail("cannot write $path: $!");
  chown $uid, $qmail, $path;
  chmod $mode, $path;
  utime $time, $time, $path if $time;
}
sub put_kind { my ($kind, $number, $bytes, $time) = @_; put(place($kind, $number), $bytes, $rule{$kind}[0], $rule{$kind}[2], $time) }

sub make_folder { my ($path, $uid, $mode) = @_; mkdir $path or fail("cannot make $path: $!"); chown $uid, $qmail, $path; chmod $mode, $path }

sub make_skeleton {
  make_folder($queue, $qmailq, 0750);
  make_folder("$queue/$_", $rule{$_}[0], $rule{$_}[1]) for @kinds;
  for my $kind (grep { is_split($_) } @kinds) {
    make_folder("$queue/$kind/$_", $rule{$kind}[0], $rule{$kind}[1]) for 0 .. $x->{split} - 1;
  }
  make_folder("$queue/pid", $qmailq, 0700);
  make_folder("$queue/lock", $qmailq, 0750);
  put("$queue/lock/sendmutex", '', $qmails, 0600);
  put("$queue/lock/tcpto", "\0" x 1024, $qmailr, 0644);
  make_trigger();
}
sub make_trigger { my $fifo = "$queue/lock/trigger"; POSIX::mkfifo($fifo, 0622); chown $qmails, $qmail, $fifo; chmod 0622, $fifo }

# A recipient list of a channel, some of them done.
sub channel { join '', map { (rand() < 0.4 ? 'D' : 'T') . "user$_\@host" . int(rand 1e6) . "\0" } 1 .. 1 + int rand 4 }

my $made = 0;
sub make_message {
  my ($state) = @_;
  my $body = 'message ' . ++$made . "\n" . 'x' x rand 3000;
  my $first = "$queue/pid/$$.$made";
  my $time = 1_000_000_000 + int rand 7e8;
  put($first, $body, $qmailq, 0644, $time);
  chown $qmailq, pick(0, 100, 65534), $first;     # the group of whoever called qmail-queue
  my $number = inode($first);
  rename $first, place('mess', $number) or fail("cannot rename $first: $!");
  my $sender = "Fsender$made\@example.org\0";
  my $envelope = "u1000\0p$$\0$sender" . join('', map { "Tuser$_\@example.net\0" } 1 .. int rand 4);
  if ($state eq 'S3' || $state eq 'S4') {
    put_kind('intd', $number, $envelope, $time + 1);
    link place('intd', $number), place('todo', $number) if $state eq 'S4';
    unlink place('intd', $number) if $state eq 'S4' && rand() < 0.3;
    put_kind('info', $number, pick($sender, ''), $time + 2) if $state eq 'S4' && rand() < 0.2;
  } elsif ($state eq 'S5') {
    put_kind('info', $number, $sender, $time + 2);
    put_kind('local', $number, channel(), $time + 3) if rand() < 0.5;
    put_kind('remote', $number, channel(), $time + 4) if rand() < 0.7;
    put_kind('bounce', $number, "<user\@host>:\nno such user\n\n", $time + 5) if rand() < 0.2;
  }
  $x->{messages}{$body} = { number => $number, state => $state };
  return $number;
}

# What is there now is what has to be there in the end.
sub remember {
  for my $message (values %{ $x->{messages} }) {
    my $number = $message->{number};
    $message->{files} = { map {
      my @st = lstat place($_, $number);
      $_ => { bytes => slurp(place($_, $number)), time => $st[9], group => $st[5] }
    } in_queue($number) };
  }
  remember_files();
}

sub remember_files {
  $x->{files} = {};
  File::Find::find({ no_chdir => 1, wanted => sub {
    my @st = lstat;
    $x->{files}{$st[1]} = slurp($_) if S_ISREG($st[2]) && !m{/lock/};
  } }, $queue);
}

sub make {
  my ($seed, @options) = @_;
  my %option = map { /(.*?)=(.*)/ ? ($1 => $2) : ($_ => 1) } @options;
  srand $seed;
  $x = { split => $option{split} // pick(1, 2, 3, 23), big => $option{big} // 0, messages => {} };
  # On a filesystem that gives the lowest free inode: numbers below split.
  my @fillers = $option{low} ? map { "filler$_" } 1 .. 400 : ();
  put($_, '', 0, 0600) for @fillers;
  make_skeleton();
  unlink @fillers;
  make_message(pick(qw(S2 S3 S4 S4 S4 S5 S5 S5 S5))) for 1 .. $option{messages} // 25;
  remember();
}

# --- damage -------------------------------------------------------------------

my %taken;      # each message is damaged once, for its fate to be clear
sub victim {
  my (@states) = @_;
  my @free = grep { my $m = $x->{messages}{$_}; !$taken{$m->{number}} && grep { $_ eq $m->{state} } @states }
    sort keys %{ $x->{messages} };
  return undef unless @free;
  my $message = $x->{messages}{pick(@free)};
  $taken{$message->{number}} = 1;
  return $message;
}
sub whole { my $m = victim('S4', 'S5'); $m }
sub unused { my $n; do { $n = 1 + int rand 1e6 } while $taken{$n}++ || in_queue($n); $n }
sub broken { $_[0]{broken} = 1 }
# Out of the queue, but not deleted: no other damage is to get its inode.
sub gone { my ($path) = @_; rename $path, 'outside.gone.' . inode($path) or fail("cannot rename $path: $!") }

# All files of a message are called otherwise: kept apart first, then put down.
sub renumber {
  my (%new) = @_;
  my @moves = map { my $old = $_; map { [$_, $old, $new{$old}] } in_queue($old) } sort keys %new;
  mkdir 'kept';
  rename place($_->[0], $_->[1]), "kept/$_->[0].$_->[1]" or fail("cannot rename $_->[1]: $!") for @moves;
  rename "kept/$_->[0].$_->[1]", place($_->[0], $_->[2]) or fail("cannot rename $_->[1]: $!") for @moves;
  rmdir 'kept';
  $_->{called} = $new{ $_->{number} } for grep { $new{ $_->{number} } } values %{ $x->{messages} };
}
sub elsewhere {
  my ($kind, $number, $name) = @_;
  return "$queue/$kind/$name" unless is_split($kind);
  return "$queue/$kind/" . (($number + 1) % $x->{split}) . "/$name";
}

# One name for the file of another message, as e2fsck and tools that save space leave it.
sub link_over { my ($file, $name) = @_; unlink $name; link $file, $name or fail("cannot link $name: $!") }
sub values_of { my ($state) = @_; map { $x->{messages}{$_} } grep { $x->{messages}{$_}{state} eq $state } sort keys %{ $x->{messages} } }
sub share {
  my ($kind) = @_;
  my @both = grep { !$taken{$_->{number}} && -e place($kind, $_->{number}) } values_of('S5');
  my ($a, $b) = @both[0, 1]; $b or return;
  $taken{$_->{number}} = 1 for $a, $b;
  link_over(place($kind, $b->{number}), place($kind, $a->{number}));
  $a->{files}{$kind} = $b->{files}{$kind};
}

my %damage = (
  renumber => sub { my $m = victim(qw(S2 S3 S4 S5)) or return; renumber($m->{number} => unused()) },
  swap => sub { my ($a, $b) = (whole(), whole()); $b or return; renumber($a->{number} => $b->{number}, $b->{number} => $a->{number}) },
  cycle => sub { my @m = map { whole() } 1 .. 4; $m[3] or return; my @n = map { $_->{number} } @m; renumber(map { $n[$_] => $n[($_ + 1) % 4] } 0 .. 3) },
  chain => sub { my @m = map { whole() } 1 .. 3; $m[2] or return; my @n = map { $_->{number} } @m; renumber($n[0] => $n[1], $n[1] => $n[2], $n[2] => unused()) },
  misname => sub { my $m = whole() or return; rename place('mess', $m->{number}), place('mess', unused()) },
  misname_oddly => sub { my $m = whole() or return; rename place('mess', $m->{number}), place('mess', $m->{number}) . pick('.bak', '~', "\n", ' 1') },
  misplace => sub { my $m = whole() or return; my $n = $m->{number}; my $kind = pick(grep { is_split($_) } in_queue($n)) or return; rename place($kind, $n), elsewhere($kind, $n, $n) },
  flat => sub { my $m = whole() or return; rename place('mess', $m->{number}), "$queue/mess/$m->{number}" if $x->{split} > 0 && $m->{number} >= 100000 || !-e "$queue/mess/$m->{number}" },
  zeros => sub { my $m = whole() or return; my $n = $m->{number}; my $kind = pick(in_queue($n)); my $to = place($kind, $n); $to =~ s{(\d+)$}{00$1}; rename place($kind, $n), $to },
  owner => sub { my $m = whole() or return; chown pick(0, 12345), -1, place(pick(in_queue($m->{number})), $m->{number}) },
  mode => sub { my $m = whole() or return; chmod pick(0, 0666, 04755), place(pick(in_queue($m->{number})), $m->{number}) },
  truncate_todo => sub { my $m = victim('S4') or return; return if -e place('info', $m->{number}); my $f = place('todo', $m->{number}); truncate $f, (-s $f) - 1 - int rand 9; broken($m) },
  truncate_info => sub { my $m = victim('S5') or return; my $f = place('info', $m->{number}); truncate $f, int rand(-s $f); broken($m) },
  garbage_channel => sub { my $m = victim('S5') or return; my ($kind) = grep { /local|remote/ } in_queue($m->{number}); $kind or return; put_kind($kind, $m->{number}, 'Xyzzy'); broken($m) },
  empty_channel => sub { my $m = victim('S5') or return; put_kind('local', $m->{number}, ''); broken($m) },
  no_mess => sub { my $m = whole() or return; gone(place('mess', $m->{number})); broken($m); $m->{without_body} = 1 },
  mess_is_link => sub { my $m = whole() or return; my $p = place('mess', $m->{number}); gone($p); symlink '/etc/passwd', $p; broken($m); $m->{without_body} = 1 },
  info_is_link => sub { my $m = victim('S5') or return; return unless grep { /local|remote/ && slurp(place($_, $m->{number})) =~ /T/ } in_queue($m->{number}); my $p = place('info', $m->{number}); unlink $p; symlink '../../mess', $p; broken($m) },
  orphan => sub { my $n = unused(); put_kind($_, $n, "Fx\0") for grep { $_ ne 'mess' && rand() < 0.6 } @kinds },
  junk => sub {
    my $kind = pick(@kinds);
    my $folder = "$queue/$kind" . (is_split($kind) && rand() < 0.7 ? '/' . int(rand $x->{split}) : '');
    my $name = pick('18446744073709551616', '99999999999999999999999', '-1', '+5', "a\tb\n\x1b[31m", '0', 'x' x 255, "\xff\xfe", '..x', '1e3', unused());
    my $path = "$folder/$name";
    return if -e $path || -l $path;
    my $how = pick(qw(file link dangling dir fifo device socketlike));
    $how eq 'link' ? symlink('/etc', $path) : $how eq 'dangling' ? symlink('nowhere', $path)
      : $how eq 'dir' ? mkdir($path) : $how eq 'fifo' ? POSIX::mkfifo($path, 0600)
      : $how eq 'device' ? system('mknod', $path, 'c', 1, 3) : put($path, "junk\n", 0, 0600);
  },
  bounce_in_todo => sub { my $m = victim('S4') or return; return if -e place('info', $m->{number}); put_kind('bounce', $m->{number}, "old\n") },
  intd_in_s5 => sub { my $m = victim('S5') or return; put_kind('intd', $m->{number}, "u1\0") },
  two_intds => sub { my $m = victim('S4') or return; my $p = place('intd', $m->{number}); my $bytes = slurp(place('todo', $m->{number})); unlink $p; put($p, $bytes, $qmailq, 0644); delete $m->{files}{intd} },
  ghost_todo => sub { my $m = victim('S5') or return; my $n = $m->{number}; return unless grep { /local|remote/ && slurp(place($_, $n)) =~ /(^|\0)D/ } in_queue($n); put_kind('todo', $n, "u1\0p1\0Fx\0" . "Ta\0" x 9, 999_999_999) },
  reused => sub {     # the number is another's now, of whom info and local have come back
    my $m = victim('S4') or return;
    my $n = $m->{number};
    return if -e place('info', $n);
    return unless slurp(place('todo', $n)) =~ /T.*T/s;
    put_kind('info', $n, "Fold\0", 999_999_999);
    put_kind('local', $n, "Ddone\0", 999_999_999);
    $m->{files}{$_} = { bytes => slurp(place($_, $n)), time => 999_999_999 } for 'info', 'local';
  },
  reused_alike => sub {   # the same, with as many recipients: the senders tell
    my $m = victim('S4') or return;
    my $n = $m->{number};
    my $recipients = () = slurp(place('todo', $n)) =~ /T/g;
    return if -e place('info', $n) || !$recipients;
    put_kind('info', $n, "Fold\0", 999_999_999);
    put_kind('local', $n, "Ddone\0" x $recipients, 999_999_999);
    $m->{files}{$_} = { bytes => slurp(place($_, $n)), time => 999_999_999 } for 'info', 'local';
  },
  old_todo => sub {       # nobody is done, and the todo is an earlier message's
    my $m = victim('S5') or return;
    my $n = $m->{number};
    my @kinds = grep { /local|remote|bounce/ } in_queue($n);
    return if !@kinds || grep { slurp(place($_, $n)) =~ /(^|\0)D/ || $_ eq 'bounce' } @kinds;
    put_kind('todo', $n, "u1\0p1\0Fold\0Tx\0", 999_999_999);
  },
  mixed => sub {          # two senders, and the times are lost
    my $m = victim('S5') or return;
    my $n = $m->{number};
    return unless grep { /local|remote/ && slurp(place($_, $n)) =~ /(^|\0)D/ } in_queue($n);
    put_kind('todo', $n, "u1\0p1\0Fother\0Tx\0", (lstat place('info', $n))[9]);
    broken($m);
  },
  double => sub { my $m = whole() or return; return if $x->{split} == 1; my $n = $m->{number}; put(elsewhere('mess', $n, $n), "not message $n", $qmailq, 0644) },
  second_name => sub { my $m = whole() or return; return if $x->{split} == 1; my $n = $m->{number}; my $kind = pick(grep { is_split($_) } in_queue($n)); link place($kind, $n), elsewhere($kind, $n, $n) },
  outside => sub {
    my $m = whole() or return;
    my $kind = pick(in_queue($m->{number}));
    link place($kind, $m->{number}), "outside.$kind.$m->{number}";
    delete $m->{files}{intd} if $kind =~ /todo|intd/;   # a copy of todo is another file
  },
  share_info => sub { share('info') },
  share_channel => sub { share(pick('local', 'remote')) },
  share_bounce => sub { share('bounce') },
  share_mess => sub {
    my ($a, $b) = (whole(), whole()); $b or return;
    link_over(place('mess', $b->{number}), place('mess', $a->{number}));
    my ($body) = grep { $x->{messages}{$_} == $a } keys %{ $x->{messages} };
    delete $x->{messages}{$body};
    $b->{twin} = 1;
  },
  share_todo => sub {
    my ($a, $b) = (victim('S4'), victim('S4')); $b or return;
    link_over(place('todo', $b->{number}), place('todo', $a->{number}));
    $a->{files}{todo} = $b->{files}{todo};
    delete $a->{files}{intd};       # it is another file now
  },
  mess_is_channel => sub {
    my ($a, $b) = (victim('S5'), whole()); $a && $b or return;
    my ($kind) = grep { /local|remote/ } in_queue($a->{number}); $kind or return;
    link_over(place($kind, $a->{number}), place('mess', $b->{number}));
    broken($b); $b->{without_body} = 1;
  },
  local_is_remote => sub {
    my ($a) = grep { my $n = $_->{number}; !$_->{broken} && -e place('local', $n) } values_of('S5');
    my ($b) = grep { my $n = $_->{number}; !$_->{broken} && $_ != ($a // 0) && -e place('remote', $n) } values_of('S5');
    $a && $b or return;
    return if $taken{$a->{number}}++ || $taken{$b->{number}}++;
    link_over(place('remote', $b->{number}), place('local', $a->{number}));
    broken($_) for $a, $b;
  },
  folder_in_place => sub { my $m = victim('S4') or return; return if is_split('intd') || -e place('intd', $m->{number}); mkdir place('intd', $m->{number}) },
  hard_link => sub { my $m = whole() or return; link place('mess', $m->{number}), place('mess', unused()) },
  odd_folder => sub { my $f = "$queue/mess/" . int rand $x->{split}; -d $f && !-l $f and rename $f, $f . '.old' },
  lost_folder => sub { my $kind = pick(@kinds, 'pid'); my $f = "$queue/$kind" . ($kind ne 'pid' && is_split($kind) ? '/' . int rand $x->{split} : ''); rmdir $f },
  folder_mode => sub { my $f = "$queue/" . pick(@kinds, 'pid', 'lock'); chmod pick(0777, 0, 0700), $f; chown pick(0, 5), pick(0, 5), $f },
  tcpto => sub { truncate "$queue/lock/tcpto", pick(0, 1000, 2000) },
  trigger => sub { unlink "$queue/lock/trigger"; put("$queue/lock/trigger", 'no fifo', 0, 0644) if rand() < 0.5 },
  mutex => sub { unlink "$queue/lock/sendmutex"; symlink('/etc/passwd', "$queue/lock/sendmutex") if rand() < 0.5 },
  stranger => sub { put("$queue/" . pick('', 'lock/') . 'stranger' . int rand 1e6, 'who am I', 0, 0600) },
  folder_is_file => sub { my $kind = pick(grep { is_split($_) } @kinds); my $n = int rand $x->{split}; return if in_queue($n); my $f = "$queue/$kind/$n"; rmdir $f and put($f, "no folder\n", 0, 0644) },
);

sub damage {
  my ($seed, @which) = @_;
  srand $seed;
  @which = map { pick(sort keys %damage) } 1 .. 1 + rand 12 unless @which;
  # After these nothing is where it was: they come last.
  $damage{$_}->() for sort { ($a =~ /folder/) <=> ($b =~ /folder/) } @which;
  # What a broken message has left is not to be lost either.
  remember_files();
  print "@which\n";
}

# --- check --------------------------------------------------------------------

my @wrong;
sub wrong { push @wrong, join '', @_ }
sub folders_of { my ($kind) = @_; is_split($kind) ? map { "$queue/$kind/$_" } 0 .. $x->{split} - 1 : "$queue/$kind" }
sub names_in { opendir my $dir, $_[0] or return (); grep { !/^\.\.?$/ } readdir $dir }

sub check_attributes {
  my ($path, $type, $uid, $gid, $mode) = @_;
  my @st = lstat $path or return wrong("$path is missing");
  wrong("$path is of a wrong type") if S_IFMT($st[2]) != $type;
  wrong(sprintf '%s is %d:%d %o', $path, $st[4], $st[5], S_IMODE($st[2]))
    if $st[4] != $uid || (defined $gid && $st[5] != $gid) || S_IMODE($st[2]) != $mode;
}

sub check_skeleton {
  check_attributes($queue, S_IFDIR, $qmailq, $qmail, 0750);
  check_attributes("$queue/pid", S_IFDIR, $qmailq, $qmail, 0700);
  check_attributes("$queue/lock", S_IFDIR, $qmailq, $qmail, 0750);
  check_attributes("$queue/lock/sendmutex", S_IFREG, $qmails, $qmail, 0600);
  check_attributes("$queue/lock/tcpto", S_IFREG, $qmailr, $qmail, 0644);
  check_attributes("$queue/lock/trigger", S_IFIFO, $qmails, $qmail, 0622);
  wrong('tcpto has not 1024 bytes') if -s "$queue/lock/tcpto" != 1024;
  for my $kind (@kinds) {
    my @folders = folders_of($kind);
    check_attributes($_, S_IFDIR, $rule{$kind}[0], $qmail, $rule{$kind}[1]) for "$queue/$kind", @folders;
    wrong("$queue/$kind holds more than its split directories") if is_split($kind) && names_in("$queue/$kind") != @folders;
  }
  my %known = map { $_ => 1 } @kinds, 'pid', 'lock', 'lost+found';
  $known{$_} or wrong("$queue/$_ does not belong there") for names_in($queue);
  wrong('lock holds more than three files') if names_in("$queue/lock") != 3;
}

# { number => { kind => path } }
sub messages_in_queue {
  my %found;
  for my $kind (@kinds) {
    for my $folder (folders_of($kind)) {
      for my $name (names_in($folder)) {
        my $path = "$folder/$name";
        $name =~ /^[1-9]\d*$/ && place($kind, $name) eq $path or wrong("$path is no name of a message there");
        check_attributes($path, S_IFREG, $rule{$kind}[0], $rule{$kind}[3] ? $qmail : undef, $rule{$kind}[2]);
        $found{$name}{$kind} = $path;
      }
    }
  }
  return \%found;
}

sub check_state {
  my ($number, $files) = @_;
  my $state = join '', map { $files->{$_} ? "+$_" : '' } qw(mess intd todo info local remote bounce);
  $state =~ /^\+mess(\+intd)?$/                                        # S2, S3
    || $state =~ /^\+mess(\+intd)?\+todo(\+info)?(\+local)?(\+remote)?$/  # S4
    || $state =~ /^\+mess\+info(\+local)?(\+remote)?(\+bounce)?$/         # S5
    or return wrong("message $number is in no state: $state");
  my $inode = inode($files->{mess});
  wrong("message $number is inode $inode") if $inode != $number;
  for my $kind (sort keys %$files) {
    my $names = $kind =~ /todo|intd/ && $files->{todo} && $files->{intd} ? 2 : 1;
    my $links = (lstat $files->{$kind})[3];
    wrong("$files->{$kind} has $links names") if $links != $names;
  }
  wrong("message $number: intd is not todo") if $files->{intd} && $files->{todo} && inode($files->{intd}) != inode($files->{todo});
  if ($files->{todo}) {
    slurp($files->{todo}) =~ /^u\d*\0p\d*\0F[^\0]*\0(T[^\0]*\0)*$/ or wrong("$files->{todo} does not parse");
  } elsif ($files->{info}) {
    slurp($files->{info}) =~ /^F[^\0]*\0$/ or wrong("$files->{info} does not parse");
    $files->{$_} && slurp($files->{$_}) !~ /^([TD][^\0]*\0)+$/ and wrong("$files->{$_} does not parse") for 'local', 'remote';
  }
}

sub compare_message {
  my ($number, $files, $expected, $what) = @_;
  for my $kind (@kinds) {
    my $path = $files->{$kind};
    my $file = $expected->{files}{$kind};
    if (!$file) { wrong("$what: has got $path") if $path; next }
    $path or do { wrong("$what: has lost $kind"); next };
    wrong("$what: $path has other bytes") if slurp($path) ne $file->{bytes};
    my @st = lstat $path;
    wrong("$what: $path is of time $st[9], not $file->{time}") if $st[9] != $file->{time};
    wrong("$what: $path has another group") if $kind eq 'mess' && $st[5] != $file->{group};
  }
}

# No byte may be gone, whatever it belongs to.
sub check_nothing_deleted {
  my (@roots) = @_;
  my %there;
  File::Find::find({ no_chdir => 1, wanted => sub { my @st = lstat; $there{slurp($_)}++ if S_ISREG($st[2]) } }, grep { -e } @roots);
  for my $inode (sort keys %{ $x->{files} }) {
    my $bytes = $x->{files}{$inode};
    wrong("what was inode $inode is gone: ", substr($bytes, 0, 40)) unless $there{$bytes};
  }
}

sub check_map {
  my ($file, $found) = @_;
  my %map = map { /^(\d+)\t(\d+)$/ or wrong("no line of a map: $_"); ($1 // '') => $2 } split /\n/, slurp($file);
  my %number_of = map { slurp($found->{$_}{mess}) => $_ } grep { $found->{$_}{mess} } keys %$found;
  for my $body (sort keys %{ $x->{messages} }) {
    my $message = $x->{messages}{$body};
    my $new = $message->{twin} ? next : $number_of{$body} // next;
    my $old = $message->{called} // $message->{number};
    wrong("the map calls $old ", $map{$old} // 'nothing', ", not $new") if ($map{$old} // $old) != $new;
  }
}

sub check {
  my (@options) = @_;
  my %option;
  for (@options) { /^(\w+)=(.*)/ ? $option{$1} = $2 : /^(big|small|messages)$/ ? $option{$_} = 1 : ($queue = $_) }
  my $old = 'queue';
  $x->{split} = $option{split} if $option{split};
  $x->{big} = $option{big} ? 1 : $option{small} ? 0 : $x->{big};
  check_skeleton() unless $option{messages};
  my $found = messages_in_queue();
  my %by_body;
  for my $number (sort keys %$found) {
    my $files = $found->{$number};
    if (!$files->{mess}) { wrong("number $number has no message"); next }
    check_state($number, $files);
    push @{ $by_body{slurp($files->{mess})} }, $number;
  }
  for my $body (sort keys %{ $x->{messages} }) {
    my $expected = $x->{messages}{$body};
    my @numbers = @{ delete $by_body{$body} // [] };
    my $what = substr $body, 0, index $body, "\n";
    wrong("$what ($expected->{state}) is there ", scalar @numbers, ' times') if @numbers != ($expected->{broken} ? 0 : $expected->{twin} ? 2 : 1);
    compare_message($_, $found->{$_}, $expected, $what) for $expected->{broken} || $expected->{twin} ? () : @numbers;
  }
  wrong('a message that was never made: ', substr($_, 0, 40)) for sort keys %by_body;
  check_nothing_deleted($queue, $old, 'queue.moved');
  check_map($option{map}, $found) if $option{map};
  fail(join "\n", @wrong) if @wrong;
}

my ($task, @arguments) = @ARGV;
$x = retrieve('expected') if $task ne 'make';
if ($task eq 'make') { make(@arguments); store $x, 'expected' }
elsif ($task eq 'damage') { damage(@arguments); store $x, 'expected' }
elsif ($task eq 'check') { check(@arguments) }
else { fail("no task $task") }
