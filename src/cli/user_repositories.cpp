#include "cli/user_repositories.hpp"

#include <fmt/format.h>

#include "git/program.hpp"
#include "project/registered_repositories.hpp"
#include "support/error.hpp"

namespace changeling::cli {

namespace {

Context context_of_repository(const Context& context, const std::string& git_folder) {
  GlobalOptions options = context.options();
  options.directories = {git_folder};
  return Context(git::without_repository_variables(context.environment()), std::move(options));
}

}  // namespace

void in_each_repository(Context& context, const std::function<void(Context&)>& work) {
  for (const std::string& path : project::repositories_of_user(context)) {
    try {
      Context there = context_of_repository(context, path);
      work(there);
    } catch (const Error& error) {
      context.message(fmt::format("warning: {}: {}", path, error.what()));
    }
  }
}

}  // namespace changeling::cli
