#include "cli/forge_choice.hpp"

#include <fmt/format.h>

#include <thread>

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

}  // namespace

forge::ForgeChoice forge_choice(Context& context, const std::string& kind) {
  forge::ForgeConfiguration configuration;
  configuration.forge = kind.empty() ? context.repository().config("changeling.forge").value_or("") : kind;
  configuration.api_url = context.repository().config("changeling.apiUrl").value_or("");
  if (!context.remote().empty()) {
    // As git uses it, with url.*.insteadOf applied, and as the user wrote it.
    const auto effective = context.repository().remote_url(context.remote());
    const auto written = context.repository().config(fmt::format("remote.{}.url", context.remote()));
    for (const auto& url : {effective, written}) {
      if (url) configuration.remote_urls.push_back(*url);
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
