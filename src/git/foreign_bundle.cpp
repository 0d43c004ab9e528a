#include "git/foreign_bundle.hpp"

#include <fmt/format.h>

#include <charconv>

#include "git/alternates.hpp"
#include "git/config_text.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view signature = "# v2 git bundle\n";
/// Of a bundle with a few references and prerequisites; each takes less than 400 bytes.
constexpr std::size_t longest_header = std::size_t{1} << 16;
constexpr auto unpacking_limit = std::chrono::minutes(10);

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorKind::Invalid, why);
}

/// "COMMIT comment" behind the "-", and "OBJECT NAME".
void take_line(std::string_view line, BundleHeader& header) {
  const bool is_prerequisite = line.starts_with('-');
  if (is_prerequisite) line.remove_prefix(1);
  const ObjectId id = ObjectId::from_hex(line.substr(0, 40));
  const std::string_view rest = line.substr(std::min<std::size_t>(line.size(), 40));
  if (is_prerequisite) {
    header.prerequisites.push_back(id);
    return;
  }
  if (!rest.starts_with(" refs/")) refuse("a reference of the bundle has no full name");
  if (!header.references.emplace(rest.substr(1), id).second)
    refuse("the bundle has two references of one name");
}

std::string beginning_of(const fs::path& file, std::size_t most_bytes) {
  std::error_code problem;
  const auto status = fs::symlink_status(file, problem);
  if (!fs::exists(status))
    throw Error(ErrorKind::NotFound, fmt::format("there is no file {}", file.string()));
  auto text = read_regular_file(file, longest_header);
  if (!text) refuse(fmt::format("{} is not a plain file", file.string()));
  if (fs::file_size(file) > most_bytes)
    refuse(fmt::format("{} is larger than {} MiB", file.string(), most_bytes >> 20));
  return std::move(*text);
}

void make_apart(const Repository& ours, const fs::path& folder) {
  fs::remove_all(folder);
  for (const char* part : {"objects/pack", "refs/heads"}) create_private_directories(folder / part);
  borrow_objects(folder / "objects", {ours.common_directory() / "objects"});
  // Where our history ends is where the bundle's may end, too.
  if (const auto boundary = read_file_if_exists(ours.common_directory() / "shallow"))
    write_file(folder / "shallow", *boundary, Outlives::Process);
  write_file(folder / "config",
             config_text({{"core.repositoryformatversion", "0"}, {"core.bare", "true"}, {"gc.auto", "0"}}),
             Outlives::Process);
  write_file(folder / "HEAD", "ref: refs/heads/none\n", Outlives::Process);
}

}  // namespace

BundleHeader parse_bundle_header(std::string_view beginning) {
  if (!beginning.starts_with(signature)) refuse("it is not a git bundle of version 2");
  beginning.remove_prefix(signature.size());
  BundleHeader header;
  for (;;) {
    const auto end = beginning.find('\n');
    if (end == std::string_view::npos) refuse("the header of the bundle does not end");
    const std::string_view line = beginning.substr(0, end);
    if (line.empty()) return header;
    take_line(line, header);
    beginning.remove_prefix(end + 1);
  }
}

ForeignBundle::ForeignBundle(const GitProgram& git, const Repository& ours, const fs::path& file,
                             const fs::path& folder, const BundleLimits& limits)
    : git_(git),
      apart_(git.with({{"GIT_DIR", folder.string()}}, folder)),
      folder_(folder),
      header_(parse_bundle_header(beginning_of(file, limits.most_file_bytes))) {
  make_apart(ours, folder);
  try {
    unpack(fs::absolute(file));
    check_sizes(limits);
    contents_.emplace(Repository::discover(folder, git.environment()));
  } catch (...) {
    fs::remove_all(folder_);
    throw;
  }
}

ForeignBundle::~ForeignBundle() {
  contents_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void ForeignBundle::unpack(const fs::path& file) const {
  std::vector<std::string> arguments{"-c",
                                     "protocol.allow=never",
                                     "-c",
                                     "protocol.file.allow=always",
                                     "fetch",
                                     "--quiet",
                                     "--no-tags",
                                     "--no-write-fetch-head",
                                     "--no-recurse-submodules",
                                     "--no-auto-maintenance",
                                     "--refmap=",
                                     file.string()};
  for (const auto& [name, id] : header_.references) arguments.push_back(fmt::format("{0}:{0}", name));
  const ProcessResult result = apart_.run(arguments, {}, unpacking_limit);
  if (!result.status.success())
    refuse(fmt::format("git cannot unpack it: {}", trim(last_part(result.error, 500))));
}

void ForeignBundle::check_sizes(const BundleLimits& limits) const {
  std::vector<std::string> listing{"rev-list", "--objects", "--no-object-names"};
  for (const auto& [name, id] : header_.references) listing.push_back(id.hex());
  // What a reference of ours leads to is not the bundle's.
  listing.insert(listing.end(), {"--not", "--alternate-refs"});
  for (const ObjectId& known : header_.prerequisites) listing.push_back(known.hex());
  const std::string objects = apart_.check(listing) + "\n";
  const ProcessResult sizes =
      apart_.run({"cat-file", "--batch-check=%(objectsize)"}, {}, unpacking_limit, objects);
  if (!sizes.status.success()) refuse("git cannot tell how large its objects are");
  const auto lines = split_lines(sizes.output);
  if (lines.size() > limits.most_objects) refuse(fmt::format("it has {} objects", lines.size()));
  std::uint64_t sum = 0;
  for (const std::string& line : lines) {
    std::uint64_t size = 0;
    const auto read = std::from_chars(line.data(), line.data() + line.size(), size);
    if (read.ec != std::errc()) refuse("git cannot tell how large its objects are");
    sum += std::min<std::uint64_t>(size, limits.most_unpacked_bytes + 1);
  }
  if (sum > limits.most_unpacked_bytes)
    refuse(fmt::format("its objects are larger than {} MiB together", limits.most_unpacked_bytes >> 20));
}

void ForeignBundle::take(const ObjectId& commit, const std::string& reference) const {
  if (const auto problem = git_.take(folder_, commit, reference))
    refuse(fmt::format("git does not take what is in it: {}", *problem));
}

}  // namespace changeling::git
