#pragma once

#include <optional>
#include <string>

#include "project/outbox.hpp"
#include "project/own_heads.hpp"
#include "project/services.hpp"

namespace changeling::run {

/// Remembers, where no agent and no pushed record reaches, what a run of this clone is about to publish. Its
/// checks are over by then.
void note_own_head(const project::Services& services, const project::OwnHead& head);

/// Whether all that `head` adds to its base was made by runs of this clone, each of which went on where the
/// one before had ended. A commit that somebody pushed in between breaks the chain, and so does work of
/// another clone: what may be given up is what this clone can prove to be its own, whatever records say.
bool is_proven_work(const project::Services& services, const git::ObjectId& head);

/// A sentence when a waiting entry is not what a run of this clone had checked and was about to send: a file
/// of the outbox can be written by any program that may write into the repository's folder. Nothing when it
/// may go.
std::optional<std::string> why_unproven(const project::Services& services, const project::OutboxEntry& entry);

}  // namespace changeling::run
