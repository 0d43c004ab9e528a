#pragma once

#include "cli/command.hpp"

// One function per command, each defined in the file that is named after it.
namespace changeling::cli {

CommandSpec add_command();
CommandSpec disable_command();
CommandSpec dump_command();
CommandSpec edit_command();
CommandSpec enable_command();
CommandSpec init_command();
CommandSpec list_command();
CommandSpec logs_command();
CommandSpec remove_command();
CommandSpec report_command();
CommandSpec retry_command();
CommandSpec review_accept_command();
CommandSpec review_list_command();
CommandSpec review_reject_command();
CommandSpec review_show_command();
CommandSpec run_command();
CommandSpec runs_list_command();
CommandSpec runs_show_command();
CommandSpec show_command();
CommandSpec status_command();
CommandSpec stop_command();
CommandSpec templates_export_command();
CommandSpec templates_list_command();
CommandSpec templates_show_command();
CommandSpec update_command();

}  // namespace changeling::cli
