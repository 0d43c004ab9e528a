#include "work/source_task.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::work {
namespace {

constexpr std::size_t longest_id = 64;

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

}  // namespace

std::vector<std::string> wanted_labels(const queue::ClaimFilter& filter, const std::string& role_label) {
  std::vector<std::string> labels;
  if (!filter.role.empty()) labels.push_back(expand_placeholders(role_label, {{"role", filter.role}}));
  labels.insert(labels.end(), filter.labels.begin(), filter.labels.end());
  return labels;
}

std::string local_id(std::string_view source, std::string_view foreign_id) {
  if (!std::all_of(foreign_id.begin(), foreign_id.end(), is_digit) && queue::is_task_id(foreign_id)) {
    return std::string(foreign_id);
  }
  std::string id = fmt::format("{}-{}", source, to_lower(foreign_id)).substr(0, longest_id);
  std::replace_if(
      id.begin(), id.end(), [](char letter) { return !is_digit(letter) && (letter < 'a' || letter > 'z'); },
      '-');
  while (id.ends_with('-')) id.pop_back();
  return id;
}

bool excepted(const queue::ClaimFilter& filter, const std::string& id) {
  return std::find(filter.except.begin(), filter.except.end(), id) != filter.except.end();
}

std::string foreign_id(const SourcedClaim& claim, std::string_view source) {
  const std::string start = fmt::format("{}:", source);
  if (!claim.task.source.starts_with(start)) {
    throw Error(ErrorKind::Internal, fmt::format("the task {} does not come from {}", claim.task.id, source));
  }
  return claim.task.source.substr(start.size());
}

std::vector<std::string> shown_results(const TaskResult& result) {
  std::vector<std::string> shown;
  for (const queue::Artifact& artifact : result.artifacts) {
    const bool is_number =
        !artifact.path.empty() && std::all_of(artifact.path.begin(), artifact.path.end(), is_digit);
    if (artifact.kind == queue::Artifact::Kind::PullRequest) {
      shown.push_back(is_number ? fmt::format("#{}", artifact.path) : artifact.path);
    } else if (artifact.kind == queue::Artifact::Kind::Link) {
      shown.push_back(artifact.path);
    }
  }
  return shown;
}

bool counts_as_failure(const TaskResult& result) {
  return !result.undelivered && result.outcome != "released";
}

}  // namespace changeling::work
