#include "run/standing_requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "forge/merged_by_hand.hpp"
#include "run/branch_remote.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr auto ask_limit = std::chrono::minutes(1);

void say(const Observer& observer, const std::string& sentence) {
  if (observer.on_message) observer.on_message(sentence);
}

void fetch_bases(const project::Services& services, const std::vector<forge::PullRequest>& open) {
  std::set<std::string> refspecs;
  for (const forge::PullRequest& pull : open)
    refspecs.insert(fmt::format("+refs/heads/{0}:refs/remotes/{1}/{0}", pull.base, services.remote));
  // A failure is said when the run fetches its own base.
  for (const std::string& refspec : refspecs) services.git.fetch(services.remote, {refspec}, ask_limit);
}

/// The branches among those of the requests that are where we push them; nothing when that cannot be asked.
std::optional<std::set<std::string>> branches_on_remote(const project::Services& services,
                                                        const std::vector<forge::PullRequest>& open) {
  std::vector<std::string> arguments{"ls-remote", "--heads", branch_remote(services)};
  for (const forge::PullRequest& pull : open) arguments.push_back("refs/heads/" + pull.branch);
  const ProcessResult answer = services.git.run(arguments, {}, ask_limit);
  if (!answer.status.success()) return std::nullopt;
  std::set<std::string> branches;
  for (const std::string& line : split_lines(answer.output)) {
    const auto name = line.find("\trefs/heads/");
    if (name != std::string::npos)
      branches.insert(line.substr(name + std::string_view("\trefs/heads/").size()));
  }
  return branches;
}

class Requests {
 public:
  Requests(const project::Services& services, const Observer& observer,
           std::optional<std::set<std::string>> on_remote)
      : services_(services), observer_(observer), on_remote_(std::move(on_remote)) {}

  bool stands(const forge::PullRequest& pull) const {
    if (const auto commit = forge::where_merged(services_.repository, services_.git, pull)) {
      say(observer_,
          fmt::format("pull request {} has been merged by hand, by {}", pull.number, commit->short_hex()));
      services_.forge.note_merged(pull.number, commit->hex());
      return false;
    }
    if (!is_deleted(pull)) return true;
    say(observer_, fmt::format("the branch {} of pull request {} has been deleted; it is not gone on with",
                               pull.branch, pull.number));
    // Where the commit never was, another machine may still have the branch.
    const bool was_here = services_.repository.resolve_revision(pull.head).has_value();
    if (!was_here || services_.forge.needs_pushed_branch()) return false;
    try {
      services_.forge.close(pull.number, "its branch was deleted");
    } catch (const Error& error) {
      // Somebody has rejected or merged it in this moment, which ends it as well.
      if (error.kind() != ErrorKind::Refused) throw;
    }
    return false;
  }

 private:
  bool is_deleted(const forge::PullRequest& pull) const {
    if (services_.repository.resolve("refs/heads/" + pull.branch)) return false;
    if (services_.remote.empty()) return true;
    return on_remote_ && !on_remote_->contains(pull.branch);
  }

  const project::Services& services_;
  const Observer& observer_;
  std::optional<std::set<std::string>> on_remote_;
};

/// State by number, of at most `most_asked` requests.
std::map<std::int64_t, std::string> ask_states(const project::Services& services,
                                               const std::string& changeling,
                                               const std::vector<forge::PullRequest>& open) {
  constexpr std::size_t most_asked = 5;
  std::map<std::int64_t, std::string> states;
  for (const std::int64_t number : services.runs.requests_noted_open(changeling)) {
    const bool is_open = std::any_of(open.begin(), open.end(),
                                     [&](const forge::PullRequest& pull) { return pull.number == number; });
    if (is_open) continue;
    if (states.size() == most_asked) break;
    const auto pull = services.forge.find(number);
    states[number] = pull ? pull->state : "closed";
  }
  return states;
}

}  // namespace

void note_request_states(const project::Services& services, const std::string& changeling,
                         const std::vector<forge::PullRequest>& open) {
  if (!services.forge.needs_pushed_branch()) return;
  try {
    const auto states = ask_states(services, changeling, open);
    if (states.empty()) return;
    std::vector<std::int64_t> numbers;
    for (const auto& [number, state] : states) numbers.push_back(number);
    const auto earlier_runs = services.runs.of_requests(numbers, {});
    const store::Operation operation{fmt::format("run {}: note what became of its requests", changeling),
                                     "run.note",
                                     {{"Changeling", changeling}}};
    services.store.update(operation, [&](const store::Snapshot& snapshot, store::Change& change) {
      for (const store::RunRecord& run : earlier_runs) {
        if (run.changeling != changeling || !run.pull_request) continue;
        const auto found = states.find(run.pull_request->number);
        auto stored = found == states.end() ? std::nullopt : store::read_run(snapshot, run.id);
        if (!stored || !stored->pull_request || stored->pull_request->state == found->second) continue;
        stored->pull_request->state = found->second;
        store::write_run(change, *stored);
      }
    });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unavailable && error.kind() != ErrorKind::External) throw;
  }
}

std::vector<forge::PullRequest> standing_requests(const project::Services& services, const Observer& observer,
                                                  std::vector<forge::PullRequest> open) {
  if (open.empty()) return open;
  std::optional<std::set<std::string>> on_remote;
  if (!services.remote.empty()) {
    fetch_bases(services, open);
    on_remote = branches_on_remote(services, open);
  }
  const Requests requests(services, observer, std::move(on_remote));
  std::erase_if(open, [&](const forge::PullRequest& pull) { return !requests.stands(pull); });
  return open;
}

}  // namespace changeling::run
