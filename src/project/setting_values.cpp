#include "project/setting_values.hpp"

#include "support/text.hpp"

namespace changeling::project {

std::map<std::string, SettingValues> read_setting_values(Project& project) {
  const std::string output = project.git().check({"config", "--list", "--show-origin", "--includes", "-z"});
  const auto records = split(output, '\0');
  std::map<std::string, SettingValues> found;
  for (std::size_t index = 0; index + 1 < records.size(); index += 2) {
    const std::string& entry = records[index + 1];
    const auto line_end = entry.find('\n');
    SettingValues& one = found[to_lower(entry.substr(0, line_end))];
    one.values.push_back(line_end == std::string::npos ? "true" : entry.substr(line_end + 1));
    one.origin = records[index];
  }
  return found;
}

}  // namespace changeling::project
