// Which variables agents get: their names, and never their values.
#include <map>

#include "project/definitions.hpp"
#include "server/api/handlers.hpp"

namespace changeling::server::api {
namespace {

struct Use {
  bool is_secret = false;
  std::vector<std::string> changelings;
};
using Uses = std::map<std::string, Use>;

void note_uses(const Definition& definition, Uses& uses) {
  for (const auto& [name, value] : definition.environment) uses[name].changelings.push_back(definition.name);
  for (const std::string& name : definition.secrets) {
    Use& use = uses[name];
    use.is_secret = true;
    if (use.changelings.empty() || use.changelings.back() != definition.name)
      use.changelings.push_back(definition.name);
  }
}

Uses uses_in(const project::DefinitionSet& set) {
  Uses uses;
  for (const std::string& name : set.names()) {
    try {
      note_uses(set.resolve(name).definition, uses);
    } catch (const Error&) {
      // The list of changelings says what is wrong with it.
    }
  }
  return uses;
}

}  // namespace

namespace handlers {

Reply list_variables(Call& call) {
  call.project.require_state();
  const auto set =
      project::DefinitionSet::load(call.project, project::FileReading::WorkTree, project::FileMistake::Said);
  Json list = Json::array();
  for (const auto& [name, use] : uses_in(set))
    list.push_back({{"name", name}, {"secret", use.is_secret}, {"changelings", use.changelings}});
  return {{{"variables", std::move(list)}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
