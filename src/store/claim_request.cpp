#include "store/claim_request.hpp"

#include <algorithm>

#include "store/task_records.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view source = "a claim of another process";

Json terms_of(const queue::ClaimTerms& terms) {
  return {{"owner", terms.owner},           {"now", terms.now.time_since_epoch().count()},
          {"lease", terms.lease.count()},   {"most_attempts", terms.most_attempts},
          {"token_step", terms.token_step}, {"run", terms.run}};
}

queue::ClaimTerms parse_terms(const Json& object) {
  queue::ClaimTerms terms;
  terms.owner = object.at("owner").get<std::string>();
  terms.now = Timestamp(Timestamp::duration(object.at("now").get<Timestamp::rep>()));
  terms.lease = Duration(object.at("lease").get<Duration::rep>());
  terms.most_attempts = object.at("most_attempts").get<std::int64_t>();
  terms.token_step = object.at("token_step").get<std::int64_t>();
  terms.run = object.at("run").get<std::string>();
  return terms;
}

queue::Task parse_record(const std::string& text, const std::string& id) {
  return parse_task(text, id, source);
}

}  // namespace

std::string to_text(const ClaimRequest& request) {
  const Json object{{"terms", terms_of(request.terms)},
                    {"role", request.filter.role},
                    {"labels", request.filter.labels},
                    {"except", request.filter.except},
                    {"except_roles", request.filter.except_roles},
                    {"id", request.id},
                    {"count", request.count},
                    {"name", request.author.name},
                    {"email", request.author.email}};
  return object.dump();
}

ClaimRequest parse_claim_request(std::string_view text) {
  const Json object = parse_json(text, source);
  ClaimRequest request;
  request.terms = parse_terms(object.at("terms"));
  request.filter.role = object.at("role").get<std::string>();
  request.filter.labels = object.at("labels").get<std::vector<std::string>>();
  request.filter.except = object.at("except").get<std::vector<std::string>>();
  // A process that an update has left behind says nothing of them.
  request.filter.except_roles = json_strings(object, "except_roles");
  request.id = object.at("id").get<std::string>();
  request.count = object.at("count").get<std::size_t>();
  request.author = {object.at("name").get<std::string>(), object.at("email").get<std::string>()};
  return request;
}

std::string to_text(const ClaimAnswer& answer) {
  Json changed = Json::array();
  for (const auto& entry : answer.findings.changed)
    changed.push_back({{"id", entry.after.id}, {"before", task_text(entry.before)}, {"after", entry.text}});
  const Json object{{"commit", answer.commit.hex()}, {"changed", std::move(changed)}};
  return object.dump();
}

ClaimAnswer parse_claim_answer(std::string_view text) {
  const Json object = parse_json(text, source);
  ClaimAnswer answer{git::ObjectId::from_hex(object.at("commit").get<std::string>()), {}};
  for (const Json& change : object.at("changed")) {
    const auto id = change.at("id").get<std::string>();
    auto after = change.at("after").get<std::string>();
    queue::Task task = parse_record(after, id);
    if (task.status == queue::TaskStatus::InFlight) answer.findings.claimed.push_back(task);
    answer.findings.changed.push_back(
        {parse_record(change.at("before").get<std::string>(), id), std::move(task), std::move(after)});
  }
  return answer;
}

bool is_answer_to(const ClaimAnswer& answer, const ClaimRequest& request) {
  const auto& claimed = answer.findings.claimed;
  if (claimed.empty() || claimed.size() > request.count) return false;
  const auto is_ours = [&](const queue::Task& task) {
    return task.lease && task.lease->owner == request.terms.owner && task.updated_at == request.terms.now &&
           (request.id.empty() || task.id == request.id);
  };
  return std::all_of(claimed.begin(), claimed.end(), is_ours);
}

}  // namespace changeling::store
