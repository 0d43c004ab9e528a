#pragma once

#include <string>
#include <vector>

#include "changeling/skill.hpp"
#include "chat/session.hpp"
#include "project/project.hpp"

namespace changeling::chat {

/// What the agent of a chat is told of the repository: changelings, roles, templates, webhooks, open tasks,
/// and what waits for a person; a line each, and of each kind the first.
std::string describe_project(project::Project& project);

/// The whole prompt: who the agent is and what it may propose, what it has to know (`facts`, which others
/// have written, between marks), what was said so far in `session`, and the new message. The form of the
/// answer is part of it for an agent that is `told_form`; Claude Code gets it by itself. `skills`, which the
/// user has approved, stand in it with their whole content.
std::string compose_prompt(const std::string& repository, const std::string& facts, const Session& session,
                           const std::string& message, bool told_form, const std::vector<Skill>& skills = {});

/// The skills of changeling.chatSkills. Throws Error(NotFound) for one that is not there, and Error(Refused)
/// for one that is not trusted here.
std::vector<Skill> chat_skills(project::Project& project);

}  // namespace changeling::chat
