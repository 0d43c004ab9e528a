#include "project/damage_report.hpp"

#include <fmt/format.h>

#include "support/process.hpp"

namespace changeling::project {
namespace {

/// Among very many the first ones are enough to begin with.
constexpr std::size_t most_said = 10;

}  // namespace

void DamageReport::note(const store::DamagedRecords& records) {
  const bool first = reasons_.empty();
  std::string example;
  std::size_t unsaid = 0;
  for (const store::Damaged& record : records) {
    if (!reasons_.emplace(record.path, record.reason).second) continue;
    if (reasons_.size() > most_said) {
      ++unsaid;
      continue;
    }
    if (example.empty()) example = record.path;
    message_(
        fmt::format("warning: {} cannot be read ({}); everything else works", record.path, record.reason));
  }
  if (unsaid > 0) message_(fmt::format("warning: {} more cannot be read; --json names them", unsaid));
  if (!first || example.empty()) return;
  const std::string& reference = reference_();
  message_(
      fmt::format("  look at it:         git show {}\n"
                  "  who wrote it:       git log -1 --format=%h {} -- {}\n"
                  "  take that back:     git changeling undo COMMIT",
                  shell_quote(reference + ":" + example), shell_quote(reference), shell_quote(example)));
}

void DamageReport::note_in_file(const std::string& file, const Error& error) {
  if (!mistakes_.emplace(error.what(), file).second) return;
  message_(fmt::format("warning: {}; what it defines is neither shown nor started", error.what()));
  if (!error.hint().empty()) message_("hint: " + error.hint());
}

std::vector<DamageReport::Noted> DamageReport::noted() const {
  std::vector<Noted> all;
  for (const auto& [path, reason] : reasons_) all.push_back({path, reason});
  for (const auto& [reason, file] : mistakes_) all.push_back({file, reason});
  return all;
}

}  // namespace changeling::project
