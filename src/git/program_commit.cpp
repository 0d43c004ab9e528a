#include <fmt/format.h>

#include "git/last_words.hpp"
#include "git/program.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {

ObjectId GitProgram::create_commit(const NewCommit& commit) const {
  std::vector<std::string> arguments{"-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-F", "-"};
  arguments.emplace_back(signing_ == Signing::On ? "--gpg-sign" : "--no-gpg-sign");
  for (const ObjectId& parent : commit.parents) arguments.insert(arguments.end(), {"-p", parent.hex()});
  arguments.push_back(commit.tree.hex());
  Command command = command_for(std::move(arguments));
  command.standard_input = commit.message;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(commit.time.time_since_epoch());
  for (const char* who : {"AUTHOR", "COMMITTER"}) {
    command.environment->set(fmt::format("GIT_{}_NAME", who), commit.author.name);
    command.environment->set(fmt::format("GIT_{}_EMAIL", who), commit.author.email);
    command.environment->set(fmt::format("GIT_{}_DATE", who), fmt::format("@{} +0000", seconds.count()));
  }
  const ProcessResult result = runner_.run(command);
  if (!result.status.success()) {
    throw Error(ErrorKind::External, fmt::format("git commit-tree failed: {}", last_words(result)),
                signing_ == Signing::On
                    ? "changeling.sign is set; without signatures: git config changeling.sign false"
                    : "");
  }
  return ObjectId::from_hex(std::string(trim(result.output)));
}

}  // namespace changeling::git
