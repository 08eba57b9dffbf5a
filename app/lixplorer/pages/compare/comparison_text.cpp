#include "pages/compare/comparison_text.h"

#include <QCoreApplication>
#include <filesystem>

#include "base/csv.h"
#include "base/text.h"

namespace lix::app {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Compare)
};

QString text(const std::string& words) { return QString::fromStdString(words); }

QString percent(double share) { return QString::number(100.0 * share, 'f', 1); }

QString signedPoints(double share) {
  const QString number = percent(std::abs(share));
  return (share < -0.0005 ? QString::fromUtf8("\u2212") : share > 0.0005 ? QString("+") : QString()) + number;
}

QString picturesText(const Comparison& comparison, std::size_t compared) {
  return comparison.order.only.empty()
             ? Words::tr("pictures: %1").arg(compared)
             : Words::tr("%1 of the %2 pictures that were chosen").arg(compared).arg(comparison.order.only.size());
}

QString bold(const QString& words) { return "<b>" + words.toHtmlEscaped() + "</b>"; }

}  // namespace

QString verdictTitle(Verdict verdict) {
  switch (verdict) {
    case Verdict::Both:
      return Words::tr("Both right");
    case Verdict::OnlyA:
      return Words::tr("Only A right");
    case Verdict::OnlyB:
      return Words::tr("Only B right");
    case Verdict::Neither:
      break;
  }
  return Words::tr("Both wrong");
}

QString summaryText(const Comparison& comparison, const QString& nameA, const QString& nameB) {
  const VerdictCounts counts = countVerdicts(comparison.pictures);
  const auto difference = pairedDifference(counts);
  if (!difference) {
    return {};
  }
  const QString accuracies = QString("A %1 %2 &nbsp;&nbsp; B %3 %4")
                                 .arg(nameA.toHtmlEscaped(), bold(percent(*counts.accuracyA()) + " %"),
                                      nameB.toHtmlEscaped(), bold(percent(*counts.accuracyB()) + " %"));
  if (comparison.sameWeights) {
    return Words::tr("%1 &nbsp;&nbsp; These are the same weights; %2").arg(accuracies, picturesText(comparison, counts.all()));
  }
  return Words::tr("%1 &nbsp;&nbsp; B \u2212 A %2, 95 % interval %3 to %4; %5")
      .arg(accuracies, bold(Words::tr("%1 points").arg(signedPoints(difference->value))), signedPoints(difference->low),
           signedPoints(difference->high), picturesText(comparison, counts.all()));
}

QString notesText(const Comparison& comparison) { return text(join(comparison.notes, " ")); }

QString intervalText() {
  return Words::tr(
      "The interval is for paired answers (Bonett and Price, 2012): only pictures on which A and B differ move it.");
}

QString narrowedText(const Comparison& comparison, const PictureFilter& filter) {
  const auto name = [&](int c) { return text(comparison.classes.at(std::size_t(c))); };
  QStringList parts;
  if (filter.label) {
    parts << Words::tr("true class %1").arg(name(*filter.label));
  }
  if (filter.saidA) {
    parts << Words::tr("A said %1").arg(name(*filter.saidA));
  }
  if (filter.saidB) {
    parts << Words::tr("B said %1").arg(name(*filter.saidB));
  }
  if (!filter.text.empty()) {
    parts << Words::tr("\u201c%1\u201d in the name").arg(text(filter.text));
  }
  return parts.join(", ");
}

QString shownName(const Comparison& comparison, const ComparedPicture& picture) {
  const bool saysMore = picture.name != picture.key && picture.name != comparison.classes[std::size_t(picture.label)];
  return text(saysMore ? picture.name : std::filesystem::path(picture.key).filename().string());
}

QString signedNumber(double value, int digits) {
  const QString number = QString::number(value, 'f', digits);
  return number.startsWith('-') ? QString::fromUtf8("\u2212") + number.mid(1) : number;
}

QString saidText(const Comparison& comparison, const ComparedPicture& picture, std::size_t model) {
  const int said = model == 0 ? picture.saidA : picture.saidB;
  return QString("%1 %2 %3")
      .arg(model == 0 ? "A" : "B", QString::fromUtf8(said == picture.label ? "\u2713" : "\u2717"),
           text(comparison.classes[std::size_t(said)]));
}

QString tipText(const Comparison& comparison, const ComparedPicture& picture) {
  const auto line = [&](std::size_t model, double margin) {
    return Words::tr("%1, margin %2").arg(saidText(comparison, picture, model), signedNumber(margin, 2));
  };
  const QString key = text(picture.key), name = text(picture.name);
  return QStringList{name == key ? key : name + " (" + key + ")",
                     Words::tr("true class: %1").arg(text(comparison.classes[std::size_t(picture.label)])),
                     line(0, picture.marginA), line(1, picture.marginB)}
      .join("\n");
}

std::vector<std::string> captionsOf(const Comparison& comparison, const ComparedPicture& picture) {
  std::vector<std::string> captions{comparison.classes[std::size_t(picture.saidA)]};
  if (picture.saidB != picture.saidA) {
    captions.push_back(comparison.classes[std::size_t(picture.saidB)]);
  }
  return captions;
}

std::string picturesCsv(const Comparison& comparison, std::span<const std::size_t> pictures) {
  static constexpr const char* kVerdictNames[]{"both", "only A", "only B", "neither"};
  std::string csv = "key,name,true_class,said_a,said_b,right,margin_a,margin_b,own_cosine_a,other_cosine_a,own_cosine_b,"
                    "other_cosine_b\r\n";
  const auto className = [&](int c) { return csvField(comparison.classes[std::size_t(c)]); };
  for (const std::size_t at : pictures) {
    const ComparedPicture& one = comparison.pictures[at];
    csv += cat(csvField(one.key), ",", csvField(one.name), ",", className(one.label), ",", className(one.saidA), ",",
               className(one.saidB), ",", kVerdictNames[std::size_t(one.verdict())], ",", one.marginA, ",", one.marginB);
    for (const auto& cosines : comparison.cosines) {
      csv += cosines ? cat(",", cosines->own[at], ",", cosines->other[at]) : std::string(",,");
    }
    csv += "\r\n";
  }
  return csv;
}

}  // namespace lix::app
