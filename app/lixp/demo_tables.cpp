#include "lixp/demo_tables.h"

#include <cctype>
#include <cmath>
#include <set>

#include "base/text.h"
#include "shared/curves_figure_data.h"

namespace lix::app {
namespace {
using nlohmann::json;

std::string percent(double share) { return fixed(100.0 * share, 1); }

std::string withInterval(const std::string& mean, const std::optional<double>& interval) {
  return interval ? cat(mean, " \u00B1 ", percent(*interval)) : mean;
}

struct Tally {
  int gains = 0, loses = 0, undecided = 0;
  int all() const { return gains + loses + undecided; }
};

Tally tally(const std::vector<PairedDifference>& differences) {
  Tally result;
  for (const PairedDifference& one : differences) {
    const Verdict what = verdict(one.mean);
    (what == Verdict::Gains ? result.gains : what == Verdict::Loses ? result.loses : result.undecided) += 1;
  }
  return result;
}

std::string shotsOf(const PairedDifference& one) {
  return one.byShots.size() == 1 ? cat(one.byShots.begin()->first)
                                 : cat(one.byShots.begin()->first, " to ", one.byShots.rbegin()->first);
}

json toJson(const study::Summary& summary) {
  json result{{"n", summary.count}, {"mean", summary.mean}, {"verdict", inWords(verdict(summary))}};
  if (summary.interval) {
    result["interval_95"] = *summary.interval;
  }
  return result;
}

}  // namespace

std::string points(double share) {
  const std::string digits = percent(std::abs(share));
  return digits == "0.0" ? digits : cat(share < 0 ? "\u2212" : "+", digits);
}

std::string headline(const std::vector<PairedDifference>& differences, const std::string& first,
                     const std::string& second) {
  const Tally t = tally(differences);
  if (t.all() == 0) {
    return cat(first, " and ", second, " have no support draws in common, so nothing can be said of their difference.");
  }
  if (t.gains == 0 && t.loses == 0) {
    return cat("Averaged over shots, ", first, " and ", second,
               " show no difference that these draws can show, in any of ", t.all(),
               " comparisons of adapter and label set.");
  }
  return cat("Averaged over shots, ", first, " against ", second, " gains in ", t.gains, ", loses in ", t.loses,
             " and shows no decided difference in ", t.undecided, " of ", t.all(),
             " comparisons of adapter and label set.");
}

std::string differenceSentences(const std::vector<PairedDifference>& differences, const std::string& first,
                                const std::string& second) {
  std::string html = "<ul class=\"verdicts\">\n";
  std::set<std::pair<std::string, std::string>> said;
  for (const PairedDifference& one : differences) {
    if (!said.insert({one.dataset, one.labelSet}).second) {
      continue;
    }
    std::map<Verdict, std::vector<std::string>> byVerdict;
    for (const PairedDifference& other : differences) {
      if (other.dataset == one.dataset && other.labelSet == one.labelSet) {
        byVerdict[verdict(other.mean)].push_back(adapterTitle(other.adapter));
      }
    }
    std::vector<std::string> parts;
    for (const auto& [what, adapters] : byVerdict) {
      const std::string with = join(adapters, "; ");
      parts.push_back(what == Verdict::Gains || what == Verdict::Loses
                          ? cat(first, " ", inWords(what), " against ", second, " with ", with)
                          : cat(inWords(what), " with ", with));
      parts.back()[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(parts.back()[0])));
    }
    html += cat("<li><strong>", escaped(cat(one.dataset, ", ", one.labelSet)), ":</strong> ",
                escaped(join(parts, ". ")), ".</li>\n");
  }
  return html + "</ul>\n";
}

HtmlTable differenceTable(const std::vector<PairedDifference>& differences, const std::string& first,
                          const std::string& second) {
  HtmlTable table{.caption = cat(first, " minus ", second,
                                 ", top-1 in percentage points, mean over shots and draws, with its 95 % interval."),
                  .head = {"Label set", "Adapter", "Difference", "Verdict", "Shots", "Draws"},
                  .rows = {}};
  for (const PairedDifference& one : differences) {
    table.rows.push_back({cat(one.dataset, ", ", one.labelSet), adapterTitle(one.adapter),
                          withInterval(points(one.mean.mean), one.mean.interval),
                          std::string(inWords(verdict(one.mean))), shotsOf(one), cat(one.mean.count)});
  }
  return table;
}

HtmlTable differenceTableByShots(const std::vector<PairedDifference>& differences) {
  std::set<int> shots;
  for (const PairedDifference& one : differences) {
    for (const auto& [count, summary] : one.byShots) {
      shots.insert(count);
    }
  }
  HtmlTable table{.caption = "Percentage points with 95 % intervals; columns are shots per class.",
                  .head = {"Label set", "Adapter"},
                  .rows = {}};
  for (const int count : shots) {
    table.head.push_back(cat(count));
  }
  for (const PairedDifference& one : differences) {
    std::vector<std::string> row{cat(one.dataset, ", ", one.labelSet), adapterTitle(one.adapter)};
    for (const int count : shots) {
      const auto found = one.byShots.find(count);
      row.push_back(found == one.byShots.end() ? "\u2013"
                                               : withInterval(points(found->second.mean), found->second.interval));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

HtmlTable zeroShotTable(const std::vector<store::EvaluationRow>& rows, const DemoPlan& plan) {
  HtmlTable table{.caption = "Top-1 accuracy, %.", .head = {"Checkpoint"}, .rows = {}};
  std::vector<std::pair<std::string, std::string>> sets;
  std::vector<std::string> chance{"one class at random"};
  for (const auto& row : rows) {
    if (row.kind == "zero-shot" && row.metric == "top1" &&
        std::ranges::find(sets, std::pair(row.dataset, row.labelSet)) == sets.end()) {
      sets.emplace_back(row.dataset, row.labelSet);
      table.head.push_back(
          cat(row.dataset, ", ", row.labelSet, " (", row.classes, " classes, ", row.querySize, " pictures)"));
      chance.push_back(percent(1.0 / std::max(1, row.classes)));
    }
  }
  for (const DemoSubject& subject : plan.evaluated) {
    std::vector<std::string> cells{subject.label};
    for (const auto& [dataset, labelSet] : sets) {
      std::string cell = "\u2013";
      for (const auto& row : rows) {  // the newest counts
        if (row.kind == "zero-shot" && row.metric == "top1" && row.dataset == dataset && row.labelSet == labelSet &&
            row.checkpointLabel == subject.label) {
          cell = percent(row.value);
        }
      }
      cells.push_back(cell);
    }
    table.rows.push_back(std::move(cells));
  }
  table.rows.push_back(std::move(chance));
  return table;
}

HtmlTable fewShotTable(std::span<const store::CurvePoint> all, const std::vector<std::string>& labels,
                       const std::string& caption) {
  std::set<int> shots;
  std::vector<std::string> adapters;
  for (const auto& point : all) {
    if (point.of.shots > 0) {
      shots.insert(point.of.shots);
      if (std::ranges::find(adapters, point.of.adapter) == adapters.end()) {
        adapters.push_back(point.of.adapter);
      }
    }
  }
  HtmlTable table{.caption = cat(caption, ": top-1, %; columns are shots per class."),
                  .head = {"Checkpoint", "Adapter"},
                  .rows = {}};
  for (const int count : shots) {
    table.head.push_back(cat(count));
  }
  for (const std::string& adapter : adapters) {
    for (const std::string& label : labels) {
      std::vector<std::string> row{label, adapterTitle(adapter)};
      for (const int count : shots) {
        const auto found = std::ranges::find_if(all, [&](const auto& point) {
          return point.of.shots == count && point.of.adapter == adapter && point.of.checkpointLabel == label;
        });
        row.push_back(found == all.end() ? "\u2013" : withInterval(percent(found->mean), found->halfWidth));
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

json toJson(const PairedDifference& difference, const std::string& first, const std::string& second) {
  json result{{"first", first},
              {"second", second},
              {"dataset", difference.dataset},
              {"label_set", difference.labelSet},
              {"adapter", difference.adapter},
              {"mean_over_shots", toJson(difference.mean)}};
  for (const auto& [shots, summary] : difference.byShots) {
    result["by_shots"][cat(shots)] = toJson(summary);
  }
  return result;
}

json toJson(const store::CurvePoint& point) {
  json keys = json::array();
  for (const auto& row : point.rows) {
    keys.push_back(row.id);
  }
  json result{{"kind", point.of.kind},
              {"checkpoint", point.of.checkpointLabel},
              {"dataset", point.of.dataset},
              {"label_set", point.of.labelSet},
              {"adapter", point.of.adapter},
              {"vectors", nameOf(point.of.vectors)},
              {"shots", point.of.shots},
              {"classes", point.of.classes},
              {"n", point.n},
              {"mean", point.mean},
              {"keys", keys}};
  if (point.halfWidth) {
    result["interval_95"] = *point.halfWidth;
  }
  return result;
}

}  // namespace lix::app
