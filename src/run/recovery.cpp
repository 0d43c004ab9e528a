#include "run/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changeling/own_branch.hpp"
#include "project/branch_prefix.hpp"
#include "project/local_runs.hpp"
#include "run/check_room.hpp"
#include "run/kept_heads.hpp"
#include "run/led_runs.hpp"
#include "run/live_run.hpp"
#include "run/publication_mark.hpp"
#include "run/reference_guard.hpp"
#include "run/removal.hpp"
#include "run/run_events.hpp"
#include "run/run_walls.hpp"
#include "run/supervisor.hpp"
#include "run/work.hpp"
#include "run/workspace.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// How long the folder of a run without a record is kept where another machine may know the record.
constexpr std::chrono::hours record_may_come_back(24 * 7);

/// The lease is not looked at: whoever took it over has its own record and will not finish this one.
void write_as_killed(const project::Services& services, store::RunRecord& run) {
  run.status = store::RunStatus::Finished;
  run.outcome = store::Outcome::Killed;
  run.ended_at = services.clock.now();
  run.duration = std::max(Duration::zero(), *run.ended_at - run.started_at);
  if (run.error.empty()) run.error = "the program that led this run was killed";
  services.store.update({fmt::format("run {}: killed", run.changeling),
                         "run.recover",
                         {{"Changeling", run.changeling}, {"Run", run.id}, {"Task", run.task}}},
                        [&](const store::Snapshot& snapshot, store::Change& change) {
                          std::optional<store::RunRecord> stored;
                          store::read_or_note(run.id, nullptr, [&] { stored = read_run(snapshot, run.id); });
                          if (stored && stored->status == store::RunStatus::Running) write_run(change, run);
                        });
  announce_run_finished(services, run);
}

/// Nothing for a run that was killed before it made a worktree.
std::optional<StartNote> read_start_note(const project::RunFiles& files) {
  const auto text = read_file_if_exists(files.start());
  if (!text) return std::nullopt;
  const Json object = parse_json(*text, files.start().string());
  const auto field = [&](std::string_view key) { return json_string(object, key).value_or(""); };
  return StartNote{field("base"), field("base_commit"), field("start"), field("branch")};
}

/// The note is a file that an agent can write, too, and work is kept by moving branches.
void correct_branch(const project::Services& services, const store::RunRecord& run, StartNote& note) {
  const BranchPrefix prefix = project::branch_prefix(services.repository);
  if (foreign_branch_problem(prefix, note.branch, note.base))
    note.branch = prefix.branch(run.changeling, run.id);
}

/// Puts the worktree's content on the run's branch and removes the worktree. Returns why it had to stay, and
/// what of it is kept elsewhere.
std::optional<std::string> recover_work(const project::Services& services, const StartNote& note,
                                        store::RunRecord& run) {
  run.base = note.base;
  run.base_commit = note.base_commit;
  run.start = note.start;
  const auto start = services.repository.resolve_revision(note.start);
  std::optional<std::string> stays;
  bool worktree_stays = false;
  CheckRoom::remove(services, run.id);
  if (const auto workspace = Workspace::find(services, run.id, note.branch)) {
    if (workspace->is_half_made()) {
      stays = workspace->remove(start);
    } else {
      const KeptWork work = keep_work(services, *workspace, run.changeling, run.id, start);
      const project::RunFiles files = services.places.run(run.id);
      const std::string notes = read_file_if_exists(files.references()).value_or("");
      run.moved_refs = put_references_back(services, files, notes, note.branch, work.head);
      stays = workspace->remove(work.head);
      worktree_stays = stays.has_value();
      if (!work.kept.empty()) stays = (stays ? *stays + "; " : "") + describe(work.kept);
    }
  }
  if (drop_branch_without_work(services, note.branch, worktree_stays ? std::nullopt : start)) {
    run.branch = note.branch;
    if (const auto head = services.repository.resolve("refs/heads/" + note.branch)) {
      run.head = head->hex();
      keep_head(services, run.id, note.branch, *head);
    }
  }
  return stays;
}

/// A pull request that the run opened right before it was killed.
void note_pull_request(const project::Services& services, store::RunRecord& run) {
  if (services.forge.needs_pushed_branch())
    return;  // No network from here; the next run finds it by its branch.
  for (const forge::PullRequest& pull : services.forge.find_open({"", {}, run.head}))
    run.pull_request = store::PullRequestReference{pull.number, pull.url, pull.state};
}

/// What was handed over is in its file still, and can be published from there.
void note_cut_publication(store::RunRecord& run) {
  if (run.pull_request) return;
  run.outage = true;
  run.error = fmt::format(
      "the program that published it was killed; go on with it: git changeling publish {} FILE", run.id);
}

bool is_older_than(const fs::path& file, std::chrono::hours age) {
  return fs::file_time_type::clock::now() - fs::last_write_time(file) > age;
}

std::optional<store::RunRecord> recover_one(const project::Services& services, const std::string& run_id) {
  const project::RunFiles files = services.places.run(run_id);
  const auto lock = FileLock::try_acquire(files.lock());
  if (!lock) return std::nullopt;
  end_processes_of_run(run_id);
  auto run = read_run(services.store.snapshot(), run_id);
  if (!run) {
    // Killed before the record was written here. Where it goes to a remote first it may be there already, and
    // comes back with the next sync: then only this folder tells that the run is dead and not elsewhere.
    if (services.publisher == nullptr || is_older_than(files.lock(), record_may_come_back))
      fs::remove_all(files.folder);
    if (!fs::exists(files.lock())) LedRuns(services.places).forget(run_id);
    return std::nullopt;
  }
  const bool was_running = run->status == store::RunStatus::Running;
  if (auto note = read_start_note(files)) {
    correct_branch(services, *run, *note);
    store::RunRecord recovered = *run;
    const auto stays = recover_work(services, *note, recovered);
    if (was_running) *run = std::move(recovered);
    if (stays && was_running) run->error = "the program that led this run was killed; " + *stays;
  }
  if (was_running) {
    if (!run->head.empty()) note_pull_request(services, *run);
    if (fs::exists(publication_mark(files))) note_cut_publication(*run);
    write_as_killed(services, *run);
  }
  remove_sandbox_folders(files);
  remove_tree(files.sealed());
  sandbox::remove_control_group(control_group_of(run_id));
  fs::remove(files.socket());
  fs::remove(publication_mark(files));
  fs::remove(files.lock());
  LedRuns(services.places).forget(run_id);
  if (!was_running) return std::nullopt;
  return run;
}

}  // namespace

void write_start_note(const project::RunFiles& files, const StartNote& note) {
  const Json object{
      {"base", note.base}, {"base_commit", note.base_commit}, {"start", note.start}, {"branch", note.branch}};
  write_file(files.start(), object.dump() + "\n");
}

std::vector<store::RunRecord> recover_dead_runs(const project::Services& services, const Observer& observer) {
  std::vector<store::RunRecord> recovered;
  if (!services.store.exists()) return recovered;
  for (const std::string& id : LedRuns(services.places).ids()) {
    if (project::is_alive(services.places, id)) continue;
    try {
      if (auto run = recover_one(services, id)) recovered.push_back(std::move(*run));
    } catch (const std::exception& error) {
      if (observer.on_message)
        observer.on_message(fmt::format("could not clean up after run {}: {}", id, error.what()));
    }
  }
  return recovered;
}

void finish_lost_runs(const project::Services& services, const Observer& observer) {
  if (!services.store.exists()) return;
  const Timestamp now = services.clock.now();
  services.runs.follow();
  for (store::RunRecord& run : services.runs.open()) {
    if (!project::is_lost(services.places, run, now)) continue;
    run.lease = {"", run.lease.token + 1};
    run.error =
        fmt::format("{} was to end it by {} and has not; that machine is presumed dead",
                    run.host.empty() ? "another machine" : run.host, format_timestamp(expiry_of(run)));
    write_as_killed(services, run);
    if (observer.on_message)
      observer.on_message(fmt::format("run {} of {}: {}", run.id, run.changeling, run.error));
  }
}

}  // namespace changeling::run
