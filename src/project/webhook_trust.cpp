#include "project/webhook_trust.hpp"

namespace changeling::project {
namespace {

std::vector<std::string> one(const std::string& text) {
  return text.empty() ? std::vector<std::string>() : std::vector{text};
}

}  // namespace

ApprovalSubject approval_subject(const store::WebhookRecord& webhook) {
  return webhook_subject(webhook.name, {{"source", one(webhook.source)},
                                        {"changeling", one(webhook.changeling)},
                                        {"task", one(webhook.task)},
                                        {"description", one(webhook.description)},
                                        {"role", one(webhook.role)},
                                        {"status", one(webhook.status)},
                                        {"events", webhook.events},
                                        {"conditions", webhook.conditions},
                                        {"mapping", webhook.mapping},
                                        {"actors", webhook.actors},
                                        {"poll", one(webhook.poll ? "yes" : "")}});
}

}  // namespace changeling::project
