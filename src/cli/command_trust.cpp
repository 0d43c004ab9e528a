#include <fmt/format.h>

#include <algorithm>

#include "cli/confirmation.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/trust_review.hpp"
#include "project/criteria.hpp"
#include "project/registered_repositories.hpp"
#include "project/trust.hpp"
#include "support/error.hpp"
#include "support/process.hpp"
#include "support/text.hpp"
#include "view/standing.hpp"

namespace changeling::cli {
namespace {

struct TrustOptions {
  std::vector<std::string> names;
  bool all = false;
  bool list = false;
  bool yes = false;
  std::string digest;
};

/// Those that were named, in the order of the words; all of them without words.
std::vector<ApprovalSubject> chosen(std::vector<ApprovalSubject> subjects,
                                    const std::vector<std::string>& names) {
  if (names.empty()) return subjects;
  std::vector<std::string> labels;
  for (const ApprovalSubject& subject : subjects) labels.push_back(subject.label());
  std::vector<ApprovalSubject> found;
  for (const std::string& name : names) {
    const auto place = std::find(labels.begin(), labels.end(), name);
    if (place == labels.end()) {
      const auto near = nearest(name, labels);
      throw Error(ErrorKind::NotFound, fmt::format("there is no '{}' to trust", name),
                  near ? fmt::format("did you mean '{}'?", *near) : "see: git changeling trust --list");
    }
    found.push_back(subjects[static_cast<std::size_t>(place - labels.begin())]);
  }
  return found;
}

/// As words that can be pasted into a shell.
std::vector<std::string> quoted(std::vector<std::string> words) {
  for (std::string& word : words) word = shell_quote(word);
  return words;
}

/// Everything that can be asked about, command lines of tasks last.
std::vector<ApprovalSubject> subjects_of(Context& context) {
  std::vector<ApprovalSubject> subjects = project::approval_subjects(context);
  for (ApprovalSubject& criterion : project::criterion_subjects(context))
    subjects.push_back(std::move(criterion));
  return subjects;
}

Answer list(Context& context) {
  const project::Approvals approvals = project::open_approvals(context);
  Answer answer{{{"approvals", Json::array()}}, "", 0};
  std::vector<std::vector<TableCell>> rows{
      {{"NAME", Style::Dim}, {"STATE", Style::Dim}, {"APPROVED", Style::Dim}, {"DIGEST", Style::Dim}}};
  std::string warning;
  bool untrusted = false;
  for (ApprovalSubject& subject : subjects_of(context)) {
    const project::Standing standing = project::standing_for_list(approvals, std::move(subject), warning);
    untrusted = untrusted || !standing.trusted();
    answer.json["approvals"].push_back(view::to_json(standing));
    rows.push_back(
        {{standing.subject.label(), Style::Bold},
         {std::string(standing.trusted()                                    ? "trusted"
                      : standing.state == project::Standing::State::Changed ? "changed: not trusted"
                                                                            : "new: not trusted"),
          standing.trusted() ? Style::Green : Style::Red},
         {standing.approval ? format_timestamp(standing.approval->approved_at) : "-"},
         {standing.digest.substr(0, 12), Style::Dim}});
  }
  if (!warning.empty()) context.message(warning);
  if (rows.size() == 1) {
    context.message("there is nothing to trust: no changelings and no roles");
    return answer;
  }
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  if (untrusted) answer.next = "look at one and approve it: git changeling trust NAME";
  return answer;
}

/// For machines that nobody sits at: approves what somebody approved elsewhere, and nothing else.
Answer trust_by_digest(Context& context, const TrustOptions& options) {
  if (options.names.size() != 1 || options.all || options.list)
    throw Error(ErrorKind::Usage, "--digest is for one name", "git changeling trust NAME --digest DIGEST");
  const ApprovalSubject subject = chosen(subjects_of(context), options.names).front();
  if (const std::string present = portable_digest(subject); present != options.digest) {
    throw Error(ErrorKind::Refused,
                fmt::format("'{}' is not trusted: its digest is {} and not {}", subject.label(), present,
                            options.digest),
                fmt::format("the definition has changed since, or this is another version of git changeling; "
                            "look at it and deploy it again: git changeling deploy {}",
                            subject.label()));
  }
  project::approve(context, subject);
  return {{{"trusted",
            Json::array({view::to_json(project::standing_of(project::open_approvals(context), subject))})},
           {"refused", Json::array()}},
          fmt::format("Trusted {}\n", subject.label()),
          0};
}

Answer trust(Context& context, const TrustOptions& options) {
  if (!options.digest.empty()) return trust_by_digest(context, options);
  if (options.all && !options.names.empty())
    throw Error(ErrorKind::Usage, "--all and names exclude each other");
  if (options.list || (!options.all && options.names.empty())) {
    if (options.yes) throw Error(ErrorKind::Usage, "trust what?", "name it, or give --all");
    return list(context);
  }
  std::vector<project::Standing> standings;
  const project::Approvals approvals = project::open_approvals(context);
  for (ApprovalSubject& subject : chosen(subjects_of(context), options.names))
    standings.push_back(project::standing_of(approvals, std::move(subject)));
  Answer answer{{{"trusted", Json::array()}, {"refused", Json::array()}}, "", 0};
  std::vector<std::string> left;
  for (const project::Standing& standing : standings) {
    const std::string label = standing.subject.label();
    if (standing.trusted()) {
      answer.json["trusted"].push_back(view::to_json(standing));
      if (!options.all) answer.text += fmt::format("{} is trusted already\n", label);
      continue;
    }
    if (!can_ask(context)) answer.text += review_text(standing, context.terminal());
    if (!options.yes && !agrees(context, standing, fmt::format("Trust {}?", label))) {
      answer.json["refused"].push_back(view::to_json(standing));
      left.push_back(label);
      continue;
    }
    project::approve(context, standing.subject);
    if (standing.subject.kind == ApprovalSubject::Kind::Changeling) {
      project::register_when_scheduled(
          context, project::DefinitionSet::load(context).resolve(standing.subject.name).definition);
    }
    answer.json["trusted"].push_back(
        view::to_json(project::standing_of(project::open_approvals(context), standing.subject)));
    answer.text += fmt::format("Trusted {}\n", label);
  }
  if (left.empty()) {
    if (answer.text.empty()) answer.text = "Everything is trusted already\n";
    return answer;
  }
  answer.exit_code = 1;
  answer.next = fmt::format("not trusted: {}", join(left, ", "));
  if (!can_ask(context))
    answer.next += fmt::format("; approve with: git changeling trust {} --yes", join(quoted(left), " "));
  return answer;
}

/// An approval may outlive what it was for, so the names come from the approvals.
Answer untrust(Context& context, const std::vector<std::string>& names, bool all) {
  if (all == !names.empty()) throw Error(ErrorKind::Usage, "untrust what?", "name it, or give --all");
  const project::Approvals approvals = project::open_approvals(context);
  const auto known = approvals.all();
  Answer answer{{{"untrusted", Json::array()}}, "", 0};
  const auto revoke = [&](ApprovalSubject::Kind kind, const std::string& name) {
    const std::string label = ApprovalSubject{kind, name, ""}.label();
    if (!approvals.revoke(kind, name)) return;
    answer.json["untrusted"].push_back(label);
    answer.text += fmt::format("{} is not trusted any more\n", label);
  };
  const auto labelled = [&](const std::string& label) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const auto& entry) {
      return ApprovalSubject{entry.first, entry.second, ""}.label() == label;
    });
    if (found == known.end()) {
      throw Error(ErrorKind::NotFound, fmt::format("'{}' is not trusted anyway", label),
                  "see: git changeling trust --list");
    }
    return *found;
  };
  auto targets = known;
  if (!all) {
    targets.clear();
    for (const std::string& name : names) targets.push_back(labelled(name));
  }
  for (const auto& [kind, name] : targets) revoke(kind, name);
  if (answer.text.empty()) context.message("nothing was trusted");
  return answer;
}

}  // namespace

CommandSpec trust_command() {
  return {"trust", "Approve what a changeling or role would run on this machine",
          "Nothing that came with a clone or a fetch runs before you have approved it, and any change takes "
          "the approval back. Shows what would run, or how it differs from what you approved, and asks; "
          "without a terminal it needs --yes, and without that it shows the same and ends with 1.\n\n"
          "Roles are named role:NAME, agent types of .changelings.toml agent:NAME, webhooks webhook:NAME, "
          "command lines among the "
          "criteria of tasks that are not done criterion:DIGEST. Without names it lists everything. What you "
          "add or change with add, update, edit, role add, task add and task edit is approved by that.\n\n"
          "With --digest it approves without asking, but only the definition with this digest, as deployed "
          "runners do. trust --list --json tells the digest (portable_digest).\n\n"
          "Approvals lie outside the repository, below $XDG_DATA_HOME/git-changeling/approvals, and hold for "
          "this clone only.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<TrustOptions>();
            syntax
                .words("names", options->names,
                       "Names of changelings, role:NAME, agent:NAME, webhook:NAME, criterion:DIGEST")
                .value_name("NAME");
            syntax.flag("--all", options->all, "Everything that is not trusted yet");
            syntax.flag("--list", options->list, "Show what is trusted and what is not");
            syntax.flag("-y,--yes", options->yes, "Approve without asking");
            syntax.value("--digest", options->digest, "Approve it if it has this digest, and only then")
                .value_name("DIGEST");
            return [options](Context& context) { return trust(context, *options); };
          }};
}

CommandSpec untrust_command() {
  return {"untrust", "Take approvals back", "Afterwards nothing of it runs before it is approved again.",
          [](Syntax& syntax) -> Action {
            auto names = std::make_shared<std::vector<std::string>>();
            auto all = std::make_shared<bool>(false);
            syntax
                .words("names", *names,
                       "Names of changelings, role:NAME, agent:NAME, webhook:NAME, criterion:DIGEST")
                .value_name("NAME");
            syntax.flag("--all", *all, "All approvals for this repository");
            return [names, all](Context& context) { return untrust(context, *names, *all); };
          }};
}

}  // namespace changeling::cli
