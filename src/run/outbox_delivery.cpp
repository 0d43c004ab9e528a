#include "run/outbox_delivery.hpp"

#include <fmt/format.h>

namespace changeling::run {

OutboxReport send_outbox(project::Project& project, Due due) {
  if (project.places().outbox().empty()) return {};
  Observer observer;
  observer.on_message = [&](std::string_view text) { project.message(text); };
  const OutboxReport report = send_outbox(project.services(), observer, due);
  for (const std::string& run : report.sent)
    project.message(fmt::format("sent the pull request of run {}", run));
  for (const std::string& reason : report.dropped) project.message("not sent: " + reason);
  for (const std::string& reason : report.refused) project.message("refused for good: " + reason);
  return report;
}

}  // namespace changeling::run
