#pragma once
#include <QString>
#include <QVariant>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/run_search.h"

namespace lix::app {

/// One run as lists show it. Never changed once it is made, so that any thread may read it.
struct RunItem {
  store::RunRow row;
  bool isArchived = false;
  std::vector<std::pair<std::string, store::SeriesEnd>> ends;  ///< of the series that are shown, where it has them

  /// Null where it has no such series.
  const store::SeriesEnd* end(const std::string& series) const;
};
using RunItemPtr = std::shared_ptr<const RunItem>;

/// What a column of the table shows of a run.
struct RunColumn {
  enum class Of { Row, Setting, Metric };
  enum Field { Name, Status, Recipe, Data, Steps, Loss, Started, Duration, Tags, kFields };
  Of of = Of::Row;
  Field field = Name;  ///< of Row
  std::string key;     ///< of Setting and Metric: their names
  bool operator==(const RunColumn&) const = default;

  /// "setting:batch", "series:canary.zero_shot"; of Row "".
  QString id() const;
  /// What an id says; a Row where it says nothing.
  static RunColumn from(const QString& id);
  QString title() const;
  bool isNumeric() const;
  /// The series behind the column, "" for none.
  std::string series() const;
};

/// What the table says; of a series without a point "–", of one that ends with no number "not a number".
QString textOf(const RunItem& run, const RunColumn& column);
/// More words on a cell than fit in it.
QString tipOf(const RunItem& run, const RunColumn& column);
/// What sorting compares: a number or a text; not valid (last in either order) where there is nothing.
QVariant sortKeyOf(const RunItem& run, const RunColumn& column);
/// A setting in words (settingWords); "" for none.
QString settingText(const RunItem& run, const std::string& key);
/// "3.310", "1234.5", "0.0001", "−0.119", "not a number": numbers below each other have the same digits.
QString numberText(double value);

}  // namespace lix::app
