#include "store/record_merge.hpp"

#include <fmt/format.h>

#include <map>

#include "changeling/record_fields.hpp"
#include "changeling/toml_file.hpp"
#include "queue/merge.hpp"
#include "store/deployment_record.hpp"
#include "store/records.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

using Text = std::optional<std::string>;

/// A pull request only goes forward: what was merged stays merged.
int progress_of(const PullRequestRecord& pull) {
  return pull.state == PullRequestState::Merged ? 2 : pull.state == PullRequestState::Closed ? 1 : 0;
}

std::string merge_pulls(const std::string& ours, const std::string& published, std::string_view path) {
  const std::int64_t number = pull_request_number_of(path).value_or(0);
  const PullRequestRecord mine = parse_pull_request(ours, number, path);
  const PullRequestRecord theirs = parse_pull_request(published, number, path);
  if (progress_of(mine) != progress_of(theirs))
    return progress_of(mine) > progress_of(theirs) ? ours : published;
  return mine.updated_at > theirs.updated_at ? ours : published;
}

/// A finished run stays finished; a lease that passed on since wins over the record of its former holder.
std::string merge_runs(const std::string& ours, const std::string& published, std::string_view path) {
  const std::string id = run_id_of(path).value_or("");
  const RunRecord mine = parse_run(ours, id, path);
  const RunRecord theirs = parse_run(published, id, path);
  const bool mine_finished = mine.status == RunStatus::Finished;
  const bool theirs_finished = theirs.status == RunStatus::Finished;
  if (mine_finished != theirs_finished) return mine_finished ? ours : published;
  return mine.lease.token > theirs.lease.token ? ours : published;
}

/// What was deployed last is what runs there now.
std::string merge_deployments(const std::string& ours, const std::string& published, std::string_view path) {
  const DeploymentRecord mine = deployment_from_json(parse_json(ours, path), path);
  const DeploymentRecord theirs = deployment_from_json(parse_json(published, path), path);
  return mine.deployed_at > theirs.deployed_at ? ours : published;
}

std::string merge_task_records(const RecordVersions& versions, std::string_view path) {
  const std::string id = task_id_of(path).value_or("");
  std::optional<queue::Task> base;
  if (versions.base) base = parse_task(*versions.base, id, path);
  return task_text(queue::merge_tasks(base, parse_task(*versions.ours, id, path),
                                      parse_task(*versions.published, id, path)));
}

/// Key by key, where a key that both changed is the published one's: definitions carry no time of writing.
template <typename Value>
std::map<std::string, Value> merge_keys(const std::map<std::string, Value>& base,
                                        const std::map<std::string, Value>& ours,
                                        const std::map<std::string, Value>& published) {
  const auto value_in = [](const std::map<std::string, Value>& from, const std::string& key) {
    const auto found = from.find(key);
    return found == from.end() ? std::optional<Value>() : std::optional<Value>(found->second);
  };
  std::map<std::string, Value> merged = published;
  std::map<std::string, Value> candidates = ours;
  candidates.insert(base.begin(), base.end());
  for (const auto& [key, unused] : candidates) {
    const auto known = value_in(base, key);
    const auto mine = value_in(ours, key);
    if (mine == known || value_in(published, key) != known) continue;
    if (mine) {
      merged[key] = *mine;
    } else {
      merged.erase(key);
    }
  }
  return merged;
}

std::string merge_definitions(const RecordVersions& versions, std::string_view path) {
  const auto layer = [&](const Text& text) {
    return text ? parse_definition(*text, std::string(path), "state") : Layer{};
  };
  Layer merged = layer(versions.published);
  merged.values = merge_keys(layer(versions.base).values, layer(versions.ours).values, merged.values);
  return write_definition(merged);
}

std::string merge_roles(const RecordVersions& versions, std::string_view path) {
  const auto role = [&](const Text& text) {
    return text ? parse_role(*text, std::string(path), "role") : RoleDefinition{};
  };
  const RoleDefinition base = role(versions.base);
  const RoleDefinition ours = role(versions.ours);
  RoleDefinition merged = role(versions.published);
  // The agent and its command line are one choice.
  if (merged.agent == base.agent && merged.command == base.command) {
    merged.agent = ours.agent;
    merged.command = ours.command;
  }
  for (const auto& field : role_fields()) {
    const bool is_of_the_choice = field.key == "agent" || field.key == "run";
    if (!is_of_the_choice && field.read(merged) == field.read(base)) field.apply(field.read(ours), merged);
  }
  return write_role(merged);
}

std::string merge_fields(std::string_view path, const RecordVersions& versions) {
  if (path.starts_with("items/")) return merge_task_records(versions, path);
  if (path.starts_with("runs/")) return merge_runs(*versions.ours, *versions.published, path);
  if (path.starts_with("pulls/")) return merge_pulls(*versions.ours, *versions.published, path);
  if (path.starts_with("deployments/")) return merge_deployments(*versions.ours, *versions.published, path);
  if (path.starts_with("changelings/")) return merge_definitions(versions, path);
  if (path.starts_with("roles/")) return merge_roles(versions, path);
  return *versions.published;
}

bool is_readable(std::string_view path, const std::string& text) {
  try {
    if (trim(text).empty()) return false;
    merge_fields(path, {std::nullopt, text, text});
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

MergedRecord merge_record(std::string_view path, const RecordVersions& versions) {
  const auto& [base, ours, published] = versions;
  if (ours == published || published == base) return {ours, ""};
  if (ours == base) return {published, ""};
  if (!ours || !published) return {ours ? ours : published, ""};
  const bool ours_readable = is_readable(path, *ours);
  if (!ours_readable || !is_readable(path, *published)) {
    const bool take_ours = ours_readable;
    return {take_ours ? ours : published, fmt::format("{}: the {} record cannot be read and was left out",
                                                      path, take_ours ? "published" : "local")};
  }
  const bool base_readable = base && is_readable(path, *base);
  return {merge_fields(path, {base_readable ? base : std::nullopt, ours, published}), ""};
}

}  // namespace changeling::store
