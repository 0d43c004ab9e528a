#include "report/charts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/text.hpp"

namespace changeling::report {
namespace {

// In the picture's own units.
constexpr double width = 900;
constexpr double height = 180;
constexpr double left = 48;    ///< Room for what the axis says.
constexpr double bottom = 20;  ///< Room for days.
constexpr double top = 8;

struct Scale {
  double most = 1;

  double y(double value) const { return top + (height - top - bottom) * (1 - value / most); }
};

Scale scale_for(const std::vector<Bar>& bars, std::optional<double> cap) {
  double most = cap.value_or(0);
  for (const Bar& bar : bars) most = std::max(most, bar.value);
  return {most > 0 ? most * 1.05 : 1};
}

std::string axis(const Scale& scale, double value) {
  const double y = scale.y(value);
  return fmt::format(
      "<line class=\"axis\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{:.2f}</text>\n",
      left, width, y, y, left - 4, y + 4, value);
}

std::string column(const Bar& bar, double x, double broad, const Scale& scale, std::optional<double> cap) {
  const double y = scale.y(bar.value);
  return fmt::format(
      "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
      "height=\"{:.1f}\"><title>{}</title></rect>\n",
      cap && bar.value > *cap ? "bar over" : "bar", x, y, std::max(1.0, broad * 0.8), scale.y(0) - y,
      escaped(bar.label));
}

/// Not more names than there is room for.
std::string name_below(const Bar& bar, double x, double broad) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x + broad * 0.4,
                     height - 6, escaped(bar.name));
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char letter : valid_utf8(text)) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += letter;
    }
  }
  return result;
}

std::string column_chart(const std::vector<Bar>& bars, std::optional<double> cap, std::string_view title) {
  const Scale scale = scale_for(bars, cap);
  constexpr std::size_t most_names = 14;
  const double broad = (width - left) / static_cast<double>(std::max<std::size_t>(1, bars.size()));
  const std::size_t step = bars.size() / most_names + 1;
  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", width, height,
                                escaped(title));
  svg += axis(scale, 0) + axis(scale, scale.most / 1.05);
  for (std::size_t index = 0; index < bars.size(); ++index) {
    const double x = left + broad * static_cast<double>(index);
    svg += column(bars[index], x, broad, scale, cap);
    if (index % step == 0) svg += name_below(bars[index], x, broad);
  }
  if (cap) {
    svg += fmt::format("<line class=\"cap\" x1=\"{0:.1f}\" x2=\"{1:.1f}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>\n",
                       left, width, scale.y(*cap));
  }
  return svg + "</svg>\n";
}

}  // namespace changeling::report
