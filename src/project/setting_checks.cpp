#include "project/setting_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "changeling/branch_prefix.hpp"
#include "notify/message_formats.hpp"
#include "notify/server_address.hpp"
#include "project/event_notification.hpp"
#include "support/clock.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

using git::Repository;

[[noreturn]] void refuse(const std::string& problem, const std::string& hint = "") {
  throw Error(ErrorKind::Invalid, problem, hint);
}

bool is_valid_name(const std::string& reference) {
  const auto parts = split(reference, '/');
  return std::all_of(parts.begin(), parts.end(),
                     [](const std::string& part) { return git::is_valid_reference_component(part); });
}

}  // namespace

void any_text(const Repository&, const std::string&) {}

bool parsed_switch(const std::string& value) {
  const std::string word = to_lower(value);
  for (const std::string_view yes : {"true", "yes", "on", "1"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"false", "no", "off", "0", ""}) {
    if (word == no) return false;
  }
  refuse(fmt::format("'{}' is not true or false", shortened(value)));
}

void is_sandbox_word(const Repository&, const std::string& value) {
  if (value != "auto" && value != "off" && value != "required")
    refuse(fmt::format("'{}' is not auto, off or required", shortened(value)));
}

void is_switch(const Repository&, const std::string& value) {
  parsed_switch(value);
}

std::int64_t parsed_count(const std::string& value) {
  std::int64_t count = 0;
  const char* const end = value.data() + value.size();
  const auto [stopped, problem] = std::from_chars(value.data(), end, count);
  if (problem != std::errc() || stopped != end)
    refuse(fmt::format("'{}' is not a whole number", shortened(value)), "0 switches the limit off");
  if (count < 0) refuse(fmt::format("{} is negative", count), "0 switches the limit off");
  return count;
}

void is_count(const Repository&, const std::string& value) {
  parsed_count(value);
}

void is_duration(const Repository&, const std::string& value) {
  parse_duration(value);
}

void is_lease(const Repository&, const std::string& value) {
  if (parse_duration(value) < std::chrono::seconds(1))
    refuse(fmt::format("'{}' is shorter than a second", value), "for example 30m");
}

double parsed_money(const std::string& value) {
  constexpr double most = 1e9;
  double amount = 0;
  const char* const end = value.data() + value.size();
  const auto [stopped, problem] = std::from_chars(value.data(), end, amount);
  if (problem != std::errc() || stopped != end || !std::isfinite(amount) || amount < 0 || amount > most)
    refuse(fmt::format("'{}' is no amount of US dollars", shortened(value)), "for example 10.00");
  return amount;
}

void is_money(const Repository&, const std::string& value) {
  parsed_money(value);
}

/// Set to nothing, `changeling.remote` means that this clone shares with nobody.
void is_remote(const Repository& repository, const std::string& value) {
  const auto names = repository.remotes();
  if (value.empty() || std::find(names.begin(), names.end(), value) != names.end()) return;
  refuse(fmt::format("there is no remote '{}'{}", shortened(value),
                     names.empty() ? "" : ", there is " + join(names, ", ")),
         "see: git remote -v");
}

void is_reference(const Repository&, const std::string& value) {
  if (!value.starts_with("refs/") || !is_valid_name(value))
    refuse(fmt::format("'{}' is no full name of a reference", shortened(value)),
           "for example refs/changelings/state");
}

void is_branch(const Repository&, const std::string& value) {
  if (!value.empty() && !is_valid_name(value))
    refuse(fmt::format("'{}' is no name of a branch", shortened(value)));
}

void is_branch_prefix(const Repository&, const std::string& value) {
  BranchPrefix{value};
}

void is_unpushed_policy(const Repository&, const std::string& value) {
  if (value != "hold" && value != "allow" && value != "ignore")
    refuse(fmt::format("'{}' is not known", shortened(value)), "allowed are hold, allow and ignore");
}

void is_forge(const Repository&, const std::string& value) {
  if (!value.empty() && value != "local" && value != "github")
    refuse(fmt::format("'{}' is not known", shortened(value)), "allowed are local and github");
}

void is_host(const Repository&, const std::string& value) {
  const bool has_other = value.find_first_of("/:@ \t") != std::string::npos;
  if (value.empty() || has_other)
    refuse(fmt::format("'{}' is no name of a host", shortened(value)), "for example changeling.example.org");
}

void is_proxy(const Repository&, const std::string& value) {
  const bool is_address = value.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos;
  if (value != "unix" && (value.empty() || !is_address))
    refuse(fmt::format("'{}' is neither an address nor unix", shortened(value)), "for example 127.0.0.1");
}

void is_role_label(const Repository&, const std::string& value) {
  if (value.find("{role}") == std::string::npos)
    refuse(fmt::format("'{}' has no {{role}}", shortened(value)), "for example role-{role}");
}

void is_mail_address(const Repository&, const std::string& value) {
  if (!notify::is_mail_address(value))
    refuse(fmt::format("'{}' is no address of mail", shortened(value)), "for example me@example.org");
}

void is_mail_server(const Repository&, const std::string& value) {
  notify::parse_server_address(value, "smtp, smtps");
}

void is_posting_address(const Repository&, const std::string& value) {
  const notify::ServerAddress address = notify::parse_server_address(value, "http, https");
  if (address.scheme == "http" && !notify::is_on_this_machine(address))
    refuse(fmt::format("{} is asked without TLS, and everybody on the way could read what is told",
                       address.host),
           "begin the address with https://");
}

void is_page_address(const Repository&, const std::string& value) {
  notify::parse_server_address(value, "http, https");
}

void is_notified_word(const Repository&, const std::string& value) {
  check_notified_word(value);
}

}  // namespace changeling::project
