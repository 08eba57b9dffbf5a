#include "pages/runs/run_differences.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "pages/run_parts/run_text.h"
#include "pages/runs/run_item.h"

namespace lix::app {
namespace {

struct RunDifferences {
  Q_DECLARE_TR_FUNCTIONS(RunDifferences)
};

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

Cell number(double value) { return {QString::number(value, 'g', 6), value}; }

Cell word(const std::string& text) { return {toQt(text)}; }

void addFacts(std::vector<ComparedLine>& lines, std::span<const ComparedRun> runs) {
  const auto fact = [&](const QString& name, const auto& of) {
    add(lines, ComparedLine::Part::Run, name, cellsOf(runs, of));
  };
  fact(RunDifferences::tr("status"), [](const ComparedRun& run) { return Cell{statusText(run.row)}; });
  fact(RunDifferences::tr("recipe"), [](const ComparedRun& run) { return word(run.row.recipe); });
  fact(RunDifferences::tr("size"), [](const ComparedRun& run) { return word(run.row.size); });
  fact(RunDifferences::tr("data"), [](const ComparedRun& run) { return word(run.row.dataset); });
  fact(RunDifferences::tr("seed"), [](const ComparedRun& run) { return number(double(run.row.seed)); });
  fact(RunDifferences::tr("steps made"), [](const ComparedRun& run) { return number(double(run.row.step)); });
  fact(RunDifferences::tr("seconds"), [](const ComparedRun& run) {
    const double seconds = secondsOf(run.row);
    return seconds < 0.0 ? Cell{} : number(std::round(seconds));
  });
  fact(RunDifferences::tr("device"), [](const ComparedRun& run) { return word(run.row.device); });
  fact(RunDifferences::tr("threads"), [](const ComparedRun& run) {
    return run.row.threads > 0 ? number(run.row.threads) : Cell{};
  });
  fact(RunDifferences::tr("CPU instructions"), [](const ComparedRun& run) { return word(run.row.cpuCapability); });
  fact(RunDifferences::tr("program"), [](const ComparedRun& run) { return word(run.row.build); });
  fact(RunDifferences::tr("tags"), [](const ComparedRun& run) { return word(run.row.tags); });
}

void addSettings(std::vector<ComparedLine>& lines, std::span<const ComparedRun> runs) {
  std::set<QString> keys;
  std::vector<QJsonObject> all;
  for (const ComparedRun& run : runs) {
    all.push_back(QJsonDocument::fromJson(QByteArray::fromStdString(run.row.settings)).object());
    for (const QString& key : all.back().keys()) {
      keys.insert(key);
    }
  }
  for (const QString& key : keys) {
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const QJsonValue value = all[i].value(key);
      const RunItem item{.row = runs[i].row, .isArchived = false, .ends = {}};
      cells.push_back(value.isDouble() ? number(value.toDouble()) : Cell{settingText(item, key.toStdString())});
    }
    add(lines, ComparedLine::Part::Settings, key, cells);
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
    add(lines, ComparedLine::Part::Metrics, toQt(name), cellsOf(runs, [&](const ComparedRun& run) {
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
  return (delta > 0.0 ? QStringLiteral("+") : QStringLiteral("−")) + QString::number(std::abs(delta), 'g', 3);
}

QString csvField(const QString& text) {
  QString field = text;
  bool isNumber = false;
  (void)text.toDouble(&isNumber);
  if (!isNumber && !field.isEmpty() && QStringLiteral("=+-@").contains(field[0])) {
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
