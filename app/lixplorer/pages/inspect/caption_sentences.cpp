#include "pages/inspect/caption_sentences.h"

#include <algorithm>
#include <vector>

namespace lix::app {
namespace {

/// Lower case, without the full stop.
const QStringList& abbreviations() {
  static const QStringList list{"e.g", "i.e",  "etc", "mr",  "mrs",  "ms",   "dr",  "prof", "st",   "vs",   "cf",
                                "no",  "nos",  "fig", "figs", "eq",  "al",   "ca",  "approx", "vol", "pp", "ed",
                                "eds", "jr",   "sr",  "inc", "ltd",  "co",   "dept", "est", "min",  "max",  "resp",
                                "z.b", "d.h",  "u.a", "bzw", "usw",  "ggf",  "nr",  "vgl",  "bspw", "evtl", "inkl",
                                "c.f", "viz",  "incl", "a.k.a"};
  return list;
}

bool isEnd(QChar c) { return QStringLiteral(".!?;…。！？；").contains(c); }
bool isWide(QChar c) { return QStringLiteral("。！？；").contains(c); }
bool closes(QChar c) { return QStringLiteral("\"”’»)]}』」'").contains(c); }

/// For each place, whether it lies within quotes or brackets that are closed later.
std::vector<bool> shielded(const QString& text) {
  const QString opening = QStringLiteral("(“«[{「『"), closing = QStringLiteral(")”»]}」』");
  std::vector<bool> within(std::size_t(text.size()), false);
  const auto shield = [&](qsizetype from, qsizetype to) {
    std::fill(within.begin() + from, within.begin() + to + 1, true);
  };
  for (qsizetype i = 0; i < text.size(); ++i) {
    const qsizetype kind = opening.indexOf(text[i]);
    const bool plain = text[i] == QChar('"');
    if (kind < 0 && !plain) {
      continue;
    }
    const qsizetype end = text.indexOf(plain ? QChar('"') : closing[kind], i + 1);
    if (end > i) {
      shield(i, end);
      i = end;
    }
  }
  return within;
}

/// The word before a full stop: back to a space or an opening sign.
QString wordBefore(const QString& text, qsizetype at, qsizetype from) {
  qsizetype first = at;
  while (first > from && !text[first - 1].isSpace() && !QStringLiteral("([{\"“«").contains(text[first - 1])) {
    --first;
  }
  return text.mid(first, at - first);
}

/// Whether the full stop at `at` of the sentence that began at `from` only ends a word; `next` is what comes behind it.
bool onlyEndsAWord(const QString& text, qsizetype at, qsizetype from, QChar next) {
  const QString word = wordBefore(text, at, from);
  if (word.isEmpty()) {
    return false;
  }
  if (std::ranges::all_of(word, [](QChar c) { return c.isDigit(); })) {
    return at - word.size() == from;  // "1. A cat"
  }
  if (word.size() == 1) {
    return word[0].isUpper() && word[0] != QChar('I') && next.isUpper();  // "J. Smith"
  }
  const QString lower = word.toLower();
  if (lower == QStringLiteral("a.m") || lower == QStringLiteral("p.m") || lower == QStringLiteral("etc")) {
    return !next.isUpper();
  }
  if (lower == QStringLiteral("no")) {
    return next.isDigit();  // "No. 5", and "She said no. He left."
  }
  return abbreviations().contains(lower) || (word.size() == 3 && word[1] == QChar('.') && !next.isUpper());
}

void addTo(QStringList& sentences, QStringView part) {
  QString sentence = part.trimmed().toString();
  while (sentence.endsWith(QChar(';')) || sentence.endsWith(QChar(0xFF1B))) {
    sentence.chop(1);
  }
  if (sentence = sentence.trimmed(); !sentence.isEmpty()) {
    sentences << sentence;
  }
}

void splitLine(const QString& text, QStringList& sentences) {
  const std::vector<bool> within = shielded(text);
  qsizetype from = 0;
  for (qsizetype i = 0; i < text.size(); ++i) {
    if (!isEnd(text[i])) {
      continue;
    }
    qsizetype behind = i + 1;  // behind the signs of the end and what closes there
    while (behind < text.size() && (isEnd(text[behind]) || closes(text[behind]))) {
      ++behind;
    }
    const bool leaves = closes(text[behind - 1]) && (behind == text.size() || !within[std::size_t(behind)]);
    if (within[std::size_t(i)] && !leaves) {
      continue;
    }
    if (behind < text.size() && !text[behind].isSpace() && !isWide(text[i])) {
      i = behind - 1;
      continue;
    }
    qsizetype begin = behind;
    while (begin < text.size() && text[begin].isSpace()) {
      ++begin;
    }
    const QChar next = begin < text.size() ? text[begin] : QChar();
    const bool closed = closes(text[behind - 1]);
    if ((text[i] == QChar('.') && behind == i + 1 && onlyEndsAWord(text, i, from, next)) ||
        (closed && next.isLower())) {  // "Stop!" he said.
      i = behind - 1;
      continue;
    }
    addTo(sentences, QStringView(text).mid(from, behind - from));
    from = begin;
    i = begin - 1;
  }
  addTo(sentences, QStringView(text).mid(from));
}

}  // namespace

QStringList sentencesOf(const QString& text) {
  QString plain = text;
  plain.replace(QChar::ParagraphSeparator, QChar('\n')).replace(QChar::LineSeparator, QChar('\n'));
  plain.replace(QChar('\r'), QChar('\n'));
  QStringList sentences;
  const QStringList lines = plain.split('\n', Qt::SkipEmptyParts);
  for (const QString& line : lines) {
    splitLine(line.trimmed(), sentences);
  }
  return sentences;
}

}  // namespace lix::app
