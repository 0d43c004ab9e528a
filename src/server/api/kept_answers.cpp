#include "server/api/kept_answers.hpp"

#include <algorithm>

namespace changeling::server::api {
namespace {

/// No name of a file, and no word of a query, has one.
constexpr char between = '\0';

}  // namespace

std::string KeptAnswers::name_of(const Request& request, project::Project& project) {
  if (request.method != "GET" || request.headers.contains("if-match") || !request.body.empty()) return "";
  const auto commit = project.repository().resolve(project.store().reference());
  if (!commit) return "";
  std::string name = project.repository().common_directory().string() + between + commit->hex() + between;
  name += request.path;
  for (const auto& [parameter, value] : request.query) name += between + parameter + between + value;
  return name;
}

const Response* KeptAnswers::find(const std::string& name) {
  const auto known =
      std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.name == name; });
  if (known == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, known);
  return &known->response;
}

void KeptAnswers::keep(const std::string& name, const Response& response) {
  if (response.body.size() > most_bytes / 2) return;
  kept_.push_front({name, response});
  bytes_ += response.body.size();
  while (bytes_ > most_bytes) {
    bytes_ -= kept_.back().response.body.size();
    kept_.pop_back();
  }
}

}  // namespace changeling::server::api
