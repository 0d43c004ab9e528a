#include "view/overview.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const triggers::ChangelingOverview& overview) {
  const Definition& definition = overview.definition;
  Json last_run = nullptr;
  if (const auto& run = overview.last_run) {
    last_run = {{"id", run->id},
                {"status", to_string(run->status)},
                {"outcome", run->outcome ? Json(to_string(*run->outcome)) : Json(nullptr)},
                {"refused", run->refused},
                {"walls", to_json(*run).at("walls")},
                {"moved_refs", to_json(*run).at("moved_refs")},
                {"started_at", format_timestamp(run->started_at)},
                {"ended_at", json_or_null(run->ended_at)},
                {"pull_request", nullptr}};
    if (const auto& pull = run->pull_request)
      last_run["pull_request"] = {{"number", pull->number}, {"url", pull->url}, {"state", pull->state}};
  }
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return {{"name", definition.name},
          {"description", definition.description},
          {"template", text_or_null(definition.template_name)},
          {"agent", definition.agent},
          {"schedule", text_or_null(definition.schedule)},
          {"timezone", definition.timezone},
          {"triggers", definition.triggers},
          {"enabled", definition.enabled},
          {"trusted", overview.trusted},
          {"source", overview.source},
          {"next_run", json_or_null(overview.next_run)},
          {"held_back", text_or_null(overview.held_back)},
          {"last_run", std::move(last_run)}};
}

}  // namespace changeling::view
