#include "cli/forge_choice.hpp"

#include <fmt/format.h>

#include <thread>

#include "git/remote_choice.hpp"
#include "run/branch_remote.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

/// A forge that asks for patience may ask for minutes; Ctrl-C must not have to wait for them.
void sleep_until_interrupted(Duration duration, const Interruption& interruption) {
  constexpr Duration slice = std::chrono::milliseconds(50);
  for (const auto end = std::chrono::steady_clock::now() + duration;
       std::chrono::steady_clock::now() < end;) {
    interruption.check("waiting for the forge");
    std::this_thread::sleep_for(slice);
  }
}

/// As git uses them, with url.*.insteadOf applied, and as the user wrote them.
std::vector<std::string> urls_of(const git::Repository& repository, const std::string& remote) {
  std::vector<std::string> urls;
  for (const auto& url :
       {repository.remote_url(remote), repository.config(fmt::format("remote.{}.url", remote))}) {
    if (url) urls.push_back(*url);
  }
  return urls;
}

}  // namespace

forge::ForgeChoice forge_choice(Context& context, const std::string& kind) {
  forge::ForgeConfiguration configuration;
  configuration.forge = kind.empty() ? context.repository().config("changeling.forge").value_or("") : kind;
  configuration.api_url = context.repository().config("changeling.apiUrl").value_or("");
  configuration.branch_prefix = run::branch_prefix(context.repository());
  if (!context.remote().empty()) {
    configuration.remote_urls = urls_of(context.repository(), context.remote());
    const git::RemoteChoice push = git::find_push_remote(context.repository(), context.remote());
    const std::string& pushed_to = push.name;
    // What only reads goes on; what pushes asks again and fails.
    if (!push.problem.empty())
      context.message(fmt::format("warning: {}, so no branch can be pushed ({})", push.problem, push.hint));
    if (pushed_to != context.remote()) {
      configuration.push_remote = pushed_to;
      configuration.push_urls = urls_of(context.repository(), pushed_to);
    }
  }
  return forge::choose_forge(configuration, [&](const forge::TokenQuery& query) {
    return forge::find_token(query, context.environment(), context.processes(),
                             context.repository().common_directory());
  });
}

forge::RetryPolicy forge_patience(const Interruption& interruption) {
  forge::RetryPolicy policy;
  policy.sleep = [&interruption](Duration duration) { sleep_until_interrupted(duration, interruption); };
  return policy;
}

}  // namespace changeling::cli
