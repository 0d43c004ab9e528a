#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/project.hpp"
#include "run/question.hpp"

namespace changeling::report {

/// Something that waits for a person.
struct Need {
  enum class Kind {
    Halt,          ///< Everything is switched off.
    Login,         ///< An agent type is not logged in on this machine.
    Question,      ///< An agent asks its user something, and waits.
    Approval,      ///< Something is not trusted on this machine, or not as it is now.
    Review,        ///< A pull request is open.
    TaskReview,    ///< A task is to be judged.
    TaskApproval,  ///< A task waits for a person's word.
    TaskBlocked,   ///< A task is blocked, and says why.
    RunFailed,     ///< The newest runs of a changeling have failed.
    RunLost,       ///< A run's machine is presumed dead.
    ToolRefused,   ///< The newest run of a changeling was refused tools.
    Schedule,      ///< A schedule has not started what was due, or nothing looks after schedules.
    Outbox,        ///< Checked work could not be sent.
    Notification,  ///< A channel for notifications does not take them.
  };

  Kind kind = Kind::Approval;
  std::string subject;             ///< Name, id or number of what it is about; "" for the repository.
  std::string changeling;          ///< Whose it is; "" for what is nobody's.
  std::string text;                ///< One sentence for people; text of others may be in it.
  std::optional<Timestamp> since;  ///< Where it is known.
  std::string settle;              ///< What to type.
  std::optional<run::Question> question = {};  ///< Of Kind::Question.
};
/// "task-review"
std::string_view to_string(Need::Kind kind);

/// At most so many of one kind are named.
inline constexpr std::size_t most_needs_of_a_kind = 100;

/// Who looks for what schedules ask for: the timer of this machine, which may have a problem of its own, or
/// the caller, as the service does.
enum class ScheduleKeeper { Timer, Caller };

struct Waiting {
  std::vector<Need> needs;  ///< In the order of Need::Kind, the oldest of each first.
  /// How many there are of each kind, also of those that are not named; none of kinds without one.
  std::map<Need::Kind, std::size_t> totals;
};

/// Everything in a repository that waits for its user. Neither the network nor the forge is asked, and
/// nothing is changed: of a forge elsewhere it knows what runs have noted.
Waiting read_needs(project::Project& project, ScheduleKeeper keeper);

}  // namespace changeling::report
