#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/program.hpp"
#include "secrets/secret_search.hpp"
#include "support/interruption.hpp"

namespace changeling {

/// A secret that a commit adds.
struct CommitSecret {
  std::string commit;    ///< Its id.
  std::string file;      ///< Empty: the commit itself, in its message or in the lines above it.
  std::size_t line = 0;  ///< In the file as that commit has it, from 1; 0: in the file's name.
};

/// Reads what `git diff-tree --stdin -p -U0 --cc` prints, line by line, and finds the first added line with a
/// known value in any of its forms, and the first file name with one, or with a private key or a token of
/// which the shape alone makes sure.
class PatchSearch {
 public:
  explicit PatchSearch(const KnownSecrets& known) : words_(known.finders()) {}

  void take(std::string_view piece);
  const std::optional<CommitSecret>& found() const { return found_; }

 private:
  void take_line(std::string_view line);
  void take_header(std::string_view line);
  void take_name(std::string_view line);
  void begin_hunk(std::string_view line);
  bool holds_secret(std::string_view line);
  bool ends_secret(char sign, bool is_text);

  std::vector<WordFinder> words_;  ///< As the others: a secret may go on in the next line.
  TokenFinder token_{Certainty::Sure};
  PrivateKeyFinder key_;
  std::size_t position_ = 0;
  std::string rest_;
  CommitSecret place_;
  std::size_t parents_ = 1;
  std::size_t lines_left_ = 0;  ///< Of the hunk, in the file as the commit has it.
  std::optional<CommitSecret> found_;
};

/// Whether a text has what PatchSearch finds in lines that are added.
bool text_has_secret(std::string_view text, const KnownSecrets& known);

/// The first secret that a commit adds which `head` has and none of `bases`: in a file or its name, whatever
/// later commits do to it, or in the commit itself. Nothing when there is none. Linear in what the commits
/// add. `git_directory` is the repository's. Throws Error(External) when git fails, Error(Interrupted).
std::optional<CommitSecret> find_secret(const git::GitProgram& git, const std::string& git_directory,
                                        const std::vector<git::ObjectId>& bases, const git::ObjectId& head,
                                        const KnownSecrets& known, const Interruption* interruption);

}  // namespace changeling
