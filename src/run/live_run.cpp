#include "run/live_run.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include "project/local_runs.hpp"
#include "run/led_runs.hpp"
#include "run/recovery.hpp"
#include "run/run_events.hpp"
#include "store/records.hpp"
#include "support/error.hpp"

namespace changeling::run {
namespace {

constexpr auto lock_patience = std::chrono::milliseconds(500);
constexpr auto queue_poll = std::chrono::milliseconds(200);

/// What is going on when a run is about to begin.
struct Rivals {
  std::vector<store::RunRecord> running;
  std::vector<store::RunRecord> lost;  ///< Of machines that are presumed dead, see is_lost().
};

/// Runs of one task must not overlap, and those of a changeling without a task; several tasks of one role may
/// be worked on at once.
Rivals find_rivals(const project::Places& places, const store::RunHistory& runs,
                   const store::RunRecord& record) {
  Rivals rivals;
  for (const store::RunRecord& run : runs.open()) {
    const bool same =
        run.task == record.task && (!record.task.empty() || run.changeling == record.changeling);
    if (!same) continue;
    auto& list = project::is_lost(places, run, record.started_at) ? rivals.lost : rivals.running;
    list.push_back(run);
  }
  return rivals;
}

/// As read_run; nothing for a damaged record as well. Who cannot read that a lease is theirs has lost it.
std::optional<store::RunRecord> stored_run(const store::Snapshot& snapshot, const std::string& id) {
  std::optional<store::RunRecord> run;
  store::read_or_note(id, nullptr, [&] { run = store::read_run(snapshot, id); });
  return run;
}

store::Operation operation(const store::RunRecord& run, const std::string& kind, const std::string& what) {
  return {fmt::format("run {}: {}", run.changeling, what),
          kind,
          {{"Changeling", run.changeling}, {"Run", run.id}, {"Task", run.task}}};
}

/// Publishes the beginning of a run, so that two machines do not start the same changeling at once. Without
/// a connection the run begins all the same, unless its terms say otherwise.
void update_everywhere(const project::Services& services, const StartTerms& terms,
                       const store::Operation& operation,
                       const std::function<void(const store::Snapshot&, store::Change&)>& decide) {
  if (services.publisher != nullptr) {
    try {
      const auto decide_operation = [&](const store::Snapshot& snapshot, store::Change& change) {
        decide(snapshot, change);
        return operation;
      };
      return services.store.update(decide_operation, {}, *services.publisher);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Unavailable || terms.only_published) throw;
    }
  }
  services.store.update(operation, decide);
}

/// The run begins now and not when it was asked for.
void begin_now(const Clock& clock, store::RunRecord& record) {
  const Timestamp now = clock.now();
  if (record.expires_at) *record.expires_at += now - record.started_at;
  record.started_at = now;
}

/// Tries once; nothing when the policy says to wait. A run that `has_waited` begins at the moment of writing:
/// not before the one that it waited for has ended.
std::optional<std::variant<bool, Skipped>> try_begin(const project::Services& services,
                                                     store::RunRecord& record, const StartTerms& terms,
                                                     bool has_waited) {
  const OverlapPolicy overlap = terms.overlap;
  std::optional<std::variant<bool, Skipped>> answer;
  update_everywhere(
      services, terms, operation(record, "run.start", "started"),
      [&](const store::Snapshot& snapshot, store::Change& change) {
        // If others have written since the snapshot, this is decided anew.
        services.runs.follow();
        if (has_waited) begin_now(services.clock, record);
        if (auto refused = refuse_start({services.repository, services.places, services.limits, snapshot,
                                         services.runs, services.clock.now()},
                                        record, terms)) {
          answer = Skipped{std::move(*refused)};
          return;
        }
        const auto [others, lost] = find_rivals(services.places, services.runs, record);
        if (!others.empty() && overlap == OverlapPolicy::Skip) {
          answer = Skipped{fmt::format("{} is already running (run {}, started {})", record.changeling,
                                       others.front().id,
                                       describe_relative(others.front().started_at, record.started_at))};
          return;
        }
        if (!others.empty() && overlap == OverlapPolicy::Queue) {
          answer.reset();
          return;
        }
        // Whoever comes back finds the lease gone, and stops without pushing.
        for (const auto* list : {&others, &lost}) {
          for (store::RunRecord other : *list) {
            other.lease = {record.id, other.lease.token + 1};
            write_run(change, other);
          }
        }
        write_run(change, record);
        answer = true;
      });
  return answer;
}

/// As try_begin; being cut off from the remote is a reason like the others.
std::optional<std::variant<bool, Skipped>> begin_or_say_why(const project::Services& services,
                                                            store::RunRecord& record, const StartTerms& terms,
                                                            bool has_waited) {
  try {
    return try_begin(services, record, terms, has_waited);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unavailable) throw;
    return Skipped{
        fmt::format("another machine may do this run, and that cannot be asked now: {}", error.what())};
  }
}

/// Logs, transcripts and prompts are for this user alone, also where others share the repository.
void make_own_folder(const std::filesystem::path& folder) {
  create_private_directories(folder.parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    throw Error(ErrorKind::Io, fmt::format("could not create {}: {}", folder.string(), std::strerror(errno)));
}

/// Locked before the record exists, so that nobody takes the run for a dead one. Whoever looks whether a run
/// is alive holds its lock for an instant.
FileLock take_lead(const project::Services& services, const std::string& run_id) {
  const project::RunFiles files = services.places.run(run_id);
  LedRuns(services.places).note(run_id);
  make_own_folder(files.folder);
  auto lock = FileLock::acquire(files.lock(), lock_patience);
  if (!lock) throw Error(ErrorKind::Conflict, fmt::format("run {} exists already", run_id));
  write_file(files.process(), std::to_string(::getpid()) + "\n", Outlives::Process);
  return std::move(*lock);
}

}  // namespace

std::variant<LiveRun, Skipped> LiveRun::begin(const project::Services& services, const Observer& observer,
                                              store::RunRecord record, const StartTerms& terms) {
  const project::RunFiles files = services.places.run(record.id);
  const LedRuns led(services.places);
  FileLock lock = take_lead(services, record.id);
  record.lease = {record.id, 1};
  bool said = false;
  for (;;) {
    const auto answer = begin_or_say_why(services, record, terms, said);
    if (answer && std::holds_alternative<Skipped>(*answer)) {
      std::error_code ignored;
      std::filesystem::remove_all(files.folder, ignored);
      led.forget(record.id);
      return std::get<Skipped>(*answer);
    }
    if (answer) {
      announce_run_started(services, record);
      return LiveRun(std::move(record), files, std::move(lock));
    }
    if (observer.stop_requested && observer.stop_requested()) {
      std::error_code ignored;
      std::filesystem::remove_all(files.folder, ignored);
      led.forget(record.id);
      return Skipped{"stopped while waiting for the running one to end"};
    }
    if (!said && observer.on_message)
      observer.on_message(record.changeling + " is running; waiting for it to end");
    said = true;
    std::this_thread::sleep_for(queue_poll);
    // The one that is waited for may have been killed.
    recover_dead_runs(services, observer);
  }
}

LiveRun LiveRun::adopt(const project::Services& services, store::RunRecord record) {
  FileLock lock = take_lead(services, record.id);
  const project::RunFiles files = services.places.run(record.id);
  return LiveRun(std::move(record), files, std::move(lock));
}

bool LiveRun::holds_lease(const project::Services& services) {
  const store::Snapshot snapshot = services.store.snapshot();
  if (checked_tip_ && snapshot.commit() == checked_tip_) return true;
  const auto stored = stored_run(snapshot, record_.id);
  const bool holds = stored && stored->status == store::RunStatus::Running &&
                     stored->lease.owner == record_.lease.owner && stored->lease.token == record_.lease.token;
  if (holds) checked_tip_ = snapshot.commit();
  return holds;
}

void LiveRun::end(Timestamp now) {
  record_.status = store::RunStatus::Finished;
  record_.ended_at = now;
  // A clock may have been set back meanwhile.
  record_.duration = std::max(Duration::zero(), *record_.ended_at - record_.started_at);
  if (!record_.outcome) record_.outcome = store::Outcome::Failed;
}

void LiveRun::finish(const project::Services& services) {
  end(services.clock.now());
  const std::string outcome(to_string(*record_.outcome));
  services.store.update(operation(record_, "run.finish", outcome),
                        [&](const store::Snapshot& snapshot, store::Change& change) {
                          const auto stored = stored_run(snapshot, record_.id);
                          const bool lost = !stored || stored->lease.token != record_.lease.token;
                          if (lost && !record_.pull_request) record_.outcome = store::Outcome::LostLease;
                          store::RunRecord written = record_;
                          if (lost && stored) written.lease = stored->lease;
                          write_run(change, written);
                        });
  announce_run_finished(services, record_);
  let_go(services);
}

void LiveRun::let_go(const project::Services& services) {
  // Without its lock file a run's folder is only history, see recovery.hpp.
  std::error_code ignored;
  std::filesystem::remove(files_.lock(), ignored);
  LedRuns(services.places).forget(record_.id);
  lock_.reset();
}

void LiveRun::leave(const project::Services& services) {
  std::error_code ignored;
  std::filesystem::remove_all(files_.folder, ignored);
  let_go(services);
}

}  // namespace changeling::run
