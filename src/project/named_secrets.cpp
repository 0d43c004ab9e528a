#include "project/named_secrets.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::project {
namespace {

constexpr std::chrono::seconds command_limit{10};

/// The last word of the user's configuration; nothing when it has none.
std::optional<std::string> source_of(const Services& services, const std::string& name) {
  // In a folder, because a sealed repository (git/sealed_repository.hpp) knows no scopes.
  const ProcessResult result = services.git.run({"config", "--show-scope", "--includes", "-z", "--get-all",
                                                 fmt::format("changeling-secret.{}.from", name)},
                                                services.repository.common_directory());
  const auto fields = split(result.output, '\0');
  std::optional<std::string> source;
  for (std::size_t index = 0; index + 1 < fields.size(); index += 2) {
    if (fields[index] == "global" || fields[index] == "system") source = fields[index + 1];
  }
  return source;
}

std::string printed_by(const Services& services, const std::string& line) {
  Command command;
  command.arguments = {"/bin/sh", "-c", line};
  command.environment = with_withheld_tokens(services.environment);
  const ProcessResult result = services.processes.run(command, command_limit);
  if (result.timed_out) throw Error(ErrorKind::External, "its command did not end in ten seconds");
  if (!result.status.success())
    throw Error(ErrorKind::External, fmt::format("its command ended with {}", result.status.describe()));
  return result.output;
}

std::string content_of(const Services& services, std::string path) {
  if (path.starts_with("~/")) path = services.environment.get("HOME").value_or("") + path.substr(1);
  const auto content = read_file_if_exists(path);
  if (!content) throw Error(ErrorKind::NotFound, fmt::format("there is no file {}", path));
  return *content;
}

std::string value_from(const Services& services, const std::string& source) {
  const auto colon = source.find(':');
  const std::string kind = source.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : source.substr(colon + 1);
  std::string value;
  if (kind == "env") {
    value = services.environment.get(rest).value_or("");
    hide_variable(rest);
  } else if (kind == "file") {
    value = content_of(services, rest);
  } else if (kind == "command") {
    value = printed_by(services, rest);
  } else {
    throw Error(ErrorKind::Invalid, "its source is none of env:VARIABLE, file:PATH and command:COMMAND");
  }
  while (value.ends_with('\n') || value.ends_with('\r')) value.pop_back();
  if (value.empty()) throw Error(ErrorKind::NotFound, fmt::format("nothing came from its source ({})", kind));
  return value;
}

}  // namespace

NamedSecrets named_secrets(const Services& services, const std::vector<std::string>& names) {
  NamedSecrets secrets{services.environment, {}};
  for (const std::string& name : names) {
    hide_variable(name);
    try {
      if (const auto source = source_of(services, name))
        secrets.environment.set(name, value_from(services, *source));
    } catch (const Error& error) {
      secrets.environment.unset(name);
      secrets.problems.push_back(fmt::format("the secret {} is missing: {}", name, error.what()));
    }
  }
  return secrets;
}

void require_secrets(const NamedSecrets& secrets, const Definition& definition) {
  if (!secrets.problems.empty()) {
    throw Error(ErrorKind::Refused, secrets.problems.front(),
                "say where it comes from: git config --global changeling-secret.NAME.from command:…");
  }
  for (const std::string& name : definition.secrets) {
    if (secrets.environment.get(name)) continue;
    throw Error(ErrorKind::Refused, fmt::format("the secret {} is not set in the environment", name),
                fmt::format("export {0}, say where it comes from (git config --global "
                            "changeling-secret.{0}.from command:…), or take it out: git changeling update "
                            "{1} --secret ''",
                            name, definition.name));
  }
}

}  // namespace changeling::project
