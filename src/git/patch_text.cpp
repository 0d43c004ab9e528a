#include "git/patch_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "support/text.hpp"

namespace changeling::git {
namespace {

/// "12,3" or "12", which means one line.
std::optional<std::pair<std::int64_t, std::int64_t>> read_range(std::string_view& text) {
  std::pair<std::int64_t, std::int64_t> range{0, 1};
  const auto take = [&](std::int64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
  };
  if (!take(range.first)) return std::nullopt;
  if (!text.starts_with(',')) return range;
  text.remove_prefix(1);
  if (!take(range.second)) return std::nullopt;
  return range;
}

/// "@@ -1,2 +1,3 @@ section"
std::optional<Hunk> read_hunk_head(std::string_view line) {
  const auto skip = [&line](std::string_view word) {
    const bool is_there = line.starts_with(word);
    if (is_there) line.remove_prefix(word.size());
    return is_there;
  };
  if (!skip("@@ -")) return std::nullopt;
  const auto before = read_range(line);
  if (!before || !skip(" +")) return std::nullopt;
  const auto after = read_range(line);
  if (!after || !skip(" @@")) return std::nullopt;
  skip(" ");
  return Hunk{before->first, before->second, after->first, after->second, std::string(line), {}};
}

class PatchReader {
 public:
  explicit PatchReader(const PatchLimits& limits) : limits_(limits) {}

  void read(std::string_view line) {
    if (line.starts_with('\\')) return note_missing_line_end();
    if (old_left_ > 0 || new_left_ > 0) return read_line(line);
    if (line.starts_with("diff --git ")) return begin_file();
    if (files_.empty()) return;
    if (auto hunk = read_hunk_head(line)) begin_hunk(std::move(*hunk));
  }
  std::vector<FilePatch> take() { return std::move(files_); }

 private:
  void begin_file() {
    files_.emplace_back();
    lines_of_file_ = 0;
    last_line_ = nullptr;
  }

  void begin_hunk(Hunk hunk) {
    old_left_ = hunk.old_lines;
    new_left_ = hunk.new_lines;
    old_next_ = hunk.old_start;
    new_next_ = hunk.new_start;
    last_line_ = nullptr;
    if (is_full()) return cut();
    files_.back().hunks.push_back(std::move(hunk));
  }

  bool is_full() const { return lines_of_file_ >= limits_.lines_of_file || lines_ >= limits_.lines; }
  void cut() { files_.back().is_cut = true; }

  void read_line(std::string_view line) {
    PatchLine read;
    if (line.starts_with('+')) read.kind = PatchLine::Kind::Added;
    if (line.starts_with('-')) read.kind = PatchLine::Kind::Deleted;
    if (read.kind != PatchLine::Kind::Added) {
      read.old_number = old_next_++;
      --old_left_;
    }
    if (read.kind != PatchLine::Kind::Deleted) {
      read.new_number = new_next_++;
      --new_left_;
    }
    last_line_ = nullptr;
    if (is_full()) return cut();
    ++lines_of_file_;
    ++lines_;
    take_text(line.empty() ? line : line.substr(1), read);
    auto& lines = files_.back().hunks.back().lines;
    lines.push_back(std::move(read));
    last_line_ = &lines.back();
  }

  void take_text(std::string_view text, PatchLine& line) const {
    line.is_cut = text.size() > limits_.bytes_of_line;
    if (line.is_cut) {
      text = text.substr(0, limits_.bytes_of_line);
      if (const std::size_t whole = whole_characters(text); whole > 0) text = text.substr(0, whole);
    }
    line.text = valid_utf8(text);
  }

  void note_missing_line_end() {
    if (last_line_ != nullptr) last_line_->has_line_end = false;
  }

  const PatchLimits& limits_;
  std::vector<FilePatch> files_;
  std::size_t lines_of_file_ = 0;
  std::size_t lines_ = 0;
  std::int64_t old_left_ = 0;
  std::int64_t new_left_ = 0;
  std::int64_t old_next_ = 0;
  std::int64_t new_next_ = 0;
  PatchLine* last_line_ = nullptr;
};

}  // namespace

std::vector<FilePatch> parse_patch(std::string_view text, const PatchLimits& limits) {
  PatchReader reader(limits);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    reader.read(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.take();
}

}  // namespace changeling::git
