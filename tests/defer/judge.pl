#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Reads what strace -f -y saw of a run, and tells each system call that let something
# out while a change was not yet flushed.
#
#   judge.pl DIRECTORY <TRACE
#
# It knows nothing of the library's list: a call is allowed here because nobody outside
# can see that it was made.  The last line says how much was seen; exit 1 if anything
# got out.
use strict;
use warnings;

my $directory = shift;
my (%pending, %made, %seen, %partial);
my ($changes, $calls, $flushes, $violations, $files) = (0, 0, 0, 0, 0);

# Nobody sees these, whatever their arguments are.
my %silent = map { $_ => 1 } qw(
  brk munmap mremap madvise mincore getpid gettid getppid getuid geteuid getgid getegid
  getresuid getresgid getgroups getpgrp getpgid getsid getrlimit getrusage getcwd
  getrandom uname sysinfo times time clock_gettime clock_getres gettimeofday umask
  stat lstat newfstatat fstat statx statfs fstatfs access faccessat faccessat2 readlink
  readlinkat getxattr lgetxattr fgetxattr chdir fchdir getdents64
  rt_sigaction rt_sigprocmask rt_sigreturn sync_file_range poll kcmp restart_syscall
  syscall_0x1c9 syscall_0x1ca statmount listmount
);

# What another process may see before they return.
my %lasting = map { $_ => 1 } qw(fork vfork clone clone3 execve wait4 exit_group rt_sigsuspend);

my $change = qr/^(?:link|linkat|symlink|symlinkat|rename|renameat|renameat2|unlink|unlinkat
                |rmdir|mkdir|mkdirat|mknod|mknodat)$/x;

# The first descriptor among the arguments, and the rest.
sub descriptor { $_[0] =~ /^(\d+)(?:<|,|\)|$)/ ? $1 : -1 }

sub allowed {
  my ($pid, $call, $arguments, $result) = @_;
  my $fd = descriptor($arguments);
  # The library's own task, which writes the bytes of a file and tells nobody.
  return 1 if $call eq 'clone' && $arguments =~ /flags=CLONE_VM\|CLONE_VFORK$/;
  return 1 if $call eq 'wait4' && $arguments =~ /NULL, __WALL, NULL$/;
  return 1 if $silent{$call} || $call =~ $change;
  return 1 if $result =~ /^-1 EBADF/ && $call =~ /^(?:close|fcntl|ioctl|lseek|dup)$/;
  if ($call =~ /^open(?:at2?)?$/) {
    # To make a file is a change; what is there may be opened to be read, if it is a
    # file or a directory: strace says where the descriptor leads.
    return 1 if $arguments =~ /O_CREAT/ && $arguments =~ /O_EXCL/;
    return 1 if $result =~ /^-1/;
    return $arguments !~ /O_WRONLY|O_RDWR|O_TRUNC|O_CREAT/ && $result !~ m{</dev/};
  }
  if ($call =~ /^(?:write|writev|pwrite64|fallocate|fchmod|fchown|utimensat)$/) {
    return $made{$pid}{$fd};
  }
  return $arguments =~ /, (?:NULL|\[\d+\]), (\d+)</ && $made{$pid}{$1} if $call eq 'copy_file_range';
  return $arguments =~ m{^\d+</} && $arguments !~ m{^\d+</dev/} || $arguments =~ /^\d+<(?:pipe|socket|UNIX)/
    if $call =~ /^(?:read|readv|pread64)$/;
  return $arguments =~ /^\d+<\// if $call eq 'close';
  return $arguments =~ /^\d+(?:<[^>]*>)?(?:\(deleted\))?, F_(?:GETFL|GETFD|DUPFD_CLOEXEC|DUPFD|OFD_GETLK|SETFL, O_RDONLY\b)/ if $call eq 'fcntl';
  return $arguments =~ m{TCGETS|^\d+</proc/\d+/maps>, _IOC\(} if $call eq 'ioctl';
  return 1 if $call eq 'lseek' || $call eq 'dup3';
  return $arguments !~ /PROT_WRITE.*MAP_SHARED/ if $call eq 'mmap';
  return $arguments !~ /PROT_WRITE/ if $call eq 'mprotect';
  return $arguments =~ /NULL, / if $call eq 'prlimit64';
  # A question: it does nothing, or fails.
  return $arguments =~ /^CLONE_(?:VM|THREAD)$/ if $call eq 'unshare';
  return $arguments =~ /WNOHANG/ && $arguments =~ /WNOWAIT/ if $call eq 'waitid';
  return $arguments =~ /^(?:PR_SET_SYSCALL_USER_DISPATCH|PR_GET_SECCOMP)/ if $call eq 'prctl';
  return 0;
}

sub judge {
  my ($pid, $call, $arguments, $result) = @_;
  my ($fd, $path) = $result =~ /^(\d+)<(\Q$directory\E[^>]*)>/;
  $calls++;
  if ($pending{$pid} && !allowed($pid, $call, $arguments, $result)
      && $call !~ /^(?:fsync|fdatasync|syncfs|sync)$/) {
    print "$pid: $call($arguments) = $result, while pending: $pending{$pid}\n" if $violations++ < 20;
  }
  if ($call =~ /^(?:fsync|fdatasync|syncfs|sync)$/ && $result =~ /^0/) {
    $flushes++;
    delete $pending{$pid};
    # The end of a batch, by its descriptor; the ladder flushes in between.
    delete $made{$pid} if descriptor($arguments) >= 100;
  } elsif ($call =~ $change && $result =~ /^0/) {
    $changes++;
    $pending{$pid} = "$call($arguments)";
  } elsif ($call =~ /^open/ && $arguments =~ /O_CREAT/ && defined $path
           && ($arguments =~ /O_EXCL/ || !$seen{$path})) {
    $changes++;
    $pending{$pid} = "$call($arguments)";
    $made{$pid}{$fd} = 1;
  } elsif ($call eq 'close' && $result =~ /^0/) {
    delete $made{$pid}{descriptor($arguments)};
  }
  follow($call, map { "$directory/$_" } $arguments =~ /"([^"]*)"/g) if $call =~ $change && $result =~ /^0/;
  $seen{$path} //= ++$files if defined $path;
}

# Without O_EXCL a file was made only if its name was not there: the names, each with the
# number of its file.
sub follow {
  my ($call, @names) = @_;
  my $new = $names[-1];
  if ($call =~ /^(?:unlink|rmdir)/) {
    delete $seen{$new};
  } elsif ($call =~ /^link/) {
    $seen{$new} = $seen{$names[0]} //= ++$files;
  } elsif ($call =~ /^rename/) {
    my $old = $names[0];
    return if ($seen{$old} // -1) == ($seen{$new} // -2);    # of one file: nothing happens
    $seen{$new} = delete $seen{$old} // ++$files;
    # What is in a directory goes with it.
    $seen{$new . substr $_, length $old} = delete $seen{$_} for grep { m{^\Q$old\E/} } keys %seen;
  } else {
    $seen{$new} = ++$files;
  }
}

while (<>) {
  s/^(\d+) +// or next;
  my $pid = $1;
  if (/^\+\+\+ killed/) {
    delete $pending{$pid};            # its death was all that got out
  } elsif (/^(\w+)\((.*) <unfinished \.\.\.>$/) {
    # What starts while it waits has told already: it is judged as it begins.
    my ($call, $arguments) = ($1, $2);
    $partial{$pid} = [$call, $arguments];
    judge($pid, $call, $arguments, '?') if $lasting{$call};
  } elsif (/^<\.\.\. (\w+) resumed>(.*)\) += (.*)$/) {
    my ($rest, $result) = ($2, $3);
    my $begun = delete $partial{$pid} or next;
    judge($pid, $begun->[0], $begun->[1] . $rest, $result) unless $lasting{$begun->[0]};
  } elsif (/^(\w+)\((.*)\) += (.*)$/) {
    judge($pid, $1, $2, $3);
  }
}
print "$changes changes, $calls calls, $flushes flushes, $violations let out too early\n";
exit($violations || !$changes ? 1 : 0);
