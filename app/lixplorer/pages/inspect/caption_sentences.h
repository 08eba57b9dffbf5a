#pragma once
#include <QString>
#include <QStringList>

namespace lix::app {

/// A paragraph as its sentences, in order and trimmed. A sentence ends at . ! ? … or ; (and their full-width forms)
/// before a space or the end, with the quotes that close there; semicolons at the end go. No end is seen in quotes or
/// brackets, behind an abbreviation ("e.g.", "Dr."), behind an initial ("J. Smith"), behind the number of a list
/// ("1. A cat"), or within a number. Lines are sentences of their own.
QStringList sentencesOf(const QString& text);

}  // namespace lix::app
