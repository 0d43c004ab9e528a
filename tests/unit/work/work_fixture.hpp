#pragma once

#include "../run/fixture.hpp"
#include "store/task_index.hpp"
#include "store/task_queue.hpp"
#include "store/task_records.hpp"
#include "work/queue_source.hpp"
#include "work/task_run.hpp"

namespace changeling::testing {

inline queue::Task ready_task(const std::string& title) {
  queue::Task task;
  task.title = title;
  task.status = queue::TaskStatus::Ready;
  return task;
}

/// A repository with a queue, and a worker of it.
struct WorkFixture : RunFixture {
  WorkFixture()
      : index(open->store, open->repository.common_directory() / "changelings" / "index.sqlite"),
        queue(open->store, index, open->clock),
        source(queue, open->clock, {std::chrono::minutes(10), 3}) {}

  queue::Task add(queue::Task task) { return queue.add({std::move(task)}).front(); }
  queue::Task task(const std::string& id) { return queue.find(id); }
  work::SourcedClaim claim(const std::string& run = "runaaaaa", const std::string& worker = "me") {
    source.announce_run(run);
    return std::get<work::SourcedClaim>(source.claim({}, worker));
  }
  /// Another worker takes the task after its lease has run out.
  void take_over() {
    open->clock.time += std::chrono::minutes(11);
    REQUIRE(std::holds_alternative<work::SourcedClaim>(source.claim({}, "other")));
  }
  /// How every task is worked on: by a line for the shell.
  static project::ChooseHandling by(const std::string& line) {
    return [line](const queue::Task&) {
      Definition definition;
      definition.name = "tester";
      definition.agent = "command";
      definition.command = line;
      definition.prompt = "You are {name}.";
      definition.timeout = std::chrono::minutes(2);
      definition.overlap = OverlapPolicy::Replace;
      // Its part inside is one of the program, which this is not.
      definition.sandbox = SandboxPolicy::Off;
      return project::Handling{definition, builtin_agent_types().at("command"), false};
    };
  }
  work::TaskReport work(const work::SourcedClaim& claim, const std::string& line,
                        const run::Observer& observer = {}, const std::string& run = "runaaaaa") {
    const auto all_approved = [](const std::string&) {
      return queue::IsApproved([](const std::string&) { return true; });
    };
    return work::work_on_task({services(), source, "me", by(line), all_approved}, observer, claim, run);
  }

  store::TaskIndex index;
  store::TaskQueue queue;
  work::QueueSource source;
};

}  // namespace changeling::testing
