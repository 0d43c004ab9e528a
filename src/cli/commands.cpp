#include <array>

#include "cli/command.hpp"
#include "cli/declarations.hpp"

namespace changeling::cli {

std::span<const GroupSpec> command_groups() {
  static constexpr auto groups = std::to_array<GroupSpec>({
      {"review", "List, show, accept and reject pull requests"},
      {"runs", "Look at the history of runs"},
      {"templates", "Look at what changelings can be made from"},
  });
  return groups;
}

std::span<const CommandSpec> commands() {
  static const auto table = std::to_array<CommandSpec>({
      add_command(),
      disable_command(),
      dump_command(),
      edit_command(),
      enable_command(),
      init_command(),
      list_command(),
      logs_command(),
      remove_command(),
      report_command(),
      retry_command(),
      review_accept_command(),
      review_list_command(),
      review_reject_command(),
      review_show_command(),
      run_command(),
      runs_list_command(),
      runs_show_command(),
      show_command(),
      status_command(),
      stop_command(),
      templates_export_command(),
      templates_list_command(),
      templates_show_command(),
      update_command(),
  });
  return table;
}

}  // namespace changeling::cli
