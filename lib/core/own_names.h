/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Our own names in the archives.
 *
 * A program is linked with the archives' members as with its own objects, and
 * what is hidden in a shared library is not hidden there: a program with a
 * function called `wanted` would be called in our place, or could not be
 * linked.  tests/abi/archive.sh tells which name is missing here. */
#ifndef SYNCDIR_OWN_NAMES_H
#define SYNCDIR_OWN_NAMES_H

#define add_bytes syncdir__add_bytes
#define add_escaped syncdir__add_escaped
#define add_number syncdir__add_number
#define add_string syncdir__add_string
#define after_own_flush syncdir__after_own_flush
#define answer syncdir__answer
#define any_ext syncdir__any_ext
#define any_is_known syncdir__any_is_known
#define before_own_flush syncdir__before_own_flush
#define block_device_name syncdir__block_device_name
#define call_of syncdir__call_of
#define close_ahead syncdir__close_ahead
#define commits_in_order syncdir__commits_in_order
#define creation_flags_of_mode syncdir__creation_flags_of_mode
#define defer_flush syncdir__defer_flush
#define defer_go_on syncdir__defer_go_on
#define defer_pause syncdir__defer_pause
#define defer_start syncdir__defer_start
#define deferring syncdir__deferring
#define do_inward syncdir__do_inward
#define durable_directory syncdir__durable_directory
#define durable_file syncdir__durable_file
#define durable_fopen syncdir__durable_fopen
#define durable_found syncdir__durable_found
#define durable_name syncdir__durable_name
#define durable_or_close syncdir__durable_or_close
#define durable_removal syncdir__durable_removal
#define durable_rename syncdir__durable_rename
#define durable_stream syncdir__durable_stream
#define environment syncdir__environment
#define ext_has_journal syncdir__ext_has_journal
#define file_may_be_locked syncdir__file_may_be_locked
#define filesystem_by_journal syncdir__filesystem_by_journal
#define filesystem_by_type syncdir__filesystem_by_type
#define filesystem_of syncdir__filesystem_of
#define find_servers syncdir__find_servers
#define flush_below syncdir__flush_below
#define flush_by_syncfs syncdir__flush_by_syncfs
#define flush_by_syncfs_and_fsync syncdir__flush_by_syncfs_and_fsync
#define flush_directory syncdir__flush_directory
#define flush_directory_once syncdir__flush_directory_once
#define flush_everything syncdir__flush_everything
#define flush_inode syncdir__flush_inode
#define flush_named_file syncdir__flush_named_file
#define flush_next syncdir__flush_next
#define flush_unopened syncdir__flush_unopened
#define flushing syncdir__flushing
#define forget_opened syncdir__forget_opened
#define fuse_passes_fsync_on syncdir__fuse_passes_fsync_on
#define give_up syncdir__give_up
#define has_journal_thread syncdir__has_journal_thread
#define has_no_server syncdir__has_no_server
#define has_other_names syncdir__has_other_names
#define has_servers syncdir__has_servers
#define hold_begin syncdir__hold_begin
#define hold_end syncdir__hold_end
#define hold_flush syncdir__hold_flush
#define holding_threads syncdir__holding_threads
#define is_anonymous syncdir__is_anonymous
#define is_in_upper_alone syncdir__is_in_upper_alone
#define is_inside_its_mount syncdir__is_inside_its_mount
#define is_on_its_filesystem syncdir__is_on_its_filesystem
#define is_opened_ahead syncdir__is_opened_ahead
#define is_pending_descriptor syncdir__is_pending_descriptor
#define is_served syncdir__is_served
#define known_as_written syncdir__known_as_written
#define letters_of_mode syncdir__letters_of_mode
#define look_at_parent syncdir__look_at_parent
#define look_before_open syncdir__look_before_open
#define make_again syncdir__make_again
#define microseconds syncdir__microseconds
#define name_of_call syncdir__name_of_call
#define not_for_directories syncdir__not_for_directories
#define note_closed syncdir__note_closed
#define note_if_new syncdir__note_if_new
#define note_opened syncdir__note_opened
#define only_cannot_open syncdir__only_cannot_open
#define only_some syncdir__only_some
#define open_ahead syncdir__open_ahead
#define open_ancestor syncdir__open_ancestor
#define open_in_task syncdir__open_in_task
#define open_parent syncdir__open_parent
#define origin_of syncdir__origin_of
#define parent_of syncdir__parent_of
#define path_of_descriptor syncdir__path_of_descriptor
#define pending syncdir__pending
#define prefix_to syncdir__prefix_to
#define process_may_lock syncdir__process_may_lock
#define put_off syncdir__put_off
#define raw_fopen syncdir__raw_fopen
#define raw_mkdtemp syncdir__raw_mkdtemp
#define raw_mkostemps syncdir__raw_mkostemps
#define reasons_to_put_off syncdir__reasons_to_put_off
#define remember_written syncdir__remember_written
#define remembered_filesystem syncdir__remembered_filesystem
#define run_in_task syncdir__run_in_task
#define same_inode syncdir__same_inode
#define same_spelling syncdir__same_spelling
#define size_of_device syncdir__size_of_device
#define some_file_is_leased syncdir__some_file_is_leased
#define some_word syncdir__some_word
#define stat_parent syncdir__stat_parent
#define stays_away_from_servers syncdir__stays_away_from_servers
#define take_opened_ahead syncdir__take_opened_ahead
#define trace_flush syncdir__trace_flush
#define trace_to syncdir__trace_to
#define trace_with syncdir__trace_with
#define tracing syncdir__tracing
#define unknown_filesystem syncdir__unknown_filesystem
#define upper_of_overlay syncdir__upper_of_overlay
#define wanted syncdir__wanted
#define why_memory_is_seen syncdir__why_memory_is_seen
#define why_not_alone syncdir__why_not_alone
#define write_before_link syncdir__write_before_link
#define write_before_rename syncdir__write_before_rename
#define writing_bytes syncdir__writing_bytes

#endif
