#include "project/webhook_trust.hpp"

namespace changeling::project {
namespace {

std::vector<std::string> one(const std::string& text) {
  return text.empty() ? std::vector<std::string>() : std::vector{text};
}

std::vector<std::string> lines(const std::map<std::string, std::string>& values) {
  std::vector<std::string> list;
  for (const auto& [name, value] : values) list.push_back(name + "=" + value);
  return list;
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
                                        {"conditions", lines(webhook.conditions)},
                                        {"mapping", lines(webhook.mapping)},
                                        {"actors", webhook.actors},
                                        {"poll", one(webhook.poll ? "yes" : "")}});
}

}  // namespace changeling::project
