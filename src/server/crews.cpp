#include "server/crews.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "git/clean_environment.hpp"
#include "project/own_program.hpp"
#include "support/error.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::server {
namespace {

constexpr auto pause_before_next = std::chrono::seconds(5);

Command work_command(const std::string& folder, std::size_t size, const Environment& environment) {
  Command command;
  command.arguments = {project::main_program().string(), "-C", folder, "--quiet", "--json", "work"};
  if (size > 1) command.arguments.insert(command.arguments.end(), {"--parallel", std::to_string(size)});
  command.environment = with_withheld_tokens(git::without_repository_variables(environment));
  return command;
}

}  // namespace

Crews::Crews(EventLoop& loop, std::size_t size, Environment environment, Log log)
    : loop_(loop), size_(size), environment_(std::move(environment)), log_(std::move(log)) {}

void Crews::look_after(const std::vector<Served>& repositories) {
  if (size_ == 0 || ending_) return;
  repositories_ = repositories;
  for (const auto& [folder, job] : crews_) {
    const bool stays = std::any_of(repositories_.begin(), repositories_.end(),
                                   [&folder = folder](const Served& one) { return one.folder == folder; });
    if (!stays) job->ask_to_end();
  }
  for (const Served& repository : repositories_) {
    if (!crews_.contains(repository.folder)) start(repository);
  }
}

void Crews::start(const Served& repository) {
  // Of one that has moved nothing is made anew at its old place.
  if (!std::filesystem::exists(std::filesystem::path(repository.folder) / "HEAD")) return;
  try {
    crews_[repository.folder] = std::make_unique<Job>(
        loop_, work_command(repository.folder, size_, environment_), [](const std::string&) {},
        [this, folder = repository.folder](const ExitStatus& status) { on_end(folder, status); });
  } catch (const Error& error) {
    crews_.erase(repository.folder);
    log_(fmt::format("warning: {} has no workers: {}", repository.name, error.what()));
  }
}

void Crews::on_end(const std::string& folder, const ExitStatus& status) {
  crews_.erase(folder);
  if (ending_) return;
  log_(fmt::format("warning: the workers of {} ended with {}", folder, status.describe()));
  next_attempt_ = loop_.after(pause_before_next, [this] {
    const std::vector<Served> wanted = repositories_;
    look_after(wanted);
  });
}

void Crews::ask_to_end() {
  ending_ = true;
  next_attempt_.reset();
  for (const auto& [folder, job] : crews_) job->ask_to_end();
}

}  // namespace changeling::server
