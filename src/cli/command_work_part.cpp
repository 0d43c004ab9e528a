#include <fmt/format.h>

#include <cstdio>

#include "cli/child_pool.hpp"
#include "cli/declarations.hpp"
#include "cli/interrupt.hpp"
#include "cli/own_program.hpp"
#include "cli/work_order.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

using WhenIdle = work::WorkerOptions::WhenIdle;

Answer work_part(Context& context) {
  catch_interrupts(2);
  const std::string told = ChildPool::answer([&] {
    const WorkOutcome outcome = work_here(context, work_order_from_json(read_order()));
    return to_json(outcome).dump(-1, ' ', false, Json::error_handler_t::replace);
  });
  std::fwrite(told.data(), 1, told.size(), stdout);
  return {};
}

}  // namespace

Json to_json(const WorkOrder& order) {
  return {{"role", order.role},
          {"labels", order.labels},
          {"source", order.source},
          {"worker", order.worker},
          {"lease", order.lease},
          {"most_tasks", order.most_tasks},
          {"waits", order.when_idle == WhenIdle::Wait},
          {"poll_ms", order.poll.count()},
          {"except", order.except}};
}

WorkOrder work_order_from_json(const Json& object) {
  try {
    WorkOrder order;
    order.role = object.at("role").get<std::string>();
    order.labels = object.at("labels").get<std::vector<std::string>>();
    order.source = object.at("source").get<std::string>();
    order.worker = object.at("worker").get<std::string>();
    order.lease = object.at("lease").get<std::string>();
    order.most_tasks = object.at("most_tasks").get<std::int64_t>();
    order.when_idle = object.at("waits").get<bool>() ? WhenIdle::Wait : WhenIdle::End;
    order.poll = Duration(object.at("poll_ms").get<std::int64_t>());
    order.except = object.at("except").get<std::vector<std::string>>();
    order.display = WorkOrder::Display::Lines;
    return order;
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::Invalid, fmt::format("this is no order for work: {}", error.what()));
  }
}

CommandSpec work_part_command() {
  return {work_part_word, "Do a part of the work of dispatch or work with --parallel",
          "The order is on standard input, what came of it on standard output.",
          [](Syntax&) -> Action { return work_part; }};
}

}  // namespace changeling::cli
