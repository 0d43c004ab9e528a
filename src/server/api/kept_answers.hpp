#pragma once

#include <list>
#include <string>

#include "project/project.hpp"
#include "server/message.hpp"

namespace changeling::server::api {

/// Answers that follow from the state alone (Reply::is_of_state): asked again while the state is the same
/// commit, they are not made again. A bounded number of them, in the memory of one process.
class KeptAnswers {
 public:
  static constexpr std::size_t most_bytes = std::size_t{4} << 20U;  ///< Of all bodies together.

  /// What names an answer: the question, the repository and the commit of its state now; "" where the
  /// question is none whose answer is kept.
  static std::string name_of(const Request& request, project::Project& project);
  /// Nothing, or the answer, until the next call of keep().
  const Response* find(const std::string& name);
  void keep(const std::string& name, const Response& response);

 private:
  struct Kept {
    std::string name;
    Response response;
  };

  std::list<Kept> kept_;  ///< What was asked for last first.
  std::size_t bytes_ = 0;
};

}  // namespace changeling::server::api
