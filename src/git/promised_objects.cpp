#include "git/promised_objects.hpp"
#include "git/last_words.hpp"

#include <git2/sys/odb_backend.h>

#include <charconv>
#include <cstring>
#include <new>

#include "git/program.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

struct PromisedObjects : git_odb_backend {
  explicit PromisedObjects(const AskGit& git) : git_odb_backend{}, ask(git) {}
  const AskGit& ask;
};

/// What `git cat-file --batch` says of one object: "NAME TYPE SIZE", its bytes, and the end of a line.
struct Answer {
  git_object_t type = GIT_OBJECT_INVALID;
  std::string_view content;
};

Answer parse_answer(std::string_view output) {
  const auto line_end = output.find('\n');
  if (line_end == std::string_view::npos) return {};
  const auto words = split(output.substr(0, line_end), ' ');
  if (words.size() != 3) return {};
  std::size_t size = 0;
  std::from_chars(words[2].data(), words[2].data() + words[2].size(), size);
  output.remove_prefix(line_end + 1);
  if (output.size() < size) return {};
  return {git_object_string2type(words[1].c_str()), output.substr(0, size)};
}

int read(void** bytes, std::size_t* size, git_object_t* type, git_odb_backend* self, const git_oid* id) {
  // Exceptions must not pass through libgit2.
  try {
    const auto* promised = static_cast<PromisedObjects*>(self);
    const ProcessResult result = promised->ask({"cat-file", "--batch"}, from_oid(*id).hex() + "\n");
    const Answer answer = parse_answer(result.output);
    if (answer.type == GIT_OBJECT_INVALID) {
      const std::string reason = "object " + from_oid(*id).hex() +
                                 " is not in this partial clone, and could not be fetched: " +
                                 (result.error.empty() ? "nobody has it" : last_words(result));
      git_error_set_str(GIT_ERROR_ODB, reason.c_str());
      // With GIT_ENOTFOUND libgit2 would ask again, and say less.
      return GIT_ERROR;
    }
    void* buffer = git_odb_backend_data_alloc(self, answer.content.size() + 1);
    if (buffer == nullptr) return GIT_ERROR;
    std::memcpy(buffer, answer.content.data(), answer.content.size());
    static_cast<char*>(buffer)[answer.content.size()] = '\0';
    *bytes = buffer;
    *size = answer.content.size();
    *type = answer.type;
    return GIT_OK;
  } catch (const std::exception& error) {
    git_error_set_str(GIT_ERROR_ODB, error.what());
    return GIT_ERROR;
  }
}

}  // namespace

void read_promised_objects(git_odb* database, const AskGit& ask) {
  auto promised = std::make_unique<PromisedObjects>(ask);
  promised->version = GIT_ODB_BACKEND_VERSION;
  promised->read = read;
  promised->free = [](git_odb_backend* self) { delete static_cast<PromisedObjects*>(self); };
  // Asked last: the numbers are libgit2's priorities, of which loose objects have 1 and packs 2.
  check(git_odb_add_alternate(database, promised.get(), 0), "read a partial clone");
  static_cast<void>(promised.release());
}

}  // namespace changeling::git
