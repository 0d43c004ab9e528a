#include "chat/conversation.hpp"

#include <fmt/format.h>

#include <map>

#include "chat/agent_answer.hpp"
#include "chat/agent_question.hpp"
#include "chat/limits.hpp"
#include "chat/prompt.hpp"
#include "chat/session_files.hpp"
#include "project/own_program.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::chat {
namespace {

constexpr std::size_t shortest_digest = 8;
constexpr auto patience_with_others = std::chrono::seconds(10);

void announce(project::Project& project, const std::string& session, std::string_view what) {
  project.announce("chat:message", {{"session", session}, {"what", what}});
}

Session session_for(const SessionFiles& files, const MessageOrder& order, const AgentType& agent,
                    Timestamp now) {
  if (order.is_first) return {order.session, now, agent.name, {}};
  Session session = files.read(order.session);
  if (session.messages.size() >= most_messages) {
    throw Error(ErrorKind::Refused,
                fmt::format("the chat {} has {} messages, and takes no more", session.id, most_messages),
                "begin another one: git changeling chat MESSAGE");
  }
  return session;
}

/// A proposal that could not be made or changed is no answer.
void take_answer(project::Project& project, const AgentReply& reply, Message& message) {
  message.state = MessageState::Failed;
  message.problem = reply.problem;
  if (!reply.problem.empty()) return;
  try {
    AgentAnswer answer = read_answer(reply.answer);
    if (answer.proposal) static_cast<void>(preview(project, *answer.proposal));
    message.answer = std::move(answer.text);
    message.proposal = std::move(answer.proposal);
    message.state = MessageState::Answered;
  } catch (const Error& error) {
    const bool is_answers = error.kind() == ErrorKind::External;
    message.problem =
        is_answers ? with_hint(error) : "what the agent proposed cannot be: " + with_hint(error);
  }
}

class Answering {
 public:
  Answering(project::Project& project, const SessionFiles& files, const MessageOrder& order,
            const Onlooker& onlooker)
      : project_(project), files_(files), order_(order), onlooker_(onlooker) {}

  Session carry_out() {
    check_message(order_.text);
    const auto lock = files_.try_lock(order_.session);
    if (!lock) {
      throw Error(ErrorKind::Conflict, fmt::format("the agent still answers in the chat {}", order_.session),
                  "wait for its answer, or begin another chat");
    }
    std::error_code ignored;
    std::filesystem::remove(files_.stop_request(order_.session), ignored);
    const Timestamp now = project_.clock().now();
    const AgentType agent = chat_agent(project_);
    const MessageLimits limits = check_may_ask(project_);
    Session session = session_for(files_, order_, agent, now);
    const std::string facts = describe_project(project_);
    const std::string prompt =
        compose_prompt(project_.repository().display_name(), facts, session, order_.text,
                       agent.launcher != LauncherKind::Claude, chat_skills(project_));
    begin(session, agent, limits, now);
    Message& message = session.messages.back();
    answer(message, {agent, prompt, limits, files_.work_folder(session.id)});
    files_.append(session.id, answer_line(message));
    announce(project_, session.id, "answered");
    return session;
  }

 private:
  void begin(Session& session, const AgentType& agent, const MessageLimits& limits, Timestamp now) {
    files_.drop_old(now);
    Message message;
    message.sent_at = now;
    message.text = valid_utf8(order_.text);
    message.sender = order_.sender;
    if (agent.launcher == LauncherKind::Claude && limits.budget_usd > 0)
      message.set_aside_usd = limits.budget_usd;
    files_.append(session.id,
                  (order_.is_first ? opening_line(session) : std::string()) + message_line(message));
    session.messages.push_back(std::move(message));
    announce(project_, session.id, "sent");
    if (onlooker_.on_begin) onlooker_.on_begin();
  }

  void answer(Message& message, const AgentQuestion& question) {
    run::LaunchObserver observer;
    observer.on_progress = onlooker_.on_progress;
    observer.stop_requested = [this] { return why_stopped(); };
    AgentReply reply;
    try {
      reply = ask_agent(project_, question, observer);
    } catch (const Error& error) {
      reply.problem = with_hint(error);
    }
    if (was_stopped_) reply.problem = "stopped before there was an answer";
    message.answered_at = project_.clock().now();
    message.cost_usd = reply.totals.cost_usd;
    message.turns = reply.totals.turns;
    take_answer(project_, reply, message);
  }

  run::EndedBy why_stopped() {
    std::error_code unknown;
    const bool is_asked = std::filesystem::exists(files_.stop_request(order_.session), unknown);
    was_stopped_ = was_stopped_ || is_asked || (onlooker_.interrupted && onlooker_.interrupted());
    return was_stopped_ ? run::EndedBy::UserRequest : run::EndedBy::Itself;
  }

  project::Project& project_;
  const SessionFiles& files_;
  const MessageOrder& order_;
  const Onlooker& onlooker_;
  bool was_stopped_ = false;
};

/// The chat while one decides about its proposals: two people, or two pages, do it one after the other.
class Deciding {
 public:
  Deciding(project::Project& project, const std::string& session_id)
      : project_(project),
        files_(project),
        lock_(hold(files_, session_id)),
        session_(files_.read(session_id)) {}

  /// The open proposal with the digest, and its place. Throws what find_proposal throws.
  std::pair<std::size_t, Message> find(const std::string& digest) const {
    const std::size_t number = find_proposal(project_, session_, digest);
    return {number, session_.messages[number]};
  }
  void note(std::size_t number, Message message) const {
    message.decided_at = project_.clock().now();
    files_.append(session_.id, decision_line(number, message));
    announce(project_, session_.id, to_string(message.decision));
  }

 private:
  static FileLock hold(const SessionFiles& files, const std::string& session_id) {
    static_cast<void>(files.read(session_id));  // No lock file for a chat that is not there.
    if (auto lock = FileLock::acquire(files.decisions(session_id), patience_with_others))
      return std::move(*lock);
    throw Error(ErrorKind::Unavailable, fmt::format("somebody else decides in the chat {} now", session_id),
                "try again");
  }

  project::Project& project_;
  SessionFiles files_;
  FileLock lock_;
  Session session_;
};

}  // namespace

Json to_json(const MessageOrder& order) {
  return {{"session", order.session},
          {"is_first", order.is_first},
          {"text", order.text},
          {"sender", order.sender}};
}

MessageOrder message_order_from_json(const Json& object) {
  MessageOrder order{json_string(object, "session").value_or(""),
                     json_bool(object, "is_first").value_or(false), json_string(object, "text").value_or(""),
                     json_string(object, "sender").value_or("")};
  if (!is_session_id(order.session))
    throw Error(ErrorKind::Invalid, "this is no order for a message of a chat");
  return order;
}

Session send_message(project::Project& project, const MessageOrder& order, const Onlooker& onlooker) {
  const SessionFiles files(project);
  return Answering(project, files, order, onlooker).carry_out();
}

Session send_in_background(project::Project& project, const MessageOrder& order) {
  // What would be refused there is refused here, with its kind.
  check_message(order.text);
  const SessionFiles files(project);
  if (!order.is_first) static_cast<void>(files.read(order.session));
  static_cast<void>(chat_agent(project));
  static_cast<void>(check_may_ask(project));
  Command command = project::own_program(project, answer_word, to_json(order));
  command.session = changeling::Session::Detached;
  if (const auto problem = start_in_background(command)) throw Error(ErrorKind::Conflict, *problem);
  return files.read(order.session);
}

void answer_in_background(project::Project& project, const MessageOrder& order,
                          const ReportStart& report_start) {
  catch_interrupts();
  outlive_readers();
  Onlooker onlooker;
  onlooker.on_begin = [&] { report_start(""); };
  onlooker.interrupted = interrupted;
  send_message(project, order, onlooker);
}

void stop_answer(project::Project& project, const std::string& session) {
  const SessionFiles files(project);
  const Session now = files.read(session);
  if (now.messages.empty() || now.messages.back().state != MessageState::Answering)
    throw Error(ErrorKind::Refused, fmt::format("no agent answers in the chat {} now", session));
  write_file(files.stop_request(session), "", Outlives::Process);
}

namespace {

/// The open proposals whose digest begins so, each with its whole digest.
std::map<std::string, std::size_t> proposals_with(project::Project& project, const Session& session,
                                                  const std::string& beginning) {
  std::map<std::string, std::size_t> found;
  for (std::size_t number = 0; number < session.messages.size(); ++number) {
    const Message& message = session.messages[number];
    if (!message.proposal || message.decision != Decision::Open) continue;
    try {
      const std::string digest = preview(project, *message.proposal).digest;
      if (digest.starts_with(beginning)) found[digest] = number;
    } catch (const Error&) {
      continue;  // It cannot be made any more.
    }
  }
  return found;
}

}  // namespace

std::size_t find_proposal(project::Project& project, const Session& session, const std::string& digest) {
  if (digest.size() >= shortest_digest) {
    const auto found = proposals_with(project, session, digest);
    if (found.size() == 1) return found.begin()->second;
    // Whoever writes proposals can make two that begin alike.
    if (found.size() > 1)
      throw Error(ErrorKind::Conflict,
                  fmt::format("several proposals of the chat {} have a digest that begins with {}",
                              session.id, shortened(digest, 16)),
                  "give the whole digest, from: git changeling chat --session " + session.id + " --json");
  }
  throw Error(
      ErrorKind::Conflict,
      fmt::format("the chat {} has no open proposal with the digest {}: it is decided, or what it would "
                  "change has changed since it was shown",
                  session.id, shortened(digest, 16)),
      fmt::format("look at it again: git changeling chat --session {}", session.id));
}

Written confirm(project::Project& project, const std::string& session_id, const std::string& digest,
                project::Author author) {
  const Deciding deciding(project, session_id);
  auto [number, message] = deciding.find(digest);
  const Preview seen = preview(project, *message.proposal);
  const Written written = write(project, *message.proposal, seen.digest, author);
  message.decision = Decision::Confirmed;
  message.difference = seen.difference;
  message.result = written.name;
  deciding.note(number, std::move(message));
  return written;
}

void decline(project::Project& project, const std::string& session_id, const std::string& digest) {
  const Deciding deciding(project, session_id);
  auto [number, message] = deciding.find(digest);
  message.decision = Decision::Declined;
  deciding.note(number, std::move(message));
}

}  // namespace changeling::chat
