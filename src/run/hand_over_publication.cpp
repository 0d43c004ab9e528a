#include "run/hand_over_publication.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/definitions.hpp"
#include "project/halt.hpp"
#include "project/local_runs.hpp"
#include "project/sharing.hpp"
#include "project/trust.hpp"
#include "run/delivery.hpp"
#include "run/hand_over.hpp"
#include "run/handed_over_work.hpp"
#include "run/live_run.hpp"
#include "run/publication.hpp"
#include "run/publication_mark.hpp"
#include "run/request_body.hpp"
#include "run/start_triggers.hpp"
#include "run/told_record.hpp"
#include "run/work.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;
using store::Outcome;

constexpr std::string_view checked_where =
    "These checks ran in the job that the agent worked in, which could have written their results. They were "
    "not repeated where this was published.";

std::vector<std::string> known_secrets(const project::Services& services) {
  std::vector<std::string> values = services.secrets;
  for (const auto& [name, value] : withheld_tokens()) values.push_back(value);
  return values;
}

/// What a line of a stranger's says, without what would mean something to a forge or a terminal.
WorkText plain_text(const WorkText& told, const Redactor& redactor) {
  return {without_controls(valid_utf8(redactor(told.summary))), valid_utf8(redactor(told.description))};
}

/// One publication: the steps take the record to its outcome.
class HandOverSession {
 public:
  HandOverSession(const project::Services& services, const Observer& observer, const RunRequest& request,
                  LiveRun& live)
      : services_(services),
        observer_(observer),
        request_(request),
        live_(live),
        redactor_(known_secrets(services)) {}

  /// Errors become the outcome.
  void carry_out(const fs::path& file) {
    try {
      const ReceivedHandOver received(services_, file, request_.run_id);
      take_told_facts(record(), received.told().record, request_.definition, redactor_);
      act(received);
    } catch (const Error& error) {
      end_with(error);
    } catch (const std::exception& error) {
      // The record must be written whatever a library throws.
      end(Outcome::Failed, error.what());
    }
  }

 private:
  store::RunRecord& record() { return live_.record(); }

  void end(Outcome outcome, const std::string& error) {
    record().outcome = outcome;
    record().error = valid_utf8(redactor_(error));
  }

  void end_with(const Error& error) {
    // Who ends the program ends this try; the file is still there for another one.
    record().outage = error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::Interrupted;
    // The fence has said why.
    if (stopped_) return;
    switch (error.kind()) {
      case ErrorKind::NotFound:
        return end(Outcome::Failed,
                   fmt::format("the place that it was carried out in left nothing: {}", error.what()));
      case ErrorKind::Interrupted:
        return end(Outcome::Killed, error.what());
      case ErrorKind::Refused:
        return end(Outcome::Denied,
                   fmt::format("what was handed over is not published: {}", with_hint(error)));
      case ErrorKind::Invalid:
        return end(Outcome::Failed,
                   fmt::format("what was handed over cannot be taken: {}", with_hint(error)));
      default:
        return end(Outcome::Failed, with_hint(error));
    }
  }

  void act(const ReceivedHandOver& received) {
    const Outcome told = received.told().record.outcome.value_or(Outcome::Failed);
    const bool is_request = request_.definition.output == OutputKind::PullRequest;
    switch (told) {
      case Outcome::OpenedPr:
      case Outcome::UpdatedPr:
        if (!is_request) throw Error(ErrorKind::Refused, "it proposes a change although it may only report");
        return propose(received, is_verified(record()));
      case Outcome::VerificationFailed:
        if (is_request && request_.definition.draft_on_failure && received.work())
          return propose(received, false);
        return end(told, record().error);
      case Outcome::Reported:
        if (is_request) throw Error(ErrorKind::Refused, "it reports although it is to propose a change");
        return report(received.told().report);
      default:
        return end(told, record().error);
    }
  }

  void report(const std::string& told) {
    const std::string text = valid_utf8(redactor_(told));
    if (trim(text).empty()) return end(Outcome::Failed, "the agent wrote no report");
    write_file(live_.files().artifacts() / "report.md", text);
    if (request_.definition.output == OutputKind::Issue) {
      record().report_url =
          deliver(services_, observer_, report_entry(request_.definition, request_.run_id, text), [this] {
            fence();
          }).pull_request.url;
    }
    end(Outcome::Reported, "");
  }

  void propose(const ReceivedHandOver& received, bool verified) {
    const RequestHistory history = look_at_requests(services_, observer_, record());
    const AcceptedWork work = accept_work(services_, observer_, request_.definition, request_.agent,
                                          request_.run_id, received, history, redactor_);
    note(work);
    if (work.patch_id.empty()) return drop(work, Outcome::NoChanges, "");
    const bool failed = !verified && (!request_.definition.draft_on_failure || work.start.continues);
    if (failed) return drop(work, Outcome::VerificationFailed, record().error);
    const auto known = known_change(services_, request_.definition.name, work.patch_id,
                                    others(history, work.run_branch), history.earlier_runs);
    if (known) {
      if (const auto& pull = known->pull_request)
        record().pull_request = store::PullRequestReference{pull->number, pull->url, pull->state};
      return drop(work, Outcome::NoChanges, known->sentence);
    }
    send(work, plain_text(received.told().text, redactor_), verified);
  }

  /// One that an earlier try has opened with this very work is no other one.
  static std::vector<forge::PullRequest> others(const RequestHistory& history, const std::string& branch) {
    auto open = history.own_open;
    std::erase_if(open, [&](const forge::PullRequest& pull) { return pull.branch == branch; });
    return open;
  }

  void note(const AcceptedWork& work) {
    record().base = work.start.base;
    record().base_commit = work.start.base_commit.hex();
    record().start = work.start.commit.hex();
    record().patch_id = work.patch_id;
    record().branch = work.run_branch;
    record().head = work.head.hex();
  }

  void drop(const AcceptedWork& work, Outcome outcome, const std::string& why) {
    static_cast<void>(drop_branch_without_work(services_, work.run_branch, work.head));
    record().branch.clear();
    record().head.clear();
    end(outcome, why);
  }

  void send(const AcceptedWork& work, const WorkText& text, bool verified) {
    const Definition& definition = request_.definition;
    forge::BodyContent content =
        request_body(record(), text, definition, services_.clock.now() - record().started_at);
    content.checked_where = checked_where;
    if (!content.walls.empty()) content.walls = "as that job tells: " + content.walls;
    // Nobody has seen the words before.
    content.closing_words = forge::ClosingWords::Nobodys;
    const auto outcome = work.start.continues ? Outcome::UpdatedPr : Outcome::OpenedPr;
    const Publication publication{definition,
                                  work.start,
                                  work.head,
                                  work.run_branch,
                                  content.title,
                                  forge::compose_body(content),
                                  work.patch_id,
                                  definition.draft || !verified || needs_a_look(record()),
                                  "",
                                  0,
                                  verified ? std::optional(outcome) : std::nullopt};
    const Published published =
        publish(services_, observer_, publication, request_.run_id, [this] { fence(); });
    const forge::PullRequest& pull = published.pull_request;
    record().pull_request = store::PullRequestReference{pull.number, pull.url, pull.state};
    record().branch = published.branch;
    end(published.outcome.value_or(Outcome::VerificationFailed),
        published.outcome ? published.not_taken : record().error);
    const bool proposed_elsewhere =
        published.branch != work.run_branch || services_.forge.needs_pushed_branch();
    if (proposed_elsewhere)
      static_cast<void>(drop_branch_without_work(services_, work.run_branch, work.head));
  }

  /// Asked right before anything leaves this machine.
  void fence() {
    if (services_.publisher != nullptr) {
      const FileLock lock = services_.publisher->begin();
      services_.publisher->catch_up();
    }
    if (const auto halt =
            project::find_halt(services_.repository, services_.places, services_.store.snapshot()))
      stop(Outcome::Killed, ErrorKind::Refused, halt->reason);
    if (!live_.holds_lease(services_))
      stop(Outcome::LostLease, ErrorKind::Conflict, "another run took over; nothing was published");
  }

  [[noreturn]] void stop(Outcome outcome, ErrorKind kind, const std::string& why) {
    stopped_ = true;
    end(outcome, why);
    throw Error(kind, why);
  }

  const project::Services& services_;
  const Observer& observer_;
  const RunRequest& request_;
  LiveRun& live_;
  Redactor redactor_;
  bool stopped_ = false;
};

/// Whether something is still to be done for a run that this machine did not carry out.
bool is_open(const store::RunRecord& record) {
  return record.status == store::RunStatus::Running || (record.outage && !record.pull_request);
}

/// Whether the file only tells how the run failed where it was carried out: nothing of it is published,
/// however often it comes. One that cannot be read is answered as at the first time.
bool tells_a_failure(const project::Services& services, const fs::path& file, const std::string& run_id) {
  try {
    const ReceivedHandOver received(services, file, run_id);
    switch (received.told().record.outcome.value_or(Outcome::Failed)) {
      case Outcome::OpenedPr:
      case Outcome::UpdatedPr:
      case Outcome::VerificationFailed:
      case Outcome::Reported:
        return false;
      default:
        return true;
    }
  } catch (const Error&) {
    return false;
  }
}

/// Whether publishing the file has anything to do for the run.
bool is_to_publish(const project::Services& services, const store::RunRecord& record, const fs::path& file) {
  if (!is_open(record)) return false;
  return record.status == store::RunStatus::Running || !tells_a_failure(services, file, record.id);
}

/// What an outage has ended goes on.
void reopen(const project::Services& services, store::RunRecord& record) {
  record.status = store::RunStatus::Running;
  record.outcome.reset();
  record.outage = false;
  record.ended_at.reset();
  record.duration.reset();
  services.store.update({fmt::format("run {}: published again", record.changeling),
                         "run.start",
                         {{"Changeling", record.changeling}, {"Run", record.id}}},
                        [&](const store::Snapshot&, store::Change& change) { write_run(change, record); });
}

/// Throws Error(Refused) unless it is the definition that may be published.
void require_definition(project::Project& project, const ApprovalSubject& subject,
                        const std::string& digest) {
  if (digest.empty()) return project::require_trust(project, subject);
  const std::string here = portable_digest(subject);
  if (here == digest) return;
  throw Error(
      ErrorKind::Refused,
      fmt::format("{} is not trusted: its digest is {} by now, not {}", subject.label(), here, digest),
      fmt::format("look at it and deploy it again: git changeling deploy {}", subject.name));
}

RunRequest request_for(project::Project& project, const store::RunRecord& record, const std::string& digest) {
  using project::FileReading;
  const auto reading = is_unattended(record.trigger) ? FileReading::BaseBranch : FileReading::WorkTree;
  const auto set = project::DefinitionSet::load(project, reading);
  RunRequest request;
  request.definition = set.resolve(record.changeling).definition;
  require_definition(project, project::changeling_subject(set, request.definition), digest);
  request.agent = set.agent(request.definition.agent);
  request.run_id = record.id;
  request.trigger = record.trigger;
  return request;
}

void settle_what_was_sent(const project::Services& services, const store::RunRecord& record) {
  if (record.pull_request || !record.report_url.empty()) settle(services, record.id);
}

/// Leads the run from here to its end; `carry_out` gives it an outcome.
store::RunRecord end_begun_run(const project::Services& services, const Observer& observer,
                               store::RunRecord record, const std::function<void(LiveRun&)>& carry_out) {
  if (project::is_alive(services.places, record.id))
    throw Error(ErrorKind::Conflict, fmt::format("run {} is carried out here", record.id));
  if (record.status != store::RunStatus::Running) reopen(services, record);
  LiveRun live = LiveRun::adopt(services, std::move(record));
  write_file(publication_mark(live.files()), "", Outlives::Process);
  if (live.is_taken_over()) {
    live.record().outcome = Outcome::LostLease;
    live.record().error = "another run took over; nothing is published";
  } else {
    carry_out(live);
  }
  if (observer.on_step) observer.on_step(Step::Record);
  live.finish(services);
  std::error_code ignored;
  fs::remove(publication_mark(live.files()), ignored);
  settle_what_was_sent(services, live.record());
  return live.record();
}

}  // namespace

store::RunRecord publish_handed_over(const project::Services& services, const Observer& observer,
                                     const RunRequest& request, const fs::path& file) {
  store::RunRecord record = find_begun_run(services, request.run_id);
  if (!is_open(record)) return record;
  return end_begun_run(services, observer, std::move(record), [&](LiveRun& live) {
    HandOverSession(services, observer, request, live).carry_out(file);
  });
}

store::RunRecord publish_handed_over(project::Project& project, const Observer& observer,
                                     const HandedOver& handed_over) {
  project.require_state();
  project::share_quietly(project);
  const project::Services& services = project.services();
  services.forge.require_usable();
  store::RunRecord record = find_begun_run(services, handed_over.run_id);
  if (!is_to_publish(services, record, handed_over.file)) {
    // An earlier try may have been killed between its record and this.
    settle_what_was_sent(services, record);
    return record;
  }
  try {
    const RunRequest request = request_for(project, record, handed_over.digest);
    record = publish_handed_over(services, observer, request, handed_over.file);
  } catch (const Error& error) {
    const bool no_definition = error.kind() == ErrorKind::Refused || error.kind() == ErrorKind::NotFound ||
                               error.kind() == ErrorKind::Invalid;
    if (!no_definition) throw;
    record = end_begun_run(services, observer, std::move(record), [&](LiveRun& live) {
      live.record().outcome = Outcome::Denied;
      live.record().error = fmt::format("nothing is published: {}", with_hint(error));
    });
  }
  project::share_quietly(project);
  return record;
}

}  // namespace changeling::run
