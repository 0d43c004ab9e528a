#include "cli/chat_text.hpp"

#include <fmt/format.h>

#include "cli/diff_text.hpp"
#include "support/text.hpp"
#include "view/definition.hpp"

namespace changeling::cli {
namespace {

constexpr std::size_t shown_digest = 12;
constexpr std::size_t shown_title = 60;

std::string text_in(const Json& json, std::string_view key) {
  return json_string(json, key).value_or("");
}

std::string indented(const std::string& text, std::size_t depth) {
  std::string lines;
  for (const std::string& line : split_lines(text))
    lines += (line.empty() ? "" : std::string(depth, ' ') + line) + "\n";
  return lines;
}

std::string subject_of(const Json& proposal) {
  const std::string name = text_in(proposal, "name");
  return text_in(proposal, "kind") + (name.empty() ? "" : " " + name);
}

std::string fields_text(const Json& fields, const Terminal& terminal) {
  std::string text;
  for (const auto& entry : fields.items()) {
    const std::string value = view::field_text(entry.value());
    const std::string label = styled(fmt::format("{:<15}", entry.key()), Style::Dim, terminal.color);
    text += value.find('\n') == std::string::npos ? fmt::format("  {} {}\n", label, value)
                                                  : fmt::format("  {}\n{}", label, indented(value, 4));
  }
  return text;
}

std::string proposal_text(const Json& proposal, const Terminal& terminal) {
  const std::string decision = text_in(proposal, "decision");
  const std::string subject = styled(subject_of(proposal), Style::Bold, terminal.color);
  if (decision == "confirmed")
    return fmt::format("\nProposed and confirmed: {} ({})\n", subject, text_in(proposal, "result"));
  if (decision == "declined") return fmt::format("\nProposed and declined: {}\n", subject);
  const bool is_new = json_bool(proposal, "is_new").value_or(true);
  std::string text = fmt::format("\nProposed: {} {}\n", is_new ? "a new" : "a change of the", subject);
  text += fields_text(proposal.at("fields"), terminal);
  if (const std::string problem = text_in(proposal, "problem"); !problem.empty())
    return text + fmt::format("\nIt cannot be done any more: {}\n", problem);
  return text + "\n" + colored_diff(text_in(proposal, "difference"), terminal.color);
}

std::string cost_text(const Json& message) {
  const auto cost = json_number(message, "cost_usd");
  const auto turns = json_integer(message, "turns");
  std::vector<std::string> parts;
  if (cost) parts.push_back(fmt::format("${:.4f}", *cost));
  if (turns) parts.push_back(fmt::format("{} turns", *turns));
  return join(parts, ", ");
}

}  // namespace

std::string message_text(const Json& message, const Terminal& terminal) {
  // What the agent says stands off the margin, where only our own lines begin.
  std::string text = indented(text_in(message, "answer"), 2);
  if (const std::string problem = text_in(message, "problem"); !problem.empty())
    text += styled("No answer: ", Style::Red, terminal.color) + problem + "\n";
  const std::string state = text_in(message, "state");
  if (state == "answering") text += "The agent is at work on this.\n";
  if (state == "cut-off") text += "The answer was cut off: whoever waited for it is gone.\n";
  if (!message.at("proposal").is_null()) text += proposal_text(message.at("proposal"), terminal);
  if (const std::string cost = cost_text(message); !cost.empty())
    text += styled(fmt::format("({})", cost), Style::Dim, terminal.color) + "\n";
  return text;
}

std::string conversation_text(const Json& session, const Terminal& terminal) {
  std::string text;
  for (const Json& message : session.at("messages")) {
    for (const std::string& line : split_lines(text_in(message, "text")))
      text += styled("> " + line, Style::Bold, terminal.color) + "\n";
    text += message_text(message, terminal) + "\n";
  }
  return text;
}

std::string session_line(const chat::Session& session) {
  return fmt::format("chat {}: {} message{}, ${:.4f}", session.id, session.messages.size(),
                     session.messages.size() == 1 ? "" : "s", session.cost_usd());
}

std::string sessions_table(const std::vector<chat::Session>& sessions, const Terminal& terminal,
                           Timestamp now) {
  std::vector<std::vector<TableCell>> rows{{{"CHAT", Style::Dim},
                                            {"LAST", Style::Dim},
                                            {"MESSAGES", Style::Dim},
                                            {"COST", Style::Dim},
                                            {"BEGAN WITH", Style::Dim}}};
  for (const chat::Session& session : sessions) {
    rows.push_back({{session.id, Style::Bold},
                    {describe_relative(session.touched_at(), now)},
                    {fmt::format("{}", session.messages.size())},
                    {fmt::format("${:.4f}", session.cost_usd())},
                    {session.messages.empty() ? "" : shortened(session.messages.front().text, shown_title)}});
  }
  return format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                      terminal.color);
}

std::string next_in_chat(const Json& session) {
  const std::string id = text_in(session, "id");
  const Json& messages = session.at("messages");
  const Json proposal = messages.empty() ? Json(nullptr) : messages.back().at("proposal");
  if (!proposal.is_null() && !proposal.at("digest").is_null()) {
    const std::string digest = text_in(proposal, "digest").substr(0, shown_digest);
    return fmt::format(
        "nothing of it exists yet; confirm what is shown: git changeling chat --session {0} --confirm {1}\n"
        "or: git changeling chat --session {0} --decline {1}",
        id, digest);
  }
  return fmt::format("go on: git changeling chat --session {} MESSAGE", id);
}

}  // namespace changeling::cli
