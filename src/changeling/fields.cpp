#include "changeling/fields.hpp"

#include <fmt/format.h>

#include <array>

#include "changeling/agent_type.hpp"
#include "changeling/field_checks.hpp"
#include "support/clock.hpp"

namespace changeling {
namespace {

template <typename Type>
struct MemberType;
template <typename Type>
struct MemberType<Type Definition::*> {
  using type = Type;
};

template <typename Enumeration>
struct Choices;
template <>
struct Choices<OutputKind> {
  static constexpr std::array all = {OutputKind::PullRequest, OutputKind::Issue, OutputKind::Report};
};
template <>
struct Choices<OverlapPolicy> {
  static constexpr std::array all = {OverlapPolicy::Skip, OverlapPolicy::Queue, OverlapPolicy::Replace};
};
template <>
struct Choices<CatchUpPolicy> {
  static constexpr std::array all = {CatchUpPolicy::None, CatchUpPolicy::Last, CatchUpPolicy::All};
};
template <>
struct Choices<SandboxPolicy> {
  static constexpr std::array all = {SandboxPolicy::Off, SandboxPolicy::Auto, SandboxPolicy::Required};
};
template <>
struct Choices<RefusalPolicy> {
  static constexpr std::array all = {RefusalPolicy::Note, RefusalPolicy::Fail};
};

/// Between the value as it was written and the typed member of the definition.
template <auto Member>
void apply(const FieldValue& value, Definition& definition) {
  using Type = typename MemberType<decltype(Member)>::type;
  if constexpr (std::is_same_v<Type, Duration>) {
    definition.*Member = parse_duration(std::get<std::string>(value));
  } else if constexpr (std::is_enum_v<Type>) {
    for (const Type choice : Choices<Type>::all) {
      if (to_string(choice) == std::get<std::string>(value)) definition.*Member = choice;
    }
  } else {
    definition.*Member = std::get<Type>(value);
  }
}

template <auto Member>
FieldValue read(const Definition& definition) {
  using Type = typename MemberType<decltype(Member)>::type;
  if constexpr (std::is_same_v<Type, Duration>) {
    return format_duration(definition.*Member);
  } else if constexpr (std::is_enum_v<Type>) {
    return std::string(to_string(definition.*Member));
  } else {
    return definition.*Member;
  }
}

template <typename Type>
std::vector<std::string_view> choices_of() {
  std::vector<std::string_view> words;
  if constexpr (std::is_enum_v<Type>) {
    for (const Type choice : Choices<Type>::all) words.push_back(to_string(choice));
  }
  return words;
}

template <typename Type>
constexpr FieldKind kind_of() {
  if constexpr (std::is_same_v<Type, std::string>) return FieldKind::Text;
  if constexpr (std::is_same_v<Type, bool>) return FieldKind::Boolean;
  if constexpr (std::is_same_v<Type, std::int64_t>) return FieldKind::Integer;
  if constexpr (std::is_same_v<Type, double>) return FieldKind::Money;
  if constexpr (std::is_same_v<Type, Duration>) return FieldKind::TimeSpan;
  if constexpr (std::is_enum_v<Type>) return FieldKind::Choice;
  if constexpr (std::is_same_v<Type, std::vector<std::string>>) return FieldKind::TextList;
  return FieldKind::TextMap;
}

/// A row: the member's type decides the kind, the choices and how values are read and applied.
template <auto Member>
FieldSpec field(std::string_view key, std::string_view option, std::string_view value_name,
                std::string_view help, void (*check)(const FieldValue&)) {
  using Type = typename MemberType<decltype(Member)>::type;
  return {key,   option,         kind_of<Type>(), value_name, help, choices_of<Type>(),
          check, &apply<Member>, &read<Member>};
}

using D = Definition;
namespace check = field_checks;

std::vector<FieldSpec> make_fields() {
  return {
      field<&D::description>("description", "description", "TEXT", "What it is for, in one line",
                             check::single_line),
      field<&D::template_name>("template", "template", "TEMPLATE", "Template whose values are the defaults",
                               check::name),
      field<&D::agent>("agent", "agent", "AGENT",
                       "Agent type: claude, codex, gemini, mngr, command or a configured one", check::name),
      field<&D::command>("run", "run", "CMD",
                         "Shell command line to run as the agent (implies agent command)", nullptr),
      field<&D::prompt>("prompt", "prompt", "TEXT", "What the agent is told to do", nullptr),
      field<&D::title>("title", "title", "PATTERN",
                       "Title of the pull request; {summary} and {name} are filled in", check::single_line),
      field<&D::base_branch>("branch", "branch", "B",
                             "Branch to start from and to propose changes to (default: the repository's)",
                             check::branch),
      field<&D::schedule>("schedule", "schedule", "CRON",
                          "When to run: five cron fields or @daily and the like", check::schedule),
      field<&D::timezone>("timezone", "timezone", "TZ",
                          "Time zone of the schedule: an IANA name, UTC or local", check::time_zone),
      field<&D::triggers>("on", "on", "EVENT", "Event that starts a run: a git hook or webhook:NAME",
                          check::events),
      field<&D::paths>("path", "path", "GLOB", "Only files matching one of these may change",
                       check::path_globs),
      field<&D::arguments>("args", "arg", "A", "Extra argument for the agent's program", nullptr),
      field<&D::environment>("env", "env", "K=V", "Environment variable for the agent", check::environment),
      field<&D::secrets>("secrets", "secret", "NAME",
                         "Variable passed from your environment to the agent, value never stored",
                         check::secrets),
      field<&D::permissions>("permissions", "permission", "P",
                             "Tool the agent may use without asking, in the agent's notation", nullptr),
      field<&D::agents>("agents", "subagent", "NAME",
                        "Sub-agent that the agent can hand parts of its work to, see agent list",
                        check::helper_names),
      field<&D::skills>("skills", "skill", "NAME", "Skill that the agent gets, see skill list",
                        check::helper_names),
      field<&D::refusals>("refusals", "refusals", "POLICY",
                          "Whether a refused tool is noted with the work or fails the run", nullptr),
      field<&D::verify>("verify", "verify", "CMD", "Command line that must succeed on the result", nullptr),
      field<&D::setup>("setup", "setup", "CMD", "Command line run in the fresh worktree before the agent",
                       nullptr),
      field<&D::copy>("copy", "copy", "PATH", "Untracked file to copy into the worktree, such as .env",
                      check::copied_paths),
      field<&D::timeout>("timeout", "timeout", "D", "Time limit of the agent, such as 30m",
                         check::time_limit),
      field<&D::silence_timeout>("silence_timeout", "silence-timeout", "D",
                                 "End an agent that prints nothing for so long (0s: never)",
                                 check::optional_time_limit),
      field<&D::max_turns>("max_turns", "max-turns", "N", "Most turns of the agent (0: no limit)",
                           check::not_negative),
      field<&D::budget_usd>("budget", "budget", "USD", "Most money for one run in US dollars (0: no limit)",
                            check::not_negative),
      field<&D::daily_budget_usd>("daily_budget", "daily-budget", "USD",
                                  "Most money for all runs of a day in US dollars (0: no limit)",
                                  check::not_negative),
      field<&D::max_open_prs>("max_open_prs", "max-open-prs", "N",
                              "Most open pull requests of this changeling", check::at_least_one),
      field<&D::overlap>("overlap", "overlap", "POLICY", "When a run is due while one is going", nullptr),
      field<&D::catch_up>("catch_up", "catch-up", "POLICY", "Which missed runs to make up for", nullptr),
      field<&D::output>("output", "output", "KIND", "What a run produces", nullptr),
      field<&D::sandbox>("sandbox", "sandbox", "POLICY", "Whether the run's commands are held in bubblewrap",
                         nullptr),
      field<&D::network>("network", "network", "HOST",
                         "Host that the run may reach, such as *.npmjs.org; or full, or none",
                         check::network),
      field<&D::sandbox_read>("sandbox_read", "sandbox-read", "PATH",
                              "Path outside that can be read in the sandbox; ~/ is your home",
                              check::outside_paths),
      field<&D::sandbox_write>("sandbox_write", "sandbox-write", "PATH",
                               "Path outside that can be written in the sandbox; ~/ is your home",
                               check::outside_paths),
      field<&D::max_memory_mb>("max_memory_mb", "max-memory-mb", "N",
                               "Most memory of its processes in MiB (0: no limit)", check::not_negative),
      field<&D::max_processes>("max_processes", "max-processes", "N",
                               "Most processes at the same time (0: no limit)", check::not_negative),
      field<&D::max_file_mb>("max_file_mb", "max-file-mb", "N",
                             "Largest file that it may write, in MiB (0: no limit)", check::not_negative),
      field<&D::labels>("labels", "label", "L", "Label of the pull request", check::labels),
      field<&D::reviewers>("reviewers", "reviewer", "U", "Who is asked to review the pull request",
                           check::reviewers),
      field<&D::draft>("draft", "draft", "", "Open pull requests as drafts", nullptr),
      field<&D::draft_on_failure>("draft_on_failure", "draft-on-failure", "",
                                  "Open a draft although verification failed", nullptr),
      field<&D::enabled>("enabled", "disabled", "",
                         "Whether schedule and events start runs (--disabled: they do not)", nullptr),
  };
}

}  // namespace

std::span<const FieldSpec> definition_fields() {
  static const std::vector<FieldSpec> fields = make_fields();
  return fields;
}

const FieldSpec* find_field(std::string_view key) {
  for (const FieldSpec& candidate : definition_fields()) {
    if (candidate.key == key) return &candidate;
  }
  return nullptr;
}

const Layer& default_layer() {
  static const Layer layer = [] {
    Definition defaults;
    defaults.agent = default_agent_type;
    defaults.timezone = "UTC";
    defaults.timeout = std::chrono::minutes(30);
    defaults.silence_timeout = std::chrono::minutes(10);
    Layer result;
    result.origin = "default";
    for (const FieldSpec& each : definition_fields())
      result.values[std::string(each.key)] = each.read(defaults);
    return result;
  }();
  return layer;
}

std::string SourceLocation::describe() const {
  std::string text = file;
  if (line > 0) text += fmt::format(":{}", line);
  if (line > 0 && column > 0) text += fmt::format(":{}", column);
  return text;
}

}  // namespace changeling
