#include <array>

#include "cli/command.hpp"
#include "cli/declarations.hpp"

namespace changeling::cli {

std::span<const GroupSpec> command_groups() {
  static constexpr auto groups = std::to_array<GroupSpec>({
      {"hook", "What git hooks call"},
      {"hooks", "Let git hooks start changelings"},
      {"review", "List, show, accept and reject pull requests"},
      {"role", "Say how workers handle tasks of a role"},
      {"runs", "Look at the history of runs"},
      {"schedule", "Let this machine start what is due"},
      {"task", "Add, claim, finish and look at the tasks of the work queue"},
      {"templates", "Look at what changelings can be made from"},
  });
  return groups;
}

std::span<const CommandSpec> commands() {
  static const auto table = std::to_array<CommandSpec>({
      add_command(),
      attach_command(),
      compact_command(),
      deploy_command(),
      disable_command(),
      dispatch_command(),
      dump_command(),
      edit_command(),
      enable_command(),
      events_command(),
      hook_run_command(),
      hooks_install_command(),
      hooks_status_command(),
      hooks_uninstall_command(),
      init_command(),
      lead_run_command(),
      list_command(),
      log_command(),
      logs_command(),
      plan_command(),
      prime_command(),
      redo_command(),
      remove_command(),
      report_command(),
      retry_command(),
      review_accept_command(),
      review_list_command(),
      review_reject_command(),
      review_show_command(),
      role_add_command(),
      role_list_command(),
      role_remove_command(),
      role_show_command(),
      run_command(),
      runs_list_command(),
      runs_show_command(),
      schedule_forget_command(),
      schedule_install_command(),
      schedule_status_command(),
      schedule_uninstall_command(),
      send_command(),
      show_command(),
      status_command(),
      stop_command(),
      sync_command(),
      task_add_command(),
      task_approve_command(),
      task_block_command(),
      task_claim_command(),
      task_complete_command(),
      task_done_command(),
      task_drop_command(),
      task_edit_command(),
      task_export_command(),
      task_import_command(),
      task_list_command(),
      task_move_command(),
      task_release_command(),
      task_remove_command(),
      task_renew_command(),
      task_show_command(),
      task_stale_command(),
      task_unblock_command(),
      templates_export_command(),
      templates_list_command(),
      templates_show_command(),
      tick_command(),
      trust_command(),
      undeploy_command(),
      undo_command(),
      untrust_command(),
      update_command(),
      work_command(),
      work_part_command(),
  });
  return table;
}

}  // namespace changeling::cli
