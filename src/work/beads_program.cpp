#include "work/beads_program.hpp"

#include <fmt/format.h>

#include "git/program.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::work {
namespace {

constexpr std::size_t shown_length = 300;
constexpr std::string_view install_hint =
    "beads 1.0 or newer is needed: https://github.com/steveyegge/beads (npm install -g @beads/bd)";

Json unwrapped(Json answer) {
  if (answer.is_object() && answer.contains("schema_version") && answer.contains("data")) {
    return std::move(answer["data"]);
  }
  return answer;
}

/// What bd says, in one line: the `error` of its JSON where it wrote that.
std::string said(const ProcessResult& result) {
  for (const std::string* text : {&result.error, &result.output}) {
    const Json object = unwrapped(Json::parse(*text, nullptr, /*allow_exceptions=*/false));
    if (!object.is_object()) continue;
    const auto error = object.find("error");
    if (error != object.end() && error->is_string()) return without_controls(error->get<std::string>());
  }
  const std::string_view words = trim(result.error).empty() ? trim(result.output) : trim(result.error);
  return without_controls(valid_utf8(last_part(words, shown_length)));
}

bool contains(std::string_view text, std::initializer_list<std::string_view> words) {
  const std::string lower = to_lower(text);
  for (const std::string_view word : words) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

/// The wrapper that npm installs, and a bd without a database, fail in ways that asking again cannot mend.
void explain_lasting_failure(const std::string& message) {
  if (contains(message, {"bd binary not found", "binary not found", "failed to download the binary"})) {
    throw Error(ErrorKind::NotFound, "bd is only the wrapper of npm: the program itself was not downloaded",
                "install it anew with CI unset: env -u CI npm install -g --force @beads/bd");
  }
  if (contains(message, {"no beads database", "not initialized", "no .beads", "no database found"})) {
    throw Error(ErrorKind::NotFound, fmt::format("beads has no database here: {}", message),
                "make one with: bd init (or set BEADS_DIR to where it is)");
  }
}

/// Nothing for text that is no version.
std::optional<int> major_version(std::string_view text) {
  int major = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    major = major * 10 + (text[digits] - '0');
  }
  if (digits == 0 || digits >= text.size() || text[digits] != '.') return std::nullopt;
  return major;
}

}  // namespace

BeadsProgram::BeadsProgram(ProcessRunner& processes, BeadsPlace place)
    : processes_(processes), place_(std::move(place)) {
  place_.environment = git::without_repository_variables(place_.environment);
}

ProcessResult BeadsProgram::start(std::vector<std::string> arguments) {
  Command command;
  command.arguments = {"bd"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.working_directory = place_.directory;
  command.environment = place_.environment;
  try {
    return processes_.run(command, place_.time_limit);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
    throw Error(ErrorKind::NotFound, "beads is not installed: there is no program bd",
                std::string(install_hint));
  }
}

void BeadsProgram::check_version() {
  const ProcessResult result = start({"version", "--json"});
  const std::string message = said(result);
  explain_lasting_failure(message);
  const Json answer = unwrapped(Json::parse(result.output, nullptr, /*allow_exceptions=*/false));
  std::string version;
  if (answer.is_object()) {
    if (const auto found = answer.find("version"); found != answer.end() && found->is_string()) {
      version = found->get<std::string>();
    }
  }
  const auto major = major_version(version);
  if (!result.status.success() || !major) {
    throw Error(ErrorKind::External, fmt::format("bd does not tell its version: {}", message),
                std::string(install_hint));
  }
  if (*major < 1) {
    throw Error(ErrorKind::External, fmt::format("beads {} is too old", without_controls(version)),
                std::string(install_hint));
  }
}

BeadsProgram::Answer BeadsProgram::call(std::vector<std::string> arguments, const std::string& actor) {
  const std::string name = arguments.front();
  arguments.insert(arguments.end(), {"--json", "--actor", actor});
  const ProcessResult result = start(std::move(arguments));
  if (result.timed_out) {
    return Failure{fmt::format("bd {} did not end within {}", name, format_duration(place_.time_limit))};
  }
  if (!result.status.success()) {
    const std::string message = said(result);
    explain_lasting_failure(message);
    return Failure{fmt::format("bd {} ended with {}: {}", name, result.status.describe(), message)};
  }
  Json answer = unwrapped(Json::parse(result.output, nullptr, /*allow_exceptions=*/false));
  // Some versions say no in words only and end with 0.
  if (answer.is_discarded()) return Failure{fmt::format("bd {}: {}", name, said(result))};
  return answer;
}

}  // namespace changeling::work
