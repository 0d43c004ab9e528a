#include "cli/refused_in_runs.hpp"

#include <algorithm>
#include <array>

namespace changeling::cli {
namespace {

constexpr auto refused = std::to_array<std::string_view>({
    "add",
    "agent add",
    "agent remove",
    "answer",
    "chat",
    "compact",
    "config set",
    "config unset",
    "credential check",
    "credential remove",
    "credential set",
    "deploy",
    "disable",
    "edit",
    "enable",
    "hooks install",
    "hooks uninstall",
    "notify test",
    "publish",
    "redo",
    "remove",
    "review accept",
    "review checkout",
    "review comment",
    "review reject",
    "review request-changes",
    "review resolve",
    "role add",
    "role remove",
    "schedule forget",
    "schedule install",
    "schedule uninstall",
    "serve",
    "skill add",
    "skill remove",
    "task approve",
    "trust",
    "undeploy",
    "undo",
    "untrust",
    "update",
    "webhook add",
    "webhook remove",
    "webhook replay",
    "webhook secret",
});

}  // namespace

bool is_refused_in_runs(std::string_view path) {
  return std::binary_search(refused.begin(), refused.end(), path);
}

std::span<const std::string_view> commands_refused_in_runs() {
  return refused;
}

}  // namespace changeling::cli
