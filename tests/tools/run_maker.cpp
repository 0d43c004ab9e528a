// Makes a long history for figures: finished runs, a few minutes apart, the newest a minute ago.
//   run_maker REPOSITORY COUNT CHANGELING…
#include <fmt/format.h>

#include <iostream>
#include <random>

#include "store/records.hpp"
#include "store/run_index.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

using namespace changeling;

namespace {

using store::Outcome;

/// One run in ten proposes something, one in ten fails, some name a target, and all cost something.
store::RunRecord sample_run(std::size_t number, const std::string& changeling, Timestamp started,
                            std::mt19937& random) {
  store::RunRecord run;
  run.id = random_id(8);
  run.changeling = changeling;
  run.trigger = number % 3 == 0 ? "manual" : "schedule";
  if (run.trigger == "schedule") run.scheduled_for = started;
  run.agent = "claude";
  run.status = store::RunStatus::Finished;
  run.outcome = Outcome::NoChanges;
  run.base = "main";
  run.base_commit = run.start = std::string(40, 'a');
  run.started_at = started;
  run.expires_at = store::run_expiry(started, std::chrono::minutes(30));
  run.ended_at = started + std::chrono::seconds(20 + random() % 100);
  run.duration = *run.ended_at - started;
  run.cost_usd = static_cast<double>(random() % 100) / 1000;
  run.tokens = store::TokenUsage{1000, 2000, 30000, 4000};
  run.turns = 12;
  run.session_id = random_id(12);
  run.exit_code = 0;
  run.summary = fmt::format("Looked at part {} of the parser and found nothing to mend", random() % 1000);
  run.host = "bench";
  run.actor = "Bench <bench@example.com>";
  run.lease = {run.id, 1};
  if (number % 10 == 1) {
    run.outcome = Outcome::OpenedPr;
    run.branch = fmt::format("changelings/{}/{}", changeling, run.id);
    run.head = std::string(40, 'b');
    run.patch_id = fmt::format("{:040x}", number);
    const auto request = static_cast<std::int64_t>(number);
    run.pull_request = {request, fmt::format("https://example.com/pull/{}", request), "merged"};
    run.target = fmt::format("src/part{}.c", random() % 500);
    run.summary = fmt::format("Mended the overflow in part {}", random() % 1000);
  } else if (number % 10 == 2) {
    run.outcome = Outcome::Failed;
    run.error = fmt::format("the agent ended with exit code 1: part {} does not build", random() % 1000);
    run.target = fmt::format("src/part{}.c", random() % 500);
  }
  return run;
}

}  // namespace

int main(int count, char** words) {
  if (count < 4) {
    std::cerr << "usage: run_maker REPOSITORY COUNT CHANGELING…\n";
    return 2;
  }
  const std::vector<std::string> changelings(words + 3, words + count);
  const auto runs = static_cast<std::size_t>(std::stoul(words[2]));
  SystemClock clock;
  git::Repository repository = git::Repository::discover(words[1]);
  const auto local = repository.common_directory() / "changelings";
  store::Store store(repository, clock, std::string(store::default_reference), {"Bench", "bench@example.com"},
                     local / "store.lock");
  std::mt19937 random(42);
  git::PackWriter pack = store.start_pack();
  std::map<std::string, git::ObjectId> blobs;
  const Timestamp newest = clock.now() - std::chrono::minutes(1);
  for (std::size_t number = 0; number < runs; ++number) {
    const auto& changeling = changelings[number % changelings.size()];
    const store::RunRecord run =
        sample_run(number, changeling, newest - number * std::chrono::minutes(2), random);
    blobs.emplace(store::run_path(run.id), pack.write_blob(to_json(run).dump(2) + "\n"));
  }
  pack.finish();
  store.update({fmt::format("{} runs of long ago", runs), "bench", {}},
               [&](const store::Snapshot&, store::Change& change) {
                 for (const auto& [path, blob] : blobs) change.create(path, blob);
               });
  store::RunIndex(store, local / "index.sqlite").follow();
  return 0;
}
