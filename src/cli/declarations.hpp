#pragma once

#include "cli/command.hpp"

// One function per command, each defined in the file that is named after it.
namespace changeling::cli {

CommandSpec add_command();
CommandSpec attach_command();
CommandSpec compact_command();
CommandSpec deploy_command();
CommandSpec disable_command();
CommandSpec dispatch_command();
CommandSpec dump_command();
CommandSpec edit_command();
CommandSpec enable_command();
CommandSpec events_command();
CommandSpec hook_run_command();
CommandSpec hooks_install_command();
CommandSpec hooks_status_command();
CommandSpec hooks_uninstall_command();
CommandSpec init_command();
CommandSpec list_command();
CommandSpec log_command();
CommandSpec logs_command();
CommandSpec plan_command();
CommandSpec prime_command();
CommandSpec remove_command();
CommandSpec report_command();
CommandSpec retry_command();
CommandSpec review_accept_command();
CommandSpec review_list_command();
CommandSpec review_reject_command();
CommandSpec review_show_command();
CommandSpec role_add_command();
CommandSpec role_list_command();
CommandSpec role_remove_command();
CommandSpec role_show_command();
CommandSpec run_command();
CommandSpec runs_list_command();
CommandSpec runs_show_command();
CommandSpec schedule_forget_command();
CommandSpec schedule_install_command();
CommandSpec schedule_status_command();
CommandSpec schedule_uninstall_command();
CommandSpec send_command();
CommandSpec show_command();
CommandSpec status_command();
CommandSpec stop_command();
CommandSpec sync_command();
CommandSpec task_add_command();
CommandSpec task_approve_command();
CommandSpec task_block_command();
CommandSpec task_claim_command();
CommandSpec task_complete_command();
CommandSpec task_edit_command();
CommandSpec task_export_command();
CommandSpec task_import_command();
CommandSpec task_list_command();
CommandSpec task_move_command();
CommandSpec task_release_command();
CommandSpec task_remove_command();
CommandSpec task_renew_command();
CommandSpec task_show_command();
CommandSpec task_stale_command();
CommandSpec task_unblock_command();
CommandSpec templates_export_command();
CommandSpec templates_list_command();
CommandSpec templates_show_command();
CommandSpec tick_command();
CommandSpec trust_command();
CommandSpec undeploy_command();
CommandSpec undo_command();
CommandSpec untrust_command();
CommandSpec update_command();
CommandSpec work_command();

}  // namespace changeling::cli
