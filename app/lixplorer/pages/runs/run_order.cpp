#include "pages/runs/run_order.h"

#include <QStringList>
#include <algorithm>

#include "pages/run_parts/run_text.h"

namespace lix::app {
namespace {

/// Words of the filter, in UTF-16 and as they are found in texts of 8 bits.
bool hasAll(const RunItem& run, const QStringList& words) {
  QString texts = statusText(run.row);
  for (const std::string* text : {&run.row.name, &run.row.recipe, &run.row.dataset, &run.row.tags, &run.row.notes}) {
    texts += '\n';
    texts += QString::fromStdString(*text);
  }
  return std::ranges::all_of(words, [&](const QString& word) { return texts.contains(word, Qt::CaseInsensitive); });
}

struct Keyed {
  RunItemPtr item;
  double number = 0.0;
  QString text;  ///< folded
  bool isNumber = false, isNothing = false;
};

/// Numbers before texts, what has nothing last in either order.
bool isBefore(const Keyed& a, const Keyed& b, bool descending) {
  if (a.isNothing != b.isNothing) {
    return b.isNothing;
  }
  if (a.isNothing) {
    return false;
  }
  if (a.isNumber != b.isNumber) {
    return a.isNumber != descending;
  }
  if (a.isNumber) {
    return descending ? a.number > b.number : a.number < b.number;
  }
  return descending ? a.text > b.text : a.text < b.text;
}

}  // namespace

std::vector<RunItemPtr> arranged(const std::vector<RunItemPtr>& items, const RunOrder& order) {
  const QStringList words = order.words.split(' ', Qt::SkipEmptyParts);
  std::vector<Keyed> rows;
  for (const RunItemPtr& item : items) {
    const bool isHere = order.archived == RunOrder::Archived::Shown ||
                        item->isArchived == (order.archived == RunOrder::Archived::Alone);
    if (!isHere || (!words.isEmpty() && !hasAll(*item, words))) {
      continue;
    }
    const QVariant key = sortKeyOf(*item, order.by);
    const bool isNumber = key.typeId() == QMetaType::Double;
    rows.push_back({.item = item,
                    .number = isNumber ? key.toDouble() : 0.0,
                    .text = isNumber ? QString() : key.toString().toCaseFolded(),
                    .isNumber = isNumber,
                    .isNothing = !key.isValid()});
  }
  std::ranges::stable_sort(rows, [descending = order.order == Qt::DescendingOrder](const Keyed& a, const Keyed& b) {
    return isBefore(a, b, descending);
  });
  std::vector<RunItemPtr> sorted;
  sorted.reserve(rows.size());
  for (Keyed& row : rows) {
    sorted.push_back(std::move(row.item));
  }
  return sorted;
}

}  // namespace lix::app
