#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace changeling::notify {

/// One thing that its user is to be told, wherever they are. It says and leads somewhere; nothing in it acts.
struct Notification {
  std::string kind;        ///< What has happened: the outcome of a run, or "missed".
  std::string subject;     ///< Whom it is about: the name of a changeling.
  std::string cause;       ///< Tells it from every other: of one cause one notification is given.
  std::string repository;  ///< What people call it.
  std::string title;       ///< One line.
  std::string text;        ///< Sentences, in any number of lines.
  std::string link;        ///< The page that settles it, http or https; empty where none is known.
  std::string command;     ///< What to type otherwise.
  bool is_urgent = false;  ///< Something went wrong.
};

/// The same with nothing in it that a reader would not see or a program would obey, and no longer than any
/// channel takes: texts of agents, forges and records are in it. A link that is none is left out.
Notification harmless(Notification notification);

/// The text with the way that leads on at its end, for channels whose messages are plain text.
std::string whole_text(const Notification& notification);

nlohmann::json to_json(const Notification& notification);
Notification notification_from_json(const nlohmann::json& object);

}  // namespace changeling::notify
