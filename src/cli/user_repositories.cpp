#include "cli/user_repositories.hpp"

#include <fmt/format.h>

#include <set>

#include "cli/registered_repositories.hpp"
#include "git/program.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

std::optional<std::string> repository_here(Context& context) {
  try {
    return context.repository().common_directory().string();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound || !context.options().directories.empty()) throw;
    return std::nullopt;
  }
}

}  // namespace

std::vector<std::string> repositories_of_user(Context& context) {
  std::set<std::string> all;
  for (const auto& path : RegisteredRepositories(context.environment()).list()) all.insert(path.string());
  if (const auto here = repository_here(context)) all.insert(*here);
  return {all.begin(), all.end()};
}

Context context_of_repository(const Context& context, const std::string& git_folder) {
  GlobalOptions options = context.options();
  options.directories = {git_folder};
  return Context(git::without_repository_variables(context.environment()), std::move(options));
}

void in_each_repository(Context& context, const std::function<void(Context&)>& work) {
  for (const std::string& path : repositories_of_user(context)) {
    try {
      Context there = context_of_repository(context, path);
      work(there);
    } catch (const Error& error) {
      context.message(fmt::format("warning: {}: {}", path, error.what()));
    }
  }
}

}  // namespace changeling::cli
