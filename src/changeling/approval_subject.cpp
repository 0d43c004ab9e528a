#include "changeling/approval_subject.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "changeling/fields.hpp"
#include "changeling/record_fields.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

struct Character {
  char32_t point = 0;
  std::size_t length = 0;  ///< In bytes; 0 when the text does not start with valid UTF-8.
};

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const std::size_t length = byte(0) < 0x80 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  const std::string_view bytes = text.substr(0, length);
  if (bytes.size() < length || valid_utf8(bytes) != bytes) return {};
  char32_t point = length == 1 ? byte(0) : byte(0) & (0x7FU >> length);
  for (std::size_t index = 1; index < length; ++index) point = point << 6 | (byte(index) & 0x3FU);
  return {point, length};
}

/// Characters that a terminal obeys or that nobody sees: what they say to a model or a shell would differ
/// from what the user approves (Unicode Technical Report 36, "Trojan Source").
bool hides(char32_t point) {
  const auto between = [&](char32_t first, char32_t last) { return first <= point && point <= last; };
  return point < 0x20 || between(0x7F, 0x9F) || point == 0xAD || point == 0x61C || between(0x115F, 0x1160) ||
         between(0x17B4, 0x17B5) || between(0x180B, 0x180F) || between(0x200B, 0x200F) ||
         between(0x2028, 0x202E) || between(0x2060, 0x206F) || point == 0x3164 || between(0xFE00, 0xFE0F) ||
         point == 0xFEFF || point == 0xFFA0 || between(0xFFF0, 0xFFFB) || between(0xE0000, 0xE0FFF);
}

/// The same for no two different texts: the backslash, too, is written out.
std::string written_out(std::string_view raw) {
  std::string text;
  while (!raw.empty()) {
    const Character character = first_character(raw);
    const std::size_t length = std::max<std::size_t>(character.length, 1);
    if (character.length == 0) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(raw.front()));
    } else if (character.point == '\\') {
      text += "\\\\";
    } else if (hides(character.point)) {
      text += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(character.point));
    } else {
      text += raw.substr(0, length);
    }
    raw.remove_prefix(length);
  }
  return text;
}

/// Before the "=" of its value: its own are marked, so that no other name and value are written alike.
std::string written_name(std::string_view raw) {
  return join(split(written_out(raw), '='), "\\=");
}

/// Writes values under their keys. An empty value writes nothing: it is the same as leaving it out.
class TextWriter {
 public:
  void add(std::string_view key, const std::string& value) {
    if (value.empty()) return;
    if (value.find('\n') == std::string::npos) {
      text_ += fmt::format("{}: {}\n", key, written_out(value));
      return;
    }
    text_ += fmt::format("{}: |\n", key);
    for (const std::string& line : split(value, '\n')) text_ += fmt::format("  {}\n", written_out(line));
  }
  void add(std::string_view key, const std::vector<std::string>& values) {
    if (values.empty()) return;
    text_ += fmt::format("{}:\n", key);
    for (const std::string& value : values) text_ += fmt::format("  - {}\n", written_out(value));
  }
  void add(std::string_view key, const std::map<std::string, std::string>& values) {
    if (values.empty()) return;
    text_ += fmt::format("{}:\n", key);
    for (const auto& [name, value] : values)
      text_ += fmt::format("  {}={}\n", written_name(name), written_out(value));
  }
  /// As the items of a list.
  void add_items(std::string_view key, const std::map<std::string, std::string>& values) {
    if (values.empty()) return;
    text_ += fmt::format("{}:\n", key);
    for (const auto& [name, value] : values)
      text_ += fmt::format("  - {}={}\n", written_name(name), written_out(value));
  }
  void add(std::string_view key, bool value) { text_ += fmt::format("{}: {}\n", key, value); }
  void add(std::string_view key, std::int64_t value) { text_ += fmt::format("{}: {}\n", key, value); }
  void add(std::string_view key, double value) { text_ += fmt::format("{}: {}\n", key, value); }

  /// Every field of a record, under its key behind `prefix`.
  template <typename Record>
  void add(std::span<const RecordField<Record>> fields, const Record& record, std::string_view prefix = "") {
    for (const RecordField<Record>& field : fields) {
      if (field.approved == Approved::Never) continue;
      const FieldValue read = field.read(record);
      if (field.approved == Approved::UnlessDefault && read == field.read(Record())) continue;
      std::visit([&](const auto& value) { add(fmt::format("{}{}", prefix, field.key), value); }, read);
    }
  }
  void add(const AgentType& agent) { add(agent_fields(), agent, "agent_"); }

  /// The whole content: whoever may change a record of the state must not change what was approved.
  void add(const Skill& skill) {
    std::vector<std::string> paths;
    for (const auto& [path, content] : skill.files) paths.push_back(path);
    add(fmt::format("skill {} files", skill.name), paths);
    for (const auto& [path, content] : skill.files)
      add(fmt::format("skill {}/{}", skill.name, path), content);
  }
  void add(const Equipment& equipment) {
    for (const Subagent& subagent : equipment.agents)
      add(subagent_fields(), subagent, fmt::format("subagent {} ", subagent.name));
    for (const Skill& skill : equipment.skills) add(skill);
    add("missing", equipment.missing);
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// Fields that came after people had approved definitions: at their default they stay out of the text, so
/// that a new version of the program revokes nothing.
bool is_younger_than_approvals(const FieldSpec& field) {
  constexpr std::array younger{"refusals",      "network",       "sandbox_read",
                               "sandbox_write", "max_memory_mb", "max_processes",
                               "max_file_mb",   "agents",        "skills"};
  return std::find(younger.begin(), younger.end(), field.key) != younger.end();
}

/// Fields that say whether something is done, and nothing of what: turning a changeling off and on again
/// takes no new look at it.
bool decides_nothing_that_runs(const FieldSpec& field) {
  return field.key == "enabled";
}

}  // namespace

std::string_view to_string(ApprovalSubject::Kind kind) {
  switch (kind) {
    case ApprovalSubject::Kind::Changeling:
      return "changeling";
    case ApprovalSubject::Kind::Role:
      return "role";
    case ApprovalSubject::Kind::Agent:
      return "agent";
    case ApprovalSubject::Kind::Criterion:
      return "criterion";
    case ApprovalSubject::Kind::Webhook:
      return "webhook";
    case ApprovalSubject::Kind::Subagent:
      return "subagent";
    case ApprovalSubject::Kind::Skill:
      return "skill";
  }
  return "changeling";
}

std::string ApprovalSubject::label() const {
  return kind == Kind::Changeling ? name : fmt::format("{}:{}", to_string(kind), name);
}

ApprovalSubject approval_subject(const Definition& definition, const AgentType& agent) {
  TextWriter writer;
  for (const FieldSpec& field : definition_fields()) {
    if (decides_nothing_that_runs(field)) continue;
    const FieldValue read = field.read(definition);
    if (is_younger_than_approvals(field) && read == default_layer().values.at(std::string(field.key)))
      continue;
    std::visit([&](const auto& value) { writer.add(field.key, value); }, read);
  }
  writer.add(agent);
  writer.add(definition.equipment);
  return {ApprovalSubject::Kind::Changeling, definition.name, writer.take()};
}

ApprovalSubject approval_subject(const RoleDefinition& role, const AgentType& agent) {
  TextWriter writer;
  writer.add(role_fields(), role);
  writer.add(agent);
  writer.add(role.equipment);
  return {ApprovalSubject::Kind::Role, role.name, writer.take()};
}

ApprovalSubject approval_subject(const AgentType& agent) {
  TextWriter writer;
  writer.add(agent);
  return {ApprovalSubject::Kind::Agent, agent.name, writer.take()};
}

ApprovalSubject approval_subject(const Subagent& subagent) {
  TextWriter writer;
  writer.add(subagent_fields(), subagent);
  return {ApprovalSubject::Kind::Subagent, subagent.name, writer.take()};
}

ApprovalSubject approval_subject(const Skill& skill) {
  TextWriter writer;
  writer.add(skill);
  return {ApprovalSubject::Kind::Skill, skill.name, writer.take()};
}

ApprovalSubject criterion_subject(const std::string& command_line) {
  constexpr std::size_t name_length = 16;
  TextWriter writer;
  writer.add("run", command_line);
  return {ApprovalSubject::Kind::Criterion, sha256_hex(command_line).substr(0, name_length), writer.take()};
}

ApprovalSubject webhook_subject(const std::string& name, const std::map<std::string, WebhookValue>& values) {
  TextWriter writer;
  for (const auto& [key, value] : values) {
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
      writer.add(key, *list);
    } else {
      writer.add_items(key, std::get<std::map<std::string, std::string>>(value));
    }
  }
  return {ApprovalSubject::Kind::Webhook, name, writer.take()};
}

std::string approval_digest(std::string_view repository_id, const ApprovalSubject& subject) {
  // The lengths keep the end of one part from passing for the beginning of the next.
  return sha256_hex(fmt::format("git-changeling approval 1\n{}:{}\n{}\n{}:{}\n{}:{}", repository_id.size(),
                                repository_id, to_string(subject.kind), subject.name.size(), subject.name,
                                subject.text.size(), subject.text));
}

std::string portable_digest(const ApprovalSubject& subject) {
  return approval_digest("", subject);
}

}  // namespace changeling
