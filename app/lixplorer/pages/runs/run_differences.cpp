#include "pages/runs/run_differences.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "pages/run_parts/run_text.h"
#include "pages/run_parts/setting_words.h"
#include "pages/runs/run_item.h"

namespace lix::app {
namespace {

struct RunDifferences {
  Q_DECLARE_TR_FUNCTIONS(RunDifferences)
};

constexpr const char* kFacts[] = {"recipe", "size", "data", "seed"};  // settings that the run's facts say already
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

QString toQt(const std::string& text) { return QString::fromStdString(text); }

struct Cell {
  QString text;
  double number = kNone;
};

void add(std::vector<ComparedLine>& lines, ComparedLine::Part part, const QString& name, const std::vector<Cell>& cells) {
  if (std::ranges::all_of(cells, [](const Cell& cell) { return cell.text.isEmpty(); })) {
    return;
  }
  ComparedLine line{.part = part, .name = name, .cells = {}, .numbers = {}};
  for (const Cell& cell : cells) {
    line.cells.push_back(cell.text);
    line.numbers.push_back(cell.number);
    line.differs = line.differs || cell.text != cells.front().text;
  }
  lines.push_back(std::move(line));
}

template <class Of>
std::vector<Cell> cellsOf(std::span<const ComparedRun> runs, const Of& of) {
  std::vector<Cell> cells;
  for (const ComparedRun& run : runs) {
    cells.push_back(of(run));
  }
  return cells;
}

Cell number(double value) { return {plainNumber(value), value}; }

Cell word(const std::string& text) { return {toQt(text)}; }

void addFacts(std::vector<ComparedLine>& lines, std::span<const ComparedRun> runs) {
  const auto fact = [&](const QString& name, const auto& of) {
    add(lines, ComparedLine::Part::Run, name, cellsOf(runs, of));
  };
  fact(RunDifferences::tr("Status"), [](const ComparedRun& run) { return Cell{statusText(run.row)}; });
  fact(RunDifferences::tr("Recipe"), [](const ComparedRun& run) { return word(run.row.recipe); });
  fact(RunDifferences::tr("Size"), [](const ComparedRun& run) { return word(run.row.size); });
  fact(RunDifferences::tr("Data"), [](const ComparedRun& run) { return word(run.row.dataset); });
  fact(RunDifferences::tr("Seed"), [](const ComparedRun& run) {
    return Cell{QString::number(run.row.seed)};  // one seed is not so and so much more than another
  });
  fact(RunDifferences::tr("Steps made"), [](const ComparedRun& run) { return number(double(run.row.step)); });
  fact(RunDifferences::tr("Seconds"), [](const ComparedRun& run) {
    const double seconds = secondsOf(run.row);
    return seconds < 0.0 ? Cell{} : number(std::round(seconds));
  });
  fact(RunDifferences::tr("Device"), [](const ComparedRun& run) { return word(run.row.device); });
  fact(RunDifferences::tr("Threads used"), [](const ComparedRun& run) {
    return run.row.threads > 0 ? number(run.row.threads) : Cell{};
  });
  fact(RunDifferences::tr("CPU instructions"), [](const ComparedRun& run) { return word(run.row.cpuCapability); });
  fact(RunDifferences::tr("Program"), [](const ComparedRun& run) { return word(run.row.build); });
  fact(RunDifferences::tr("Tags"), [](const ComparedRun& run) { return word(run.row.tags); });
}

/// Those of all runs, each once, in the order of the form.
std::vector<QString> keysOf(const std::vector<std::vector<SettingLine>>& runs) {
  std::vector<QString> keys;
  for (const auto& lines : runs) {
    auto behind = keys.begin();
    for (const SettingLine& line : lines) {
      const auto found = std::ranges::find(keys, line.key);
      behind = (found == keys.end() ? keys.insert(behind, line.key) : found) + 1;
    }
  }
  return keys;
}

void addSettings(std::vector<ComparedLine>& lines, std::span<const ComparedRun> runs) {
  std::vector<std::vector<SettingLine>> all;
  for (const ComparedRun& run : runs) {
    all.push_back(settingLines(run.row));
  }
  for (const QString& key : keysOf(all)) {
    if (std::ranges::find(kFacts, key) != std::end(kFacts)) {
      continue;
    }
    std::vector<Cell> cells;
    for (const auto& settings : all) {
      const auto line = std::ranges::find(settings, key, &SettingLine::key);
      const QString words = line == settings.end() ? QString() : settingWords(key, line->value);
      const bool isNumber = line != settings.end() && line->value.isDouble() && words == plainNumber(line->value.toDouble());
      cells.push_back({words, isNumber ? line->value.toDouble() : kNone});
    }
    add(lines, ComparedLine::Part::Settings, settingTitle(key), cells);
  }
}

void addSeries(std::vector<ComparedLine>& lines, std::span<const ComparedRun> runs) {
  std::set<std::string> names;
  for (const ComparedRun& run : runs) {
    for (const auto& [name, end] : run.ends) {
      names.insert(name);
    }
  }
  for (const std::string& name : names) {
    add(lines, ComparedLine::Part::Metrics, seriesTitle(toQt(name)), cellsOf(runs, [&](const ComparedRun& run) {
          const auto found = run.ends.find(name);
          return found == run.ends.end() ? Cell{} : Cell{numberText(found->second.lastValue), found->second.lastValue};
        }));
  }
}

QString partName(ComparedLine::Part part) {
  return part == ComparedLine::Part::Run ? "run" : part == ComparedLine::Part::Settings ? "setting" : "series";
}

}  // namespace

std::vector<ComparedLine> comparedLines(std::span<const ComparedRun> runs) {
  std::vector<ComparedLine> lines;
  if (!runs.empty()) {
    addFacts(lines, runs);
    addSettings(lines, runs);
    addSeries(lines, runs);
  }
  return lines;
}

QString deltaText(double value, double reference) {
  const double delta = value - reference;
  if (!std::isfinite(delta) || delta == 0.0) {
    return {};
  }
  const double size = std::abs(delta);
  return (delta > 0.0 ? QStringLiteral("+") : QStringLiteral("−")) +
         (std::floor(size) == size ? plainNumber(size) : QString::number(size, 'g', 3));
}

QString csvField(const QString& text) {
  const auto isNumber = [](const QString& one) {
    bool is = false;
    (void)one.toDouble(&is);
    return is;
  };
  QString field = text;
  if (field.startsWith(QStringLiteral("−")) && isNumber('-' + field.mid(1))) {
    field[0] = '-';  // tables show a true minus, which programs do not read
  }
  if (!isNumber(field) && !field.isEmpty() && QStringLiteral("=+-@").contains(field[0])) {
    field.prepend('\'');
  }
  if (field.contains(',') || field.contains('"') || field.contains('\n')) {
    field.replace('"', "\"\"");
    field = '"' + field + '"';
  }
  return field;
}

QString comparisonCsv(std::span<const ComparedRun> runs, std::span<const ComparedLine> lines, bool differencesOnly) {
  QStringList head{"part", "name"};
  for (const ComparedRun& run : runs) {
    head << csvField(toQt(run.row.name));
  }
  QString csv = head.join(',') + '\n';
  for (const ComparedLine& line : lines) {
    if (differencesOnly && !line.differs) {
      continue;
    }
    QStringList fields{partName(line.part), csvField(line.name)};
    for (const QString& cell : line.cells) {
      fields << csvField(cell);
    }
    csv += fields.join(',') + '\n';
  }
  return csv;
}

}  // namespace lix::app
