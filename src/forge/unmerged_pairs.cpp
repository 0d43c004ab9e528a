#include "forge/unmerged_pairs.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

/// Beyond them it begins anew: most are of bases that have moved on.
constexpr std::size_t most_pairs = 1'000;
constexpr std::size_t longest_file = 1 << 20;

std::string line_of(const git::ObjectId& head, const git::ObjectId& base) {
  return fmt::format("{} {}", head.hex(), base.hex());
}

}  // namespace

UnmergedPairs::UnmergedPairs(const std::filesystem::path& common_directory)
    : file_(common_directory / "changelings" / "unmerged") {
  try {
    for (const std::string& line : split_lines(read_regular_file(file_, longest_file).value_or("")))
      pairs_.insert(line);
  } catch (const Error&) {
    pairs_.clear();
  }
}

bool UnmergedPairs::contain(const git::ObjectId& head, const git::ObjectId& base) const {
  return pairs_.contains(line_of(head, base));
}

void UnmergedPairs::add(const git::ObjectId& head, const git::ObjectId& base) {
  if (pairs_.size() >= most_pairs) pairs_.clear();
  is_changed_ = pairs_.insert(line_of(head, base)).second || is_changed_;
}

UnmergedPairs::~UnmergedPairs() {
  if (!is_changed_) return;
  std::string text;
  for (const std::string& pair : pairs_) text += pair + "\n";
  try {
    write_file(file_, text, Outlives::Process);
  } catch (const Error&) {
    // Read-only media: the next one looks again.
  }
}

}  // namespace changeling::forge
