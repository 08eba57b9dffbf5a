#pragma once
#include <QString>

#include "pages/compare/comparison_run.h"

namespace lix::app {

QString verdictTitle(Verdict verdict);  ///< "Only A right"

/// Rich text: both accuracies, their difference with its interval, and how many pictures stand behind them.
QString summaryText(const Comparison& comparison, const QString& nameA, const QString& nameB);
/// How the interval is made and what was left out.
QString notesText(const Comparison& comparison);

/// "A ✓ face", with a cross where it is wrong.
QString saidText(const Comparison& comparison, const ComparedPicture& picture, std::size_t model);
/// Key, true label, both answers with their margins.
QString tipText(const Comparison& comparison, const ComparedPicture& picture);

}  // namespace lix::app
