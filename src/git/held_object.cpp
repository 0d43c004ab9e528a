#include "git/held_object.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "support/text.hpp"

namespace changeling::git {
namespace {

using std::chrono::seconds;

/// Longer than any push is given.
constexpr auto longest_life = std::chrono::hours(24);

/// The machine's own clock: the references of a process that was killed are found by their age.
std::int64_t now() {
  return std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

HeldObject::HeldObject(Repository& repository, const ObjectId& id)
    : repository_(repository),
      id_(id),
      reference_(fmt::format("{}{}-{}", held_references, now(), random_id(10))) {
  try {
    if (repository_.compare_and_swap(reference_, std::nullopt, id_, "hold") == SwapResult::Swapped) return;
  } catch (const Error& error) {
    throw Collected(ErrorKind::Git, error.what());
  }
  throw Error(ErrorKind::Git, fmt::format("{} could not be written", reference_));
}

HeldObject::~HeldObject() {
  // What stays is removed by remove_held_remains().
  try {
    repository_.remove_reference(reference_, id_);
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
  }
}

HeldCommit create_held_commit(Repository& repository, const GitProgram& git, const NewCommit& commit) {
  const HeldObject tree(repository, commit.tree);
  try {
    const ObjectId id = git.create_commit(commit);
    return {id, std::make_shared<HeldObject>(repository, id)};
  } catch (const Error& error) {
    if (repository.has_object(commit.tree)) throw;
    throw Collected(error.kind(), error.what(), error.hint());
  }
}

void remove_held_remains(Repository& repository) {
  for (const auto& [reference, target] : repository.reference_targets()) {
    if (!reference.starts_with(held_references)) continue;
    const std::string_view time = std::string_view(reference).substr(held_references.size());
    std::int64_t made = 0;
    std::from_chars(time.data(), time.data() + time.size(), made);
    if (seconds(now() - made) > longest_life) repository.remove_reference(reference, target);
  }
}

}  // namespace changeling::git
