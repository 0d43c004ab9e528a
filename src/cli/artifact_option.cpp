#include "cli/artifact_option.hpp"

#include <fmt/format.h>

#include "forge/pull_request_number.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr const char* example =
    "for example file:report.md=Findings, pr:12 or link:https://example.com/build";

/// Where the path ends and where the description begins.
std::pair<std::size_t, std::size_t> separation(std::string_view rest) {
  constexpr std::string_view spaced = " = ";
  if (const auto at = rest.find(spaced); at != std::string_view::npos) return {at, at + spaced.size()};
  const auto at = rest.find('=');
  const bool in_query = rest.find("://") != std::string_view::npos && rest.find('?') < at;
  if (at == std::string_view::npos || in_query) return {rest.size(), rest.size()};
  return {at, at + 1};
}

}  // namespace

queue::Artifact parse_artifact_option(std::string_view word) {
  const auto colon = word.find(':');
  if (colon == std::string_view::npos) {
    throw Error(ErrorKind::Usage, fmt::format("--artifact: '{}' has no kind", word), example);
  }
  queue::Artifact artifact;
  try {
    artifact.kind = queue::parse_artifact_kind(word.substr(0, colon));
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, fmt::format("--artifact: {}", error.what()), error.hint());
  }
  const std::string_view rest = word.substr(colon + 1);
  const auto [end, begin] = separation(rest);
  artifact.path = valid_utf8(trim(rest.substr(0, end)));
  artifact.description = valid_utf8(trim(rest.substr(begin)));
  if (artifact.kind == queue::Artifact::Kind::PullRequest) {
    if (const auto number = forge::parse_pull_request_number(artifact.path))
      artifact.path = std::to_string(*number);
  }
  if (artifact.path.empty()) {
    throw Error(ErrorKind::Usage, fmt::format("--artifact: '{}' has no path", word), example);
  }
  return artifact;
}

}  // namespace changeling::cli
