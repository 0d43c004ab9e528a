#include <fmt/format.h>

#include <algorithm>

#include "project/criteria.hpp"
#include "project/registered_repositories.hpp"
#include "project/trust.hpp"
#include "server/api/handlers.hpp"
#include "support/inside_run.hpp"
#include "support/text.hpp"
#include "view/standing.hpp"

namespace changeling::server::api {
namespace {

std::vector<ApprovalSubject> all_subjects(project::Project& project) {
  std::vector<ApprovalSubject> subjects = project::approval_subjects(project);
  for (ApprovalSubject& criterion : project::criterion_subjects(project))
    subjects.push_back(std::move(criterion));
  return subjects;
}

ApprovalSubject find_subject(project::Project& project, const std::string& label) {
  std::vector<std::string> labels;
  for (ApprovalSubject& subject : all_subjects(project)) {
    if (subject.label() == label) return subject;
    labels.push_back(subject.label());
  }
  const auto near = nearest(label, labels);
  throw Error(ErrorKind::NotFound, fmt::format("there is no '{}' to trust", shortened(label)),
              near ? fmt::format("did you mean '{}'?", *near) : "see: GET trust");
}

/// What an agent could do, it could do for itself.
void require_person(const project::Project& project) {
  if (inside_a_run(project.environment()))
    throw Error(ErrorKind::Refused, "nothing is approved inside a run", "approve it where you work yourself");
}

}  // namespace

namespace handlers {

Reply list_standings(Call& call) {
  const project::Approvals approvals = project::open_approvals(call.project);
  Json list = Json::array();
  std::string warning;
  for (ApprovalSubject& subject : all_subjects(call.project))
    list.push_back(view::to_json(project::standing_for_list(approvals, std::move(subject), warning)));
  return {{{"approvals", std::move(list)}}};
}

Reply approve(Call& call) {
  require_person(call.project);
  call.project.require_state();
  const ApprovalSubject subject = find_subject(call.project, call.given("name"));
  const project::Standing standing = project::standing_of(project::open_approvals(call.project), subject);
  if (standing.digest != call.given("digest")) {
    Refusal refusal(
        412, ErrorKind::Conflict,
        fmt::format("'{}' is not what was shown: its digest is {}", subject.label(), standing.digest),
        "look at it again, and approve it with the digest that comes with it");
    refusal.more["yours"] = {{"tag", call.given("digest")}};
    refusal.more["current"] = {{"tag", standing.digest}, {"record", subject.text}};
    throw refusal;
  }
  project::approve(call.project, subject);
  if (subject.kind == ApprovalSubject::Kind::Changeling) {
    project::register_when_scheduled(
        call.project, project::DefinitionSet::load(call.project).resolve(subject.name).definition);
  }
  return {view::to_json(project::standing_of(project::open_approvals(call.project), subject))};
}

Reply withdraw_approval(Call& call) {
  const std::string& label = call.at("subject");
  const project::Approvals approvals = project::open_approvals(call.project);
  // An approval may outlive what it was for, so the names come from the approvals.
  const auto known = approvals.all();
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& entry) {
    return ApprovalSubject{entry.first, entry.second, ""}.label() == label;
  });
  if (found == known.end())
    throw Error(ErrorKind::NotFound, fmt::format("'{}' is not trusted anyway", shortened(label)),
                "see: GET trust");
  approvals.revoke(found->first, found->second);
  return {{{"untrusted", {label}}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
