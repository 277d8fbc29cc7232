# SPDX-License-Identifier: GPL-2.0-or-later
# Each rule of the audit, by a small program that breaks it and one that keeps it.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/audit/audit.inc"

compile steps -pthread

# Names.
wrong a_rename_that_nobody_flushed 'name-lost rename new' \
  put tmp fsync tmp rename tmp new
right a_rename_and_an_fsync_of_its_directory put tmp fsync tmp rename tmp new fsync .
right a_rename_and_a_sync put tmp fsync tmp rename tmp new sync
right a_rename_and_a_syncfs put tmp fsync tmp rename tmp new syncfs .
right a_rename_and_an_fdatasync_of_its_directory put tmp fsync tmp rename tmp new fdatasync .
wrong the_fsync_of_another_directory_does_not_help 'name-lost rename new' \
  mkdir other fsync . put tmp fsync tmp rename tmp new fsync other
wrong an_fsync_before_the_rename_does_not_help 'name-lost rename new' \
  put tmp fsync tmp fsync . rename tmp new
wrong a_link_that_nobody_flushed 'name-lost link new' put tmp fsync tmp link tmp new unlink tmp
right a_link_and_an_fsync_of_its_directory put tmp fsync tmp link tmp new unlink tmp fsync .
wrong a_symbolic_link 'name-lost symlink new' symlink old new
right a_symbolic_link_and_an_fsync_of_its_directory symlink old new fsync .
wrong a_new_directory 'name-lost mkdir dir' mkdir dir
right a_new_directory_and_an_fsync_of_its_parent mkdir dir fsync .
wrong a_file_in_a_new_directory_needs_the_directorys_own_name 'posix-only mkdir dir' \
  mkdir dir touch dir/new fsync dir
wrong a_new_file 'name-lost openat new' touch new
right a_new_file_and_an_fsync_of_its_directory touch new fsync .
wrong a_removed_name 'comes-back unlink old' unlink old
right a_removed_name_and_an_fsync_of_its_directory unlink old fsync .
wrong a_move_between_directories_needs_both 'posix-only rename old' \
  mkdir dir fsync . rename old dir/old fsync dir
right a_move_between_directories mkdir dir fsync . rename old dir/old fsync dir fsync .
wrong a_new_file_that_was_fsynced_is_safe_on_linux_alone 'posix-only openat new' put new fsync new

# Bytes.
wrong a_good_file_replaced_by_unflushed_bytes 'contents-lost rename old' \
  put tmp rename tmp old fsync old fsync .
right a_good_file_replaced put tmp fsync tmp rename tmp old fsync .
wrong bytes_written_after_the_fsync 'contents-lost rename old' \
  put tmp fsync tmp append tmp rename tmp old fsync .
wrong a_name_that_gets_its_bytes_late 'bytes-late link new' \
  put tmp link tmp new unlink tmp fsync new fsync .
wrong a_new_file_whose_bytes_nobody_flushed 'bytes-lost openat new' put new fsync .
right a_new_file_of_no_bytes touch new fsync .
# As initdb of PostgreSQL has it: nobody expects anything of a directory before it is told of.
right a_late_name_in_a_directory_that_nobody_knows_of \
  mkdir dir mkdir dir/sub put dir/sub/tmp rename dir/sub/tmp dir/sub/new sync say
wrong a_late_name_in_a_directory_that_was_told_of 'bytes-late rename new' \
  mkdir dir sync say put dir/tmp rename dir/tmp dir/new sync say
right bytes_by_O_SYNC put-sync tmp rename tmp old fsync .
right bytes_by_fdatasync put tmp fdatasync tmp rename tmp old fsync .
wrong bytes_by_a_mapping 'contents-lost rename old' map tmp store rename tmp old fsync .
right bytes_by_a_mapping_and_msync map tmp store msync rename tmp old fsync .

wrong a_file_that_was_emptied 'bytes-lost rename new' truncate old rename old new fsync .
right a_file_that_was_emptied_and_fsynced truncate old fsync old rename old new fsync .
# What the library does where it can: doc/durability.md, tests/audit/filesystems.sh.
echo bytes >"$work/from"
case $(LD_PRELOAD=$library SYNCDIR_TRACE=- mv "$work/from" "$work/to" 2>&1) in
  *sync_file_range*)
    right bytes_by_sync_file_range put tmp range tmp rename tmp old fsync .
    right bytes_by_sync_file_range_and_a_flush_after_it put new range new fsync .
    wrong bytes_by_sync_file_range_and_no_flush_after_it 'bytes-lost openat new' put new fsync . range new ;;
  *)
    wrong bytes_by_sync_file_range 'contents-lost rename old' put tmp range tmp rename tmp old fsync . ;;
esac
wrong a_nameless_file_that_gets_a_name 'name-lost linkat new' nameless new
wrong a_nameless_file_that_was_not_fsynced 'bytes-late linkat new' nameless new fsync new fsync .
right a_nameless_file_that_was_fsynced nameless-sync new fsync .
wrong bytes_that_the_kernel_copies 'contents-lost rename old' copy old tmp rename tmp old fsync .
right bytes_that_the_kernel_copies_and_that_are_fsynced copy old tmp fsync tmp rename tmp old fsync .
wrong an_exchange "$(printf 'name-lost renameat2 new\nname-lost renameat2 old')" \
  put new fsync new fsync . exchange new old
right an_exchange_and_an_fsync put new fsync new fsync . exchange new old fsync .

# Files that had their names before.
wrong a_good_file_that_was_written_anew 'contents-lost openat old' put old say fsync old
right a_good_file_that_was_written_anew_and_fsynced put old fsync old say
wrong what_was_appended 'write-lost write old' append old
right what_was_appended_and_fsynced append old fdatasync old say
wrong what_was_appended_after_the_fsync 'write-lost write old' append old fsync old append old
wrong what_was_appended_to_a_new_file_that_was_safe 'write-lost write new' \
  put new fsync new fsync . say append new
right what_only_made_room put new fsync new fsync . room new room old say
right what_was_appended_with_O_SYNC append-sync old
right what_was_appended_to_a_file_that_was_removed append old unlink old fsync .
right what_was_appended_to_a_file_that_was_replaced append old put tmp fsync tmp rename tmp old fsync .
wrong what_was_appended_by_another_process 'write-lost write old' child append old then say fsync old
right a_mapping_into_which_nothing_was_stored map old say
right a_mapping_that_is_read map-to-read old say
wrong what_was_stored_in_a_mapping_that_was_to_be_read 'write-lost mmap old' map-to-read old allow store
right what_was_stored_there_before_an_msync map-to-read old allow store msync say
wrong what_was_stored_in_a_mapping 'write-lost mmap old' map old store
wrong what_was_stored_in_a_mapping_after_the_msync 'write-lost mmap old' map old store msync store say
right what_was_stored_in_a_mapping_before_the_msync map old store msync say
right what_was_stored_in_a_mapping_before_a_sync map old store sync say
wrong what_was_stored_in_a_mapping_and_told_before_the_msync 'write-lost mmap old' map old store say msync
wrong what_was_stored_in_a_mapping_before_a_rename 'contents-lost rename old' \
  put tmp fsync tmp map tmp store rename tmp old fsync .
wrong what_was_stored_in_a_mapping_after_a_rename 'write-lost mmap new' \
  put tmp fsync tmp map tmp rename tmp new fsync . say store
right a_mapping_of_a_file_that_is_written_with_O_SYNC map old append-sync old say
wrong a_mapping_that_outlives_its_process 'write-lost mmap old' map old daemon store
wrong a_mapping_that_a_child_has_told_of 'write-lost mmap old' map old store child say then msync
same a_file_that_was_given_for_output 'status 0' \
  "$(echo text >"$work/given" && cd "$work" && findings sh -c 'exec "$0" say >&3' "$work/steps" 3>>given)"

# What an fsync of a file saves, and an fdatasync does not: doc/audit.md.
wrong a_rename_and_an_fdatasync_of_the_file 'name-lost rename new' \
  put tmp fsync tmp rename tmp new fdatasync new
wrong a_rename_and_an_fsync_of_the_file 'posix-only rename new' \
  put tmp fsync tmp rename tmp new fsync new
wrong a_link_and_an_fdatasync_of_the_file 'name-lost link new' \
  put tmp fsync tmp link tmp new unlink tmp fdatasync new
wrong a_new_file_and_an_fdatasync 'posix-only openat new' put new fdatasync new
wrong a_directory_that_was_renamed_after_the_file_was_made \
  "$(printf 'name-lost rename e\nposix-only openat new')" mkdir d touch d/new rename d e fsync e/new

# Who is told, and when.
wrong told_before_it_is_flushed 'name-lost rename new' \
  put tmp fsync tmp rename tmp new say fsync .
right told_after_it_is_flushed put tmp fsync tmp rename tmp new fsync . say
wrong told_by_a_signal 'name-lost rename new' put tmp fsync tmp rename tmp new signal fsync .
right told_by_a_signal_after_it_is_flushed put tmp fsync tmp rename tmp new fsync . signal
right a_signal_to_its_own_parent_is_among_us child put tmp fsync tmp rename tmp new signal then fsync .
wrong told_by_a_message_queue 'name-lost rename new' put tmp fsync tmp rename tmp new queue fsync .
right whispering_tells_nobody put tmp fsync tmp rename tmp new whisper fsync .
right a_child_may_leave_it_to_its_parent child put tmp fsync tmp rename tmp new then fsync . say
wrong a_child_tells_what_its_parent_did 'name-lost rename new' \
  put tmp fsync tmp rename tmp new child say then fsync .
wrong by_a_thread 'name-lost rename new' thread put tmp fsync tmp rename tmp new then say
right flushed_by_a_thread put tmp fsync tmp rename tmp new thread fsync . then say

right a_thread_that_tells_after_the_flush_of_another put tmp fsync tmp thread rename tmp new fsync . then say
# While another thread is about to flush: that may be about something else.
maybe='thread rename old new then say fsync .'
same another_thread_may_mean_something_else 'status 2' "$(steps $maybe)"
cannot_tell() {
  (cd "$work/folder" && "$audit" "$work/steps" thread rename new old then signal fsync . 2>&1) |
    grep -q '^Cannot tell: .*another thread'
}
check which_is_said_by_the_report cannot_tell
mv "$work/folder/old" "$work/folder/new"
same and_shown_by_all 'name-lost rename old' "$(cd "$work/folder" && findings --all "$work/steps" thread rename new old then say fsync .)"
wrong a_thread_that_tells_of_its_own_change 'name-lost rename new' thread rename old new say fsync .
wrong a_thread_that_tells_of_what_it_has_written 'bytes-lost openat new' \
  touch new fsync . thread append new say then fsync new
wrong what_another_thread_tells_and_nobody_flushes 'write-lost write old' thread append old then say

wrong the_second_time_counts 'name-lost rename new' \
  put tmp fsync tmp rename tmp new fsync . say put tmp fsync tmp rename tmp new say
right a_name_that_was_given_anew put new fsync . put tmp fsync tmp rename tmp new fsync . say
right the_last_of_many_names_is_enough put tmp fsync tmp rename tmp new put tmp fsync tmp rename tmp new fsync . say

# Names that nobody misses.
right a_temporary_file_that_is_removed_again put tmp unlink tmp say
right a_lock touch some.lock touch lock.mdb say
right a_lock_by_its_directory mkdir locks fsync . touch locks/1 say
right a_cache_by_its_directory mkdir cache fsync . touch cache/1 say
right the_log_of_a_LevelDB touch CURRENT fsync . touch LOG touch LOG.old say
right the_index_of_a_log_of_SQLite touch db fsync . put db-shm say
wrong another_file_whose_name_ends_like_it 'name-lost openat db-shm' put db-shm say
right a_region_of_Berkeley_DB touch __db.001 say
wrong a_new_database_of_Berkeley_DB 'name-lost openat __db.table' touch __db.table say
wrong another_file_of_that_name 'name-lost openat LOG' touch LOG say
right a_name_that_was_only_on_the_way_to_another \
  put tmp fsync tmp fsync . link tmp new fsync . unlink tmp say
right a_temporary_name_that_was_replaced \
  put tmp rename tmp state put tmp rename tmp state unlink state say
wrong only_a_good_file_is_lost_when_it_is_replaced 'bytes-lost rename new' put new put tmp rename tmp new fsync .
wrong a_message_that_was_told_and_then_removed 'name-lost link new' \
  put tmp fsync tmp link tmp new unlink tmp say unlink new fsync .
mail='mkdir tmp mkdir new sync put tmp/x fsync tmp/x link tmp/x new/x'
right as_maildir_does $mail fsync new unlink tmp/x say
right as_maildir_does_where_a_flush_is_of_everything $mail syncfs new fsync new unlink tmp/x say
right a_temporary_file_that_a_sync_came_across put tmp fsync tmp sync unlink tmp say
wrong a_journal_that_was_made_to_last 'comes-back unlink journal' \
  put journal fsync journal fsync . unlink journal say
wrong a_journal_that_was_fsynced_after_its_directory 'comes-back unlink journal' \
  put journal fsync . fsync journal unlink journal say
right and_its_removal_flushed put journal fsync journal fsync . unlink journal fsync . say
full='mkdir d put d/x fsync d/x fsync d fsync .'
right what_was_removed_in_a_directory_that_is_gone $full unlink d/x rmdir d fsync . say
wrong what_was_removed_in_a_directory_that_comes_back 'comes-back rmdir d' \
  $full unlink d/x rmdir d say fsync .
wrong a_removal_that_was_told_before_that_of_the_directory 'comes-back unlink x' \
  $full unlink d/x say rmdir d fsync . say
right what_was_moved_out_of_a_directory_that_is_gone \
  $full mkdir e fsync . rename d/x e/x rmdir d fsync e fsync . say
wrong what_was_moved_out_of_a_directory_that_comes_back 'posix-only rename x' \
  $full mkdir e fsync . rename d/x e/x rmdir d fsync e say

# Where a path leads.
wrong from_the_working_directory 'name-lost openat new' \
  mkdir dir fsync . chdir dir touch new
right through_a_symbolic_link mkdir real symlink real dir fsync . \
  touch dir/new fsync real
if [ "$(id -u)" -eq 0 ]; then
  right below_a_root_of_its_own mkdir jail fsync . chroot jail touch /new fsync /
  right an_absolute_link_below_a_root_of_its_own mkdir jail mkdir jail/dir symlink /dir jail/link \
    fsync jail fsync . chroot jail mkdir link/new fsync dir
else
  skip below_a_root_of_its_own 'only root has one'
fi

# A directory whose changes are durable at once.
synchronous() {
  rm -rf "$work/folder"
  mkdir "$work/folder" && chattr +D "$work/folder" && cd "$work/folder" || return
  findings "$work/steps" put tmp fsync tmp rename tmp new symlink new other
}
if chattr +D "$work" 2>"$work/said"; then
  chattr -D "$work"
  same dirsync_is_enough 'status 0' "$(synchronous)"
else
  skip dirsync_is_enough "$(cat "$work/said")"
fi

finish
