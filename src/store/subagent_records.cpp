#include "store/subagent_records.hpp"

#include <fmt/format.h>

#include "changeling/toml_file.hpp"
#include "store/record_kinds.hpp"
#include "store/skill_records.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view suffix = ".toml";

std::optional<Subagent> load(const Snapshot& snapshot, const std::string& path, const std::string& name) {
  const auto text = read_record(snapshot, path);
  return text ? std::optional(parse_subagent(*text, path, name)) : std::nullopt;
}

}  // namespace

std::string subagent_path(std::string_view name) {
  return fmt::format("{}/{}{}", subagents_folder, name, suffix);
}

std::optional<std::string> subagent_of(std::string_view path) {
  return helper_at(path, subagents_folder, suffix);
}

std::optional<Subagent> read_subagent(const Snapshot& snapshot, const std::string& name) {
  const std::string path = subagent_path(name);
  std::optional<Subagent> subagent;
  read_or_explain(snapshot, path, [&] { subagent = load(snapshot, path, name); });
  return subagent;
}

std::map<std::string, Subagent> read_subagents(const Snapshot& snapshot, DamagedRecords* damaged) {
  std::map<std::string, Subagent> subagents;
  read_each(snapshot, subagent_kind, damaged, [&](const std::string& path, const std::string& name) {
    subagents.emplace(name, load(snapshot, path, name).value());
  });
  return subagents;
}

void write_subagent(Change& change, const Subagent& subagent) {
  change.write(subagent_path(subagent.name), changeling::write_subagent(subagent));
}

}  // namespace changeling::store
