#include "cli/request_number.hpp"

#include <fmt/format.h>

#include "forge/pull_request_number.hpp"
#include "project/open_requests.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr const char* help_on_number = "Number of the pull request (default: the only open one)";

std::string no_number(const std::string& word) {
  return fmt::format("'{}' is no number of a pull request; it is written 1, #1 or local:1", shortened(word));
}

/// "#1" and "local:1", as they are shown, become "1".
std::string plain_number(std::string& word) {
  const auto number = forge::parse_pull_request_number(word);
  if (!number) return no_number(word);
  word = std::to_string(*number);
  return "";
}

}  // namespace

void RequestNumber::declare(Syntax& syntax) {
  syntax.written_number("number", given, help_on_number, plain_number).value_name("NUMBER");
}

std::int64_t RequestNumber::of(Context& context) const {
  context.require_state();
  return given > 0 ? given : project::only_open_request(context);
}

void RequestAndWord::declare(Syntax& syntax, const std::string& name, const std::string& value_name,
                             const std::string& help) {
  syntax.value("number", first, help_on_number).value_name("NUMBER");
  syntax.value(name, second, help).value_name(value_name);
}

std::int64_t RequestAndWord::number(Context& context) const {
  context.require_state();
  if (second.empty()) return project::only_open_request(context);
  const auto number = forge::parse_pull_request_number(first);
  if (!number) throw Error(ErrorKind::Usage, no_number(first));
  return *number;
}

const std::string& RequestAndWord::word(const std::string& question) const {
  if (!second.empty()) return second;
  if (first.empty() || forge::parse_pull_request_number(first)) throw Error(ErrorKind::Usage, question);
  return first;
}

}  // namespace changeling::cli
