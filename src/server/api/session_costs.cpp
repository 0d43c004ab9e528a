// What each session of the service has cost in a repository: the runs that it has started, and its chats.
#include "chat/session_files.hpp"
#include "server/api/handlers.hpp"
#include "server/api/senders.hpp"
#include "server/api/session_ledger.hpp"
#include "store/record_index.hpp"
#include "store/run_costs.hpp"

namespace changeling::server::api {
namespace {

struct SessionCosts {
  store::RunCosts runs;
  double chats_usd = 0;
};

using CostsBySession = std::map<std::string, SessionCosts>;

void add_runs(project::Project& project, CostsBySession& costs) {
  const auto file = ledger_file(project.places().local_folder());
  if (!std::filesystem::exists(file)) return;
  store::RecordIndex index(project.store(), project.places().index_file());
  index.follow();
  for (const auto& [session, runs] : SessionLedger(file).runs())
    costs[session].runs = store::costs_of_runs(index, runs);
}

/// What agents have told; what is set aside for an answer that is under way is no cost yet.
void add_chats(project::Project& project, CostsBySession& costs) {
  for (const chat::Session& chat : chat::SessionFiles(project).all()) {
    for (const chat::Message& message : chat.messages) {
      const std::string session = session_of(message.sender);
      if (!session.empty()) costs[session].chats_usd += message.cost_usd.value_or(0);
    }
  }
}

}  // namespace

namespace handlers {

Reply list_session_costs(Call& call) {
  call.project.require_state();
  CostsBySession costs;
  add_runs(call.project, costs);
  add_chats(call.project, costs);
  Json list = Json::array();
  for (const auto& [session, cost] : costs) {
    list.push_back({{"session", session},
                    {"runs", cost.runs.runs},
                    {"untold", cost.runs.untold},
                    {"runs_usd", cost.runs.usd},
                    {"chats_usd", cost.chats_usd}});
  }
  return {{{"sessions", std::move(list)}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
