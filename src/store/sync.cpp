#include "store/sync.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "git/held_object.hpp"
#include "store/stale_lock.hpp"
#include "store/sync_answers.hpp"
#include "support/error.hpp"

namespace changeling::store {
namespace {

using std::chrono::milliseconds;

constexpr int most_tries = 40;
constexpr milliseconds lock_patience{120000};
constexpr milliseconds shortest_pause{10};
constexpr milliseconds longest_pause{1000};
/// Left to a call when the time is nearly over, so that it fails by itself and says why.
constexpr milliseconds least_time{250};

using PushOutcome = git::GitProgram::PushOutcome;

}  // namespace

std::string tracking_reference(const std::string& remote) {
  return fmt::format("refs/changelings/remotes/{}/state", remote);
}

std::string merged_reference(const std::string& remote) {
  return fmt::format("refs/changelings/remotes/{}/merged", remote);
}

Sync::Sync(git::Repository& repository, const git::GitProgram& git, Store& store, SyncSettings settings)
    : repository_(repository),
      git_(git),
      store_(store),
      settings_(std::move(settings)),
      board_(std::filesystem::path(settings_.lock_file).replace_extension("board")) {}

std::optional<git::ObjectId> Sync::known_tip() const {
  return repository_.resolve(tracking_reference(settings_.remote));
}

milliseconds Sync::remaining() const {
  if (settings_.time_limit == milliseconds(0)) return milliseconds(0);
  const auto spent = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started_);
  return std::max(settings_.time_limit - spent, least_time);
}

void Sync::start() {
  started_ = std::chrono::steady_clock::now();
  pauses_ = 0;
  fresh_.reset();
}

milliseconds Sync::patience() const {
  return settings_.time_limit == milliseconds(0) ? lock_patience : remaining();
}

FileLock Sync::begin() {
  Turn turn = wait_for_turn({});
  return std::move(*turn.lock);
}

Turn Sync::wait_for_turn(const RequestBoard::MakeRequest& make_request) {
  start();
  const auto try_lock = [&] { return FileLock::try_acquire(settings_.lock_file); };
  Turn turn = board_.wait(try_lock, make_request, patience());
  if (turn.lock || turn.is_done) return turn;
  // There is no board, the request was refused, or nothing is left to wait for.
  turn.lock = FileLock::acquire(settings_.lock_file, patience());
  if (turn.lock) return turn;
  throw Error(ErrorKind::Unavailable, fmt::format("another process keeps talking to {}", settings_.remote),
              "try again");
}

/// Random, and longer each time: machines that were refused together do not come back together.
void Sync::pause() {
  static thread_local std::mt19937 random{std::random_device{}()};
  const auto longest = std::min(longest_pause, shortest_pause * (1 << std::min(pauses_++, 7)));
  std::uniform_int_distribution<long> length(0, longest.count());
  settings_.sleep(milliseconds(length(random)));
}

Sync::Fetched Sync::fetch() {
  Fetched fetched;
  const std::string tracking = tracking_reference(settings_.remote);
  const std::vector<std::string> refspecs{fmt::format("+{}:{}", store_.reference(), tracking)};
  const bool is_partial = repository_.is_partial();
  const auto ask = [&](const git::FetchScope& scope) {
    return git_.fetch(settings_.remote, refspecs, remaining(), scope);
  };
  auto problem = ask({false, is_partial, false});
  // A plain `git fetch --depth 1` cuts the state's history off, too, and one with a filter leaves records
  // out.
  if (!problem && is_cut_off()) problem = ask({true, is_partial, false});
  if (!problem && is_partial && !is_complete(known_tip())) problem = ask({false, true, true});
  if (!problem) {
    fetched.tip = known_tip();
  } else if (!says_missing_reference(*problem)) {
    fetched.problem = *problem;
  }
  return fetched;
}

bool Sync::is_cut_off() const {
  const auto boundary = repository_.shallow_boundary();
  return std::any_of(boundary.begin(), boundary.end(), [&](const git::ObjectId& commit) {
    return repository_.has_object(commit) && repository_.commit(commit).trailer("Operation");
  });
}

bool Sync::is_all_here(const git::ObjectId& commit) const {
  std::vector<std::string> arguments{"rev-list", "--objects", "--quiet", commit.hex()};
  if (const auto tip = repository_.resolve(store_.reference())) arguments.push_back("^" + tip->hex());
  return git_.run(std::move(arguments)).status.code != 128;
}

bool Sync::is_complete(const std::optional<git::ObjectId>& tip) const {
  if (!tip) return true;
  std::vector<std::string> arguments{"rev-list", "--objects", "--missing=print", tip->hex()};
  // What was brought in before is complete.
  if (const auto merged = repository_.resolve(merged_reference(settings_.remote)))
    arguments.push_back("^" + merged->hex());
  const ProcessResult result = git_.run(std::move(arguments));
  return result.status.success() && !result.output.starts_with('?') &&
         result.output.find("\n?") == std::string::npos;
}

bool Sync::has(const Fetched& fetched, const git::ObjectId& commit) const {
  // Where a gc has taken the commit, the fetch would have brought it back if the remote had it.
  return fetched.tip && repository_.has_object(commit) && repository_.is_ancestor(commit, *fetched.tip);
}

void Sync::take_in(const Fetched& fetched, Synced& result) {
  const auto known = repository_.resolve(merged_reference(settings_.remote));
  if (!fetched.tip) {
    if (known) {
      result.warnings.push_back(
          fmt::format("{} had lost {}, perhaps by a mirror push; it is brought back from here",
                      settings_.remote, store_.reference()));
    }
    return;
  }
  auto integrated = store_.integrate(*fetched.tip, known, settings_.remote);
  move(merged_reference(settings_.remote), *fetched.tip);
  result.received |= integrated.changed;
  for (std::string& warning : integrated.warnings) result.warnings.push_back(std::move(warning));
}

SyncResult Sync::receive() {
  const FileLock lock = begin();
  const Fetched fetched = fetch();
  if (!fetched.problem.empty()) return Unreached{fetched.problem};
  Synced result;
  take_in(fetched, result);
  return result;
}

SyncResult Sync::run() {
  // What this program does not know it neither merges nor passes on.
  static_cast<void>(store_.snapshot());
  const FileLock lock = begin();
  git::remove_held_remains(repository_);
  Synced result;
  std::optional<git::ObjectId> offered;
  for (int attempt = 0; attempt < most_tries; ++attempt) {
    const Fetched fetched = fetch();
    if (!fetched.problem.empty()) return Unreached{fetched.problem};
    result.sent |= offered && has(fetched, *offered);
    take_in(fetched, result);
    const auto ours = repository_.resolve(store_.reference());
    if (!ours || ours == fetched.tip) return result;
    const auto pushed =
        git_.push_reference(settings_.remote, *ours, store_.reference(), std::nullopt, remaining());
    if (pushed.outcome == PushOutcome::Done) {
      move(tracking_reference(settings_.remote), *ours);
      move(merged_reference(settings_.remote), *ours);
      result.sent = true;
      return result;
    }
    if (pushed.outcome != PushOutcome::Rejected) {
      if (auto declined = refusal_of(pushed.message, store_.reference())) return *declined;
      return Unreached{pushed.message};
    }
    offered = ours;
    pause();
  }
  return Unreached{fmt::format("{} kept changing; the next sync goes on", settings_.remote)};
}

void Sync::catch_up() {
  const Fetched fetched = fresh_ ? std::move(*fresh_) : fetch();
  fresh_.reset();
  if (!fetched.problem.empty()) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("cannot reach {}: {}", settings_.remote, fetched.problem));
  }
  Synced taken;
  take_in(fetched, taken);
  for (const std::string& warning : taken.warnings)
    if (settings_.warn) settings_.warn(warning);
}

Publisher::Publication Sync::publish(const git::ObjectId& commit) {
  return push(commit, std::nullopt);
}

Publisher::Publication Sync::replace(const git::ObjectId& expected, const git::ObjectId& commit) {
  return push(commit, expected);
}

Publisher::Publication Sync::push(const git::ObjectId& commit, const std::optional<git::ObjectId>& replaces) {
  // Nothing here leads to it before the remote has accepted it.
  const git::HeldObject held(repository_, commit);
  const auto pushed =
      git_.push_reference(settings_.remote, commit, store_.reference(), replaces, remaining());
  if (pushed.outcome == PushOutcome::Done) {
    move(tracking_reference(settings_.remote), commit);
    move(merged_reference(settings_.remote), commit);
    return Publication::Accepted;
  }
  if (pushed.outcome == PushOutcome::Rejected) {
    pause();
    fresh_ = fetch();
    // A proxy that sends a request twice passes the refusal of the second on, after the first was accepted.
    return has(*fresh_, commit) ? Publication::Accepted : Publication::Outdated;
  }
  // A `git gc --prune=now` that had looked at the references before may have taken it all the same: then it
  // is decided and made anew.
  if (!is_all_here(commit)) return Publication::Outdated;
  if (const auto declined = refusal_of(pushed.message, store_.reference()))
    throw Error(ErrorKind::Unavailable,
                fmt::format("{} does not take the state: {}", settings_.remote, declined->reason),
                declined->hint);
  // The answer may have been lost on the way, after the remote had accepted the commit.
  const Fetched fetched = fetch();
  if (!fetched.problem.empty()) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("cannot reach {}: {}; whether it took the operation shows at the next sync",
                            settings_.remote, pushed.message));
  }
  if (has(fetched, commit)) return Publication::Accepted;
  throw Error(ErrorKind::Unavailable, fmt::format("cannot reach {}: {}", settings_.remote, pushed.message));
}

void Sync::move(const std::string& reference, const git::ObjectId& tip) {
  const auto before = repository_.resolve(reference);
  // What was fetched counts whether it could be noted or not; the next time notes it.
  if (before != tip) swap_unless_locked(repository_, reference, before, tip, "sync");
}

}  // namespace changeling::store
