#pragma once
#include <QString>
#include <span>
#include <string>

#include "pages/compare/comparison_run.h"

namespace lix::app {

QString verdictTitle(Verdict verdict);  ///< "Only A right"

/// Rich text: both accuracies, their difference with its interval, and how many pictures stand behind them.
QString summaryText(const Comparison& comparison, const QString& nameA, const QString& nameB);
/// What was left out, and what an adapter saw; "" for nothing.
QString notesText(const Comparison& comparison);
/// How the interval of the summary is made.
QString intervalText();

/// What narrows the pictures besides a verdict: "true class cat, A said dog, “tail” in the name"; "" for nothing.
QString narrowedText(const Comparison& comparison, const PictureFilter& filter);

/// What a picture is called where its class stands beside it: its caption, or its file where that says no more.
QString shownName(const Comparison& comparison, const ComparedPicture& picture);

/// "−0.119": digits with a true minus, as all numbers of the page have.
QString signedNumber(double value, int digits);

/// "A ✓ face", with a cross where it is wrong.
QString saidText(const Comparison& comparison, const ComparedPicture& picture, std::size_t model);
/// What the models said, each class once.
std::vector<std::string> captionsOf(const Comparison& comparison, const ComparedPicture& picture);
/// Key, true label, both answers with their margins.
QString tipText(const Comparison& comparison, const ComparedPicture& picture);


/// These pictures (positions) as CSV (RFC 4180): key, name, classes, verdict, margins and, where known, cosines.
std::string picturesCsv(const Comparison& comparison, std::span<const std::size_t> pictures);

}  // namespace lix::app
