#include "pages/inspect/score_sheet.h"

#include <algorithm>
#include <cmath>

#include "base/csv.h"
#include "base/text.h"
#include "pages/inspect/weights_reading.h"

namespace lix::app {
namespace {

QString numberOf(double value) { return QString::number(value, 'f', 2).replace(QChar('-'), QChar(0x2212)); }

/// What the numbers of one model are made of.
QString lines(const ReadAnswer& answer, std::size_t at) {
  const auto& scores = answer.reading.scores;
  QString text =
      ScoreSheet::tr("cosine %1: of the picture's vector%2 and the caption's, -1 to 1.\nlogit %3 = %4 × cosine %5 %6.")
          .arg(scoreText(scores.cosines[at], ScoreKind::Cosine),
               answer.facts.mixture ? ScoreSheet::tr(", mixed for this caption,") : QString(),
               scoreText(scores.logits[at], ScoreKind::Logit), numberOf(scores.rule.scale),
               scores.rule.bias < 0 ? QStringLiteral("−") : QStringLiteral("+"), numberOf(std::abs(scores.rule.bias)));
  text += '\n';
  return text + (scores.rule.sigmoid
                     ? ScoreSheet::tr("probability %1 = sigmoid(logit): that this caption belongs to this picture, each pair by "
                          "itself.")
                           .arg(scoreText(scores.probabilities[at], ScoreKind::Probability))
                     : ScoreSheet::tr("No probability: this model was trained with the softmax loss, which only ranks captions."));
}

}  // namespace

QString scoreText(double value, ScoreKind kind) {
  const QString text = QString::number(value, 'f', kind == ScoreKind::Logit ? 2 : 3);
  return QString(text).replace(QChar('-'), QChar(0x2212));
}

QString differenceText(double value, ScoreKind kind) {
  const QString text = scoreText(value, kind);
  return value > 0.0 ? QStringLiteral("+") + text : text;
}

bool sameSubject(const ReadAnswer& first, const ReadAnswer& second) {
  const auto &a = first.question.pictures, &b = second.question.pictures;
  return first.question.captions == second.question.captions && a.size() == b.size() &&
         std::ranges::equal(a, b, {}, &LoadedPicture::ref, &LoadedPicture::ref);
}

ScoreSheet::ScoreSheet(std::shared_ptr<const ReadAnswer> first, std::shared_ptr<const ReadAnswer> second,
                       ScoreKind kind, ScoreSide side)
    : first_(std::move(first)), kind_(kind) {
  if (!first_) {
    return;
  }
  second_ = second && sameSubject(*first_, *second) ? std::move(second) : nullptr;
  side_ = second_ ? side : ScoreSide::First;
  kind_ = kind == ScoreKind::Probability && !whyNoProbability().isEmpty() ? ScoreKind::Cosine : kind;
  values_ = valuesOf(seen().reading.scores, kind_);
  if (diverging()) {
    const auto& less = valuesOf(second_->reading.scores, kind_);
    std::ranges::transform(values_, less, values_.begin(), std::minus<float>());
  }
  const auto [least, most] = std::ranges::minmax_element(values_);
  if (diverging()) {
    high_ = std::max({std::abs(*least), std::abs(*most), 1e-6F});
    low_ = -high_;
  } else if (kind_ != ScoreKind::Probability) {
    low_ = *least;
    high_ = *most;
  }
}

bool ScoreSheet::secondAsTrained() const {
  return second_ && first_->facts.mixture && !asTrained(first_->question.settings, first_->facts);
}

std::string ScoreSheet::secondName() const {
  return second_->model() + (secondAsTrained() ? tr(", as trained").toStdString() : std::string());
}

QString ScoreSheet::whyNoProbability() const {
  const auto lacks = [](const ReadAnswer* answer) { return answer != nullptr && !answer->reading.scores.rule.sigmoid; };
  const bool first = side_ != ScoreSide::Second && lacks(first_.get());
  const bool second = side_ != ScoreSide::First && lacks(second_.get());
  if (!first && !second) {
    return {};
  }
  return side_ == ScoreSide::Difference
             ? tr("One of the two models was trained with the softmax loss: its logits only rank captions.")
             : tr("This model was trained with the softmax loss: its logits only rank captions.");
}

std::size_t ScoreSheet::rankOfCaption(std::size_t picture, std::size_t caption) const {
  const auto row = values_.begin() + std::ptrdiff_t(picture * captions());
  const float own = at(picture, caption);
  return 1 + std::size_t(std::count_if(row, row + std::ptrdiff_t(captions()), [&](float one) { return one > own; }));
}

std::size_t ScoreSheet::rankOfPicture(std::size_t picture, std::size_t caption) const {
  std::size_t rank = 1;
  for (std::size_t i = 0; i < pictures(); ++i) {
    rank += at(i, caption) > at(picture, caption) ? 1 : 0;
  }
  return rank;
}

QString ScoreSheet::meaning(std::size_t picture, std::size_t caption) const {
  const std::size_t cell = picture * captions() + caption;
  QString text = tr("Picture: %1\nCaption: %2\n\n")
                     .arg(QString::fromStdString(first_->question.pictures[picture].label),
                          QString::fromStdString(first_->question.captions[caption]).left(300));
  if (diverging()) {
    text += tr("A − B = %1.\n\nA, %2:\n%3\n\nB, %4:\n%5\n")
                .arg(differenceText(values_[cell], kind_), QString::fromStdString(first_->model()), lines(*first_, cell),
                     QString::fromStdString(secondName()), lines(*second_, cell));
  } else {
    text += lines(seen(), cell) + '\n';
  }
  const QString by = !second_      ? QString()
                     : diverging() ? tr("By A − B, the largest first: ")
                                   : tr("By %1: ").arg(side_ == ScoreSide::Second ? QStringLiteral("B") : QStringLiteral("A"));
  text += '\n' + by;
  text += (by.isEmpty() ? tr("Of %1 captions for this picture number %2; of %3 pictures for this caption number %4.")
                        : tr("of %1 captions for this picture number %2; of %3 pictures for this caption number %4."))
              .arg(captions())
              .arg(rankOfCaption(picture, caption))
              .arg(pictures())
              .arg(rankOfPicture(picture, caption));
  return text;
}

std::string ScoreSheet::table(const std::vector<std::size_t>& order, Separator separator) const {
  const auto cell = [separator](std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    return separator == Separator::Comma ? csvField(text) : text;
  };
  const char between = separator == Separator::Comma ? ',' : '\t';
  std::string table("picture");
  for (const std::size_t caption : order) {
    table += between + cell(first_->question.captions[caption]);
  }
  for (std::size_t i = 0; i < pictures(); ++i) {
    table += '\n' + cell(first_->question.pictures[i].label);
    for (const std::size_t caption : order) {
      table += cat(std::string(1, between), at(i, caption));
    }
  }
  return table + '\n';
}

}  // namespace lix::app
