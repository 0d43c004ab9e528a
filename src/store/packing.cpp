#include "store/packing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include "git/fresh_objects.hpp"
#include "git/last_words.hpp"
#include "git/repository.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

namespace fs = std::filesystem;

/// The folder that git's own estimate counts as well.
constexpr const char* sample = "17";
constexpr std::size_t folders = 256;
constexpr std::size_t most_packs = 10;
constexpr auto time_limit = std::chrono::minutes(10);

/// What is known of the last time: how many loose objects stayed in the sample, and the commit that was
/// packed up to. Either may be missing.
struct Note {
  std::size_t stayed = 0;
  std::string commit;
};

Note read_note(const fs::path& file) {
  const auto lines = split_lines(read_file_if_exists(file).value_or(""));
  Note note;
  if (!lines.empty()) std::from_chars(lines[0].data(), lines[0].data() + lines[0].size(), note.stayed);
  if (lines.size() > 1) note.commit = lines[1];
  return note;
}

std::string run(const git::GitProgram& git, std::vector<std::string> arguments, const std::string& input) {
  const ProcessResult result = git.run(std::move(arguments), {}, time_limit, input);
  if (!result.status.success())
    throw Error(ErrorKind::External, fmt::format("could not pack objects: {}", git::last_words(result)));
  return std::string(trim(result.output));
}

/// `name` without the folder: "pack-1234….pack".
bool exists(const fs::path& packs, const std::string& name) {
  std::error_code ignored;
  return fs::exists(packs / name, ignored);
}

}  // namespace

Packing::Packing(const fs::path& common_directory, const fs::path& folder)
    : common_directory_(common_directory), objects_(common_directory / "objects"), folder_(folder) {}

std::size_t Packing::count_loose() const {
  std::error_code problem;
  std::size_t count = 0;
  for (fs::directory_iterator entry(objects_ / sample, problem), end; !problem && entry != end;
       entry.increment(problem))
    ++count;
  return count;
}

bool Packing::is_due(std::size_t most) const {
  const std::size_t count = count_loose();
  if (count * folders <= most) return false;
  const std::size_t stayed = read_note(folder_ / "packed").stayed;
  return count > stayed && (count - stayed) * folders > most;
}

Packing::Outcome Packing::pack(const git::GitProgram& git, const std::string& reference) const {
  const auto lock = FileLock::try_acquire(folder_ / "pack.lock");
  if (!lock || git::is_collecting_garbage(common_directory_)) return Outcome::Busy;
  try {
    pack_new(git, reference);
  } catch (const Error&) {
    // A loose object that is damaged, for example. The next commands need not try again at once.
    const std::string before = read_note(folder_ / "packed").commit;
    write_file(folder_ / "packed", fmt::format("{}\n{}\n", count_loose(), before));
    throw;
  }
  join_packs(git);
  return Outcome::Packed;
}

void Packing::pack_new(const git::GitProgram& git, const std::string& reference) const {
  const fs::path note_file = folder_ / "packed";
  const std::string tip = git.check({"rev-parse", "--verify", "--quiet", reference + "^{commit}"});
  std::string wanted = tip + "\n";
  // Only what has come since: walking the whole history would cost more with each operation. After a
  // compaction that commit is of another history, or gone.
  const std::string before = read_note(note_file).commit;
  if (!before.empty() && git.run({"merge-base", "--is-ancestor", before, tip}).status.success())
    wanted += "^" + before + "\n";
  const std::string name = run(git,
                               {"pack-objects", "--quiet", "--revs", "--unpacked", "--incremental", "--local",
                                "--delta-base-offset", "--threads=1", (objects_ / "pack" / "pack").string()},
                               wanted);
  if (!name.empty()) {
    // Readers that look for a loose object that is gone look at the packs again.
    run(git, {"prune-packed", "--quiet"}, "");
    std::string known = read_file_if_exists(folder_ / "packs").value_or("");
    write_file(folder_ / "packs", fmt::format("{}pack-{}.pack\n", known, name));
  }
  write_file(note_file, fmt::format("{}\n{}\n", count_loose(), tip));
}

void Packing::join_packs(const git::GitProgram& git) const {
  const fs::path packs = objects_ / "pack";
  std::vector<std::string> own;
  for (const std::string& name : split_lines(read_file_if_exists(folder_ / "packs").value_or(""))) {
    // A `git gc` has made others of them; one with a .keep is somebody's.
    if (name.ends_with(".pack") && exists(packs, name) &&
        !exists(packs, name.substr(0, name.size() - 5) + ".keep"))
      own.push_back(name);
  }
  if (own.size() < most_packs) return;
  const std::string name = run(git,
                               {"pack-objects", "--quiet", "--stdin-packs", "--delta-base-offset",
                                "--threads=1", (packs / "pack").string()},
                               join(own, "\n") + "\n");
  if (name.empty()) return;
  const std::string joined = fmt::format("pack-{}.pack", name);
  write_file(folder_ / "packs", joined + "\n");
  for (const std::string& old : own) {
    if (old == joined) continue;
    std::error_code ignored;
    const std::string stem = old.substr(0, old.size() - 5);
    // The index goes first: without it no reader begins with the pack.
    for (const char* ending : {".idx", ".rev", ".pack"}) fs::remove(packs / (stem + ending), ignored);
  }
}

}  // namespace changeling::store
