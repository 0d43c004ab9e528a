// What the queue costs inside one process, at growing numbers of tasks.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <unordered_set>

#include "store/task_queue.hpp"
#include "support/text.hpp"

using namespace changeling;

namespace {

namespace fs = std::filesystem;

/// Tasks like people write them: a sentence, a paragraph, some labels, a few that wait for another.
std::vector<queue::Task> sample_tasks(std::size_t count) {
  std::mt19937 random(42);
  const Timestamp start = parse_timestamp("2026-01-01T00:00:00Z");
  std::vector<queue::Task> tasks(count);
  std::unordered_set<std::string> ids;
  for (std::size_t number = 0; number < count; ++number) {
    queue::Task& task = tasks[number];
    // Given here so that tasks can wait for each other; of a million random ids a few are drawn twice.
    do {
      task.id = queue::new_task_id();
    } while (!ids.insert(task.id).second);
    task.title = fmt::format("Improve part {} of the parser", number);
    task.description = fmt::format(
        "Part {} is slow on long lines. Measure it first, then keep the result in a table of {} entries.",
        number, random() % 1000);
    task.status = number % 10 == 9 ? queue::TaskStatus::Inbox : queue::TaskStatus::Ready;
    task.priority = static_cast<queue::Priority>(random() % 4);
    if (random() % 2 == 0) task.labels = {"area-" + std::to_string(random() % 20)};
    if (random() % 3 == 0) task.role = "coder";
    if (number > 0 && random() % 20 == 0) task.blocked_by = {tasks[random() % number].id};
    task.created_at = start + std::chrono::seconds(random() % 20'000'000);
  }
  return tasks;
}

/// Removed all together at the very end: ext4 is slow to create files for some seconds after many were
/// deleted near by, which would be measured instead of the queue.
std::vector<fs::path>& used_folders() {
  static std::vector<fs::path> folders;
  return folders;
}

/// A repository with a number of tasks.
class Place {
 public:
  explicit Place(std::size_t tasks) {
    const fs::path path = fs::temp_directory_path() / ("changeling-bench-" + random_id(8));
    used_folders().push_back(path);
    fs::create_directories(path);
    const std::string line = fmt::format("git init -q -b main {}", path.string());
    if (std::system(line.c_str()) != 0) throw std::runtime_error(line);
    repository_ = std::make_unique<git::Repository>(git::Repository::discover(path));
    const fs::path local = repository_->common_directory() / "changelings";
    store_ =
        std::make_unique<store::Store>(*repository_, clock_, std::string(store::default_reference),
                                       git::Identity{"Bench", "bench@example.com"}, local / "store.lock");
    index_ = std::make_unique<store::TaskIndex>(*store_, local / "index.sqlite");
    queue_ = std::make_unique<store::TaskQueue>(*store_, *index_, clock_);
    store_->initialize();
    if (tasks > 0) queue_->add(sample_tasks(tasks));
    queue_->current_index();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  store::TaskQueue& queue() { return *queue_; }
  const Clock& clock() const { return clock_; }

 private:
  SystemClock clock_;
  std::unique_ptr<git::Repository> repository_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::TaskIndex> index_;
  std::unique_ptr<store::TaskQueue> queue_;
};

/// Making a million tasks takes a minute, so benchmarks of one size share a place.
Place& place_with(std::size_t tasks) {
  static std::size_t size = 0;
  static std::unique_ptr<Place> place;
  if (!place || size != tasks) {
    place.reset();
    place = std::make_unique<Place>(tasks);
    size = tasks;
  }
  return *place;
}

void claim(benchmark::State& state) {
  Place& place = place_with(static_cast<std::size_t>(state.range(0)));
  for (auto unused : state) {
    static_cast<void>(unused);
    const auto result =
        place.queue().claim(queue::ClaimFilter{}, {"worker", place.clock().now(), std::chrono::hours(1), 3});
    if (!std::holds_alternative<queue::Task>(result)) state.SkipWithError("nothing to claim");
  }
}

void list_ready(benchmark::State& state) {
  Place& place = place_with(static_cast<std::size_t>(state.range(0)));
  store::TaskQuery query;
  query.statuses = {queue::TaskStatus::Ready};
  for (auto unused : state) {
    static_cast<void>(unused);
    benchmark::DoNotOptimize(place.queue().current_index().records(query));
  }
}

void search_words(benchmark::State& state) {
  Place& place = place_with(static_cast<std::size_t>(state.range(0)));
  store::TaskQuery query;
  query.text = "part 77";
  for (auto unused : state) {
    static_cast<void>(unused);
    benchmark::DoNotOptimize(place.queue().current_index().records(query));
  }
}

void add_one(benchmark::State& state) {
  Place& place = place_with(static_cast<std::size_t>(state.range(0)));
  for (auto unused : state) {
    static_cast<void>(unused);
    queue::Task task;
    task.title = "one more";
    benchmark::DoNotOptimize(place.queue().add({task}));
  }
}

/// Records, trees, commit and index, from tasks in memory.
void import(benchmark::State& state) {
  for (auto unused : state) {
    static_cast<void>(unused);
    state.PauseTiming();
    auto place = std::make_unique<Place>(0);
    auto tasks = sample_tasks(static_cast<std::size_t>(state.range(0)));
    state.ResumeTiming();
    place->queue().add(std::move(tasks));
    place->queue().current_index();
    state.PauseTiming();
    place.reset();
    state.ResumeTiming();
  }
}

/// The index from nothing, as after a clone or when it was deleted.
void rebuild_index(benchmark::State& state) {
  Place& place = place_with(static_cast<std::size_t>(state.range(0)));
  for (auto unused : state) {
    static_cast<void>(unused);
    place.queue().index().rebuild();
  }
}

void register_all() {
  const auto unit = benchmark::kMillisecond;
  for (const std::int64_t tasks : {1'000, 10'000, 100'000, 1'000'000}) {
    // Single claims are timed one by one, so that the median of the repetitions is that of claims.
    benchmark::RegisterBenchmark("claim", claim)
        ->Arg(tasks)
        ->Unit(unit)
        ->Iterations(1)
        ->Repetitions(200)
        ->ReportAggregatesOnly();
    benchmark::RegisterBenchmark("list_ready", list_ready)->Arg(tasks)->Unit(unit);
    benchmark::RegisterBenchmark("search_words", search_words)->Arg(tasks)->Unit(unit);
    benchmark::RegisterBenchmark("add_one", add_one)
        ->Arg(tasks)
        ->Unit(unit)
        ->Iterations(1)
        ->Repetitions(100)
        ->ReportAggregatesOnly();
    benchmark::RegisterBenchmark("rebuild_index", rebuild_index)->Arg(tasks)->Unit(unit)->Iterations(1);
    benchmark::RegisterBenchmark("import", import)->Arg(tasks)->Unit(unit)->Iterations(1);
  }
}

}  // namespace

int main(int count, char** words) {
  register_all();
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  for (const fs::path& folder : used_folders()) fs::remove_all(folder);
  return 0;
}
