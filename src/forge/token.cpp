#include "forge/token.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "git/program.hpp"
#include "http/loopback.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

constexpr std::chrono::seconds program_limit{10};

/// Printable ASCII without spaces: anything else would break, or break out of, the Authorization header.
bool can_be_token(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char letter) { return letter > ' ' && letter < 0x7f; });
}

/// Whether the runner that this process works in has its tokens from there.
bool is_server_of_runner(std::string_view host, const Environment& environment) {
  const std::string server = to_lower(environment.get("GITHUB_SERVER_URL").value_or(""));
  return server == fmt::format("https://{}", host);
}

/// The variables whose token belongs to `host`, as gh has it (gh help environment): those for GitHub itself
/// never go to anybody's own server, except one on this machine.
std::vector<std::string> variables_for(std::string_view host, const Environment& environment) {
  const bool is_github = host == "github.com" || host.ends_with(".ghe.com");
  if (is_github || http::is_loopback(host)) return {"GITHUB_TOKEN", "GH_TOKEN"};
  std::vector<std::string> names{"GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"};
  if (is_server_of_runner(host, environment)) names.insert(names.begin(), {"GITHUB_TOKEN", "GH_TOKEN"});
  return names;
}

std::optional<Token> from_variable(const std::string& name, const Environment& environment) {
  const auto value = environment.get(name);
  if (!value || trim(*value).empty()) return std::nullopt;
  const std::string token(trim(*value));
  if (!can_be_token(token)) {
    throw Error(ErrorKind::Invalid, fmt::format("{} holds characters that no token has", name),
                fmt::format("set it anew, or remove it: unset {}", name));
  }
  return Token{token, name};
}

/// What a program printed, or nothing when it is missing, failed or took too long.
std::optional<std::string> output_of(const Command& command, ProcessRunner& runner) {
  try {
    const ProcessResult result = runner.run(command, program_limit);
    if (result.timed_out || !result.status.success()) return std::nullopt;
    return result.output;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::NotFound) return std::nullopt;
    throw;
  }
}

std::optional<Token> from_gh(const TokenQuery& query, const Environment& environment, ProcessRunner& runner,
                             const std::filesystem::path& directory) {
  Command command;
  command.arguments = {"gh", "auth", "token", "--hostname", query.host};
  command.working_directory = directory;
  command.environment = environment;
  command.environment->set("GH_PROMPT_DISABLED", "1");
  const auto output = output_of(command, runner);
  if (!output || !can_be_token(trim(*output))) return std::nullopt;
  return Token{std::string(trim(*output)), "gh auth token"};
}

/// See gitcredentials(7) for the exchange. An empty GIT_ASKPASS keeps git from starting a password dialog.
std::optional<Token> from_git(const TokenQuery& query, const Environment& environment, ProcessRunner& runner,
                              const std::filesystem::path& directory) {
  Command command;
  command.arguments = {"git", "credential", "fill"};
  command.working_directory = directory;
  command.environment = git::without_repository_variables(environment);
  command.environment->set("GIT_TERMINAL_PROMPT", "0");
  command.environment->set("GIT_ASKPASS", "");
  command.environment->set("GCM_INTERACTIVE", "never");
  command.standard_input =
      fmt::format("protocol=https\nhost={}\npath={}\n\n", query.host, query.repository_path);
  const auto output = output_of(command, runner);
  if (!output) return std::nullopt;
  constexpr std::string_view key = "password=";
  for (const std::string& line : split_lines(*output)) {
    if (line.starts_with(key) && can_be_token(line.substr(key.size()))) {
      return Token{line.substr(key.size()), "git credential"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Token> find_token(const TokenQuery& query, const Environment& environment,
                                ProcessRunner& runner, const std::filesystem::path& directory) {
  for (const std::string& name : variables_for(query.host, environment)) {
    if (auto token = from_variable(name, environment)) return token;
  }
  if (auto token = from_gh(query, environment, runner, directory)) return token;
  return from_git(query, environment, runner, directory);
}

}  // namespace changeling::forge
