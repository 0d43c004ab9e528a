#include "run/kept_heads.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "git/fetch_refspecs.hpp"
#include "run/base.hpp"
#include "store/records.hpp"
#include "support/error.hpp"

namespace changeling::run {
namespace {

constexpr std::string_view folder = "refs/changelings/kept/";
constexpr std::string_view ending = "/branch";

bool is_needless(const project::Services& services, const std::string& run_id, const git::ObjectId& head) {
  const store::Snapshot snapshot = services.store.snapshot();
  const auto run = store::read_run(snapshot, run_id);
  if (!run || !run->pull_request) return false;
  const auto pull = store::read_pull_request(snapshot, run->pull_request->number);
  if (!pull) return false;
  if (pull->state == store::PullRequestState::Closed) return true;
  return pull->state == store::PullRequestState::Merged && is_published(services, head);
}

}  // namespace

std::string kept_head_reference(const std::string& run_id) {
  return fmt::format("{}{}{}", folder, run_id, ending);
}

void keep_head(const project::Services& services, const std::string& run_id, const std::string& branch,
               const git::ObjectId& head) {
  if (!git::remote_that_overwrites(services.repository, "refs/heads/" + branch)) return;
  const std::string reference = kept_head_reference(run_id);
  const auto before = services.repository.resolve(reference);
  if (before != head)
    services.repository.compare_and_swap(reference, before, head, "changeling: keep the agent's work");
}

void drop_kept_head(const project::Services& services, const std::string& run_id) {
  const std::string reference = kept_head_reference(run_id);
  if (const auto head = services.repository.resolve(reference))
    services.repository.remove_reference(reference, *head);
}

bool keeps_heads(const git::Repository& repository) {
  const auto references = repository.references(std::string(folder));
  return std::any_of(references.begin(), references.end(),
                     [](const std::string& reference) { return reference.ends_with(ending); });
}

void drop_needless_heads(const project::Services& services) {
  for (const std::string& reference : services.repository.references(std::string(folder))) {
    if (!reference.ends_with(ending)) continue;
    const std::string run_id =
        reference.substr(folder.size(), reference.size() - folder.size() - ending.size());
    const auto head = services.repository.resolve(reference);
    try {
      if (head && is_needless(services, run_id, *head)) drop_kept_head(services, run_id);
    } catch (const Error& error) {
      // A record that cannot be read: its work is better kept.
      if (error.kind() == ErrorKind::Interrupted) throw;
    }
  }
}

}  // namespace changeling::run
