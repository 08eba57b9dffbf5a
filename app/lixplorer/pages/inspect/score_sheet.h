#pragma once
#include <QCoreApplication>
#include <QString>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "pages/inspect/inspect_reading.h"

namespace lix::app {

/// Which checkpoint's scores are seen: the first, the second, or the first minus the second.
enum class ScoreSide { First, Second, Difference };

/// Whether two answers are of the same pictures and captions in the same order, so that their tables can be compared.
bool sameSubject(const ReadAnswer& first, const ReadAnswer& second);

/// The numbers of the matrix: scores of one checkpoint or of two against each other, [pictures, captions], and the ends
/// of their colour scale, which for a difference are as far below zero as above it.
class ScoreSheet {
  Q_DECLARE_TR_FUNCTIONS(lix::app::ScoreSheet)

 public:
  ScoreSheet() = default;
  /// `first` null: empty. `second` may be null; then, or where it is of another subject, only the first side is there.
  /// Probabilities become cosines where a model that is seen has none.
  ScoreSheet(std::shared_ptr<const ReadAnswer> first, std::shared_ptr<const ReadAnswer> second, ScoreKind kind,
             ScoreSide side);

  bool isEmpty() const { return first_ == nullptr; }
  const ReadAnswer* first() const { return first_.get(); }
  const ReadAnswer* second() const { return second_.get(); }
  /// Whether the first is read with settings of its own, so that the second, as trained, is read otherwise.
  bool secondAsTrained() const;
  /// "llip16-tiny-emoji (llip)", with ", as trained" where the first is not.
  std::string secondName() const;
  ScoreKind kind() const { return kind_; }
  ScoreSide side() const { return side_; }
  bool diverging() const { return side_ == ScoreSide::Difference; }
  std::size_t pictures() const { return first_ ? first_->reading.scores.pictures : 0; }
  std::size_t captions() const { return first_ ? first_->reading.scores.captions : 0; }
  float at(std::size_t picture, std::size_t caption) const { return values_[picture * captions() + caption]; }
  const std::vector<float>& values() const { return values_; }
  double low() const { return low_; }
  double high() const { return high_; }

  /// How many captions of this picture, or pictures of this caption, score higher, and one: 1 is the best. Equal ones
  /// share a rank.
  std::size_t rankOfCaption(std::size_t picture, std::size_t caption) const;
  std::size_t rankOfPicture(std::size_t picture, std::size_t caption) const;
  /// What a score is made of and where it stands, as plain lines.
  QString meaning(std::size_t picture, std::size_t caption) const;
  /// Why a kind of score is not there, "" where it is.
  QString whyNoProbability() const;
  /// Captions (own numbers, in `order`) as columns, pictures as rows. Tabs and breaks in names become spaces; as CSV
  /// (RFC 4180) names are quoted where they must be.
  enum class Separator { Tab, Comma };
  std::string table(const std::vector<std::size_t>& order, Separator separator) const;

 private:
  const ReadAnswer& seen() const { return side_ == ScoreSide::Second ? *second_ : *first_; }
  std::shared_ptr<const ReadAnswer> first_, second_;
  ScoreKind kind_ = ScoreKind::Cosine;
  ScoreSide side_ = ScoreSide::First;
  std::vector<float> values_;
  double low_ = 0.0, high_ = 1.0;
};

/// The number of one kind of score as it stands in a cell.
QString scoreText(double value, ScoreKind kind);
/// The same of a difference, with its sign.
QString differenceText(double value, ScoreKind kind);

}  // namespace lix::app
