// What the panel of mixture weights shows and says.
#include <QAccessible>
#include <QComboBox>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>

#include "base/text.h"
#include "charts/flow_layout.h"
#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "figures/bars_figure.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/panel_parts.h"
#include "pages/inspect/weights_panel.h"
#include "shared/reading_figures.h"

namespace lix::app {
namespace {

constexpr qsizetype kComboCharacters = 60;

QString listed(const std::vector<std::size_t>& numbers) {
  QStringList texts;
  for (const std::size_t number : numbers) {
    texts << QString::number(number);
  }
  return texts.join(QStringLiteral(", "));
}

QString number(double value) { return QString::fromStdString(shortNumber(value)); }

}  // namespace

void WeightsPanel::setEmptyText(const QString& text) {
  emptyText_ = text;
  if (!answer_) {
    view_->setEmptyText(text);
  }
}

void WeightsPanel::look(const InspectView& view) {
  const auto before = seen_.lock();
  const bool first = !answer_;
  const int captionBefore = caption_;
  answer_ = view.inAnswer < 0 ? nullptr : view.answer;
  other_ = view.otherAnswer;
  otherChosen_ = !view.other.empty();
  picture_ = std::size_t(std::max(view.inAnswer, 0));
  settings_ = answer_ ? answer_->question.settings : study::InspectSettings();
  caption_ = view.captionInAnswer < 0 ? caption_ : view.captionInAnswer;  // not read yet: the one before
  caption_ = answer_ ? std::clamp(caption_, 0, int(answer_->question.captions.size()) - 1) : 0;
  // One answer to the question before the last may come; another with other settings was asked for elsewhere.
  const bool moved = !answer_ || folder_ != answer_->facts.folder;
  const bool late = asked_ && answer_ != before && settings_ != *asked_ && ++late_ > 1;
  if (moved || late || (asked_ && settings_ == *asked_)) {
    asked_.reset();
  }
  if (moved || (!asked_ && !settings_.heads.empty())) {
    selected_ = settings_.heads;
  }
  seen_ = answer_;
  folder_ = answer_ ? answer_->facts.folder : std::filesystem::path();
  if (answer_ && asTrained(settings_, answer_->facts)) {
    trained_ = answer_;
  } else if (trained_ && (!answer_ || trained_->facts.weightsHash != answer_->facts.weightsHash)) {
    trained_.reset();
  }
  refresh();
  if (first || caption_ != captionBefore) {
    view_->revealCurrent();
  }
}

void WeightsPanel::rest() {
  reading_.drop();
  tried_ = {};
  answer_.reset();  // readings are large: a panel that nobody sees holds none
  other_.reset();
  trained_.reset();
}

const study::MixtureReading* WeightsPanel::mixture() const {
  if (!answer_ || picture_ >= answer_->reading.pictures.size() || !answer_->reading.pictures[picture_].mixture) {
    return nullptr;
  }
  return &*answer_->reading.pictures[picture_].mixture;
}

void WeightsPanel::readTrained() {
  if (asTrained(settings_, answer_->facts) || (trained_ && sameIn(*trained_, *answer_, picture_)) || reading_.busy()) {
    return;
  }
  if (tried_.first.lock() == answer_ && tried_.second == picture_) {
    return;
  }
  tried_ = {answer_, picture_};
  ReadQuestion question{.checkpoint = answer_->question.checkpoint,
                        .pictures = {answer_->question.pictures[picture_]},
                        .captions = answer_->question.captions,
                        .settings = {}};
  reading_.ask([question = std::move(question), checkpoints = &desk_.checkpoints(),
                prepared = prepared_](std::stop_token) { return readPictures(*checkpoints, question, *prepared); },
               [this](Result<std::shared_ptr<const ReadAnswer>> answer) {
                 if (!answer) {
                   desk_.say(answer.error());
                   return;
                 }
                 trained_ = std::move(*answer);
                 if (answer_ && trained_->facts.weightsHash != answer_->facts.weightsHash) {
                   Q_EMIT settingsAsked(settings());  // the checkpoint was written anew: the page reads it again
                 } else {
                   refresh();
                 }
               });
}

WeightsSubject WeightsPanel::subject() const {
  WeightsSubject subject{.answer = answer_.get(),
                         .picture = picture_,
                         .caption = caption_,
                         .shown = shownCaptions(answer_->question.captions.size(), caption_),
                         .captions = wanted_,
                         .of = of_};
  if (trained_ && !asTrained(settings_, answer_->facts)) {
    if (const auto at = sameIn(*trained_, *answer_, picture_); at && trained_->reading.pictures[*at].mixture) {
      subject.trained = &*trained_->reading.pictures[*at].mixture;
      subject.trainedCosines = trained_->reading.scores.cosines.data() + *at * answer_->question.captions.size();
    }
  }
  if (other_) {
    const auto at = samePictureIn(*other_, *answer_, picture_);
    const auto* theirs =
        at && other_->reading.pictures[*at].mixture ? &*other_->reading.pictures[*at].mixture : nullptr;
    subject.other = theirs && theirs->heads == mixture()->heads && theirs->tokens == mixture()->tokens ? theirs : nullptr;
    subject.otherModel = other_->facts.name;
  }
  return subject;
}

QString WeightsPanel::whyNoDifference(const WeightsSubject& subject) const {
  const bool checkpoints = of_ == DifferenceOf::Checkpoints || of_ == DifferenceOf::Both;
  if (checkpoints && !subject.other) {
    if (!other_) {
      return otherChosen_ ? tr("The second checkpoint is being read.")
                          : tr("Choose a second checkpoint above to see the difference of two checkpoints.");
    }
    const QString name = QString::fromStdString(other_->facts.name);
    if (!other_->facts.mixture) {
      return tr("%1 makes one vector of a picture, whatever is said of it: it has no weights to subtract.").arg(name);
    }
    return samePictureIn(*other_, *answer_, picture_)
               ? tr("%1 has %2 heads and %3 tokens, this checkpoint %4 and %5: their weights cannot be subtracted.")
                     .arg(name)
                     .arg(other_->facts.heads)
                     .arg(other_->facts.tokens)
                     .arg(mixture()->heads)
                     .arg(mixture()->tokens)
               : tr("%1 has not read this picture with these captions yet.").arg(name);
  }
  if (of_ == DifferenceOf::Trained && asTrained(settings_, answer_->facts)) {
    return tr("Everything is as trained: there is no difference to show.");
  }
  if (of_ == DifferenceOf::Captions && answer_->question.captions.size() < 2) {
    return tr("Type a second caption to see the difference of two.");
  }
  return {};
}

QString WeightsPanel::changes(const study::InspectSettings& settings) const {
  QStringList parts;
  if (const auto& out = settings.withoutTokens; !out.empty()) {
    parts << (out.size() == 1 ? tr("token %1 is knocked out") : tr("tokens %1 are knocked out")).arg(listed(out));
  }
  if (!settings.heads.empty()) {
    parts << (settings.heads.size() == 1 ? tr("only head %1 counts") : tr("only heads %1 count")).arg(listed(settings.heads));
  }
  if (settings.tau && answer_->facts.tauMixture && *settings.tau != *answer_->facts.tauMixture) {
    parts << tr("tau %1 instead of %2").arg(number(*settings.tau), number(*answer_->facts.tauMixture));
  }
  return parts.join(QStringLiteral("; "));
}

void WeightsPanel::sayState(const WeightsSubject& subject) {
  const QString caption = captionIn(answer_->question.captions[std::size_t(caption_)]);
  const QString score = QString::fromStdString(scoreText(subject, std::size_t(caption_)));
  const bool own = asTrained(settings_, answer_->facts);
  said_->say(own ? tr("As trained. Click a token's number to knock it out, a head's to select it (evaluation only).")
                 : tr("Evaluation only: %1. “%2”: %3.").arg(changes(settings_), caption, score));
  asTrained_->setEnabled(!asTrained(settings(), answer_->facts));
  QString why = whyNoDifference(subject);
  if (of_ == DifferenceOf::Trained && why.isEmpty()) {
    why = tr("The difference is the weights as set here minus those as trained.");  // its line keeps its room
  }
  noDifference_->setText(why);
  noDifference_->setVisible(!why.isEmpty());
  const bool two = of_ == DifferenceOf::Captions || of_ == DifferenceOf::Both;
  for (QWidget* part : std::initializer_list<QWidget*>{first_, minus_, second_}) {
    part->setVisible(two);
  }
  const auto& [from, count] = subject.shown;
  const std::size_t all = answer_->question.captions.size();
  pages_->setVisible(count < all);
  pageSaid_->setText(tr("%1 of %2 captions, %3 to %4: those around the current one.")
                         .arg(count)
                         .arg(all)
                         .arg(from + 1)
                         .arg(from + count));
  previous_->setEnabled(from > 0);
  next_->setEnabled(from + count < all);
}

void WeightsPanel::fillCaptions() {
  filling_ = true;
  if (filled_ != answer_->question.captions) {
    filled_ = answer_->question.captions;
    QStringList texts;
    for (const std::string& caption : filled_) {
      const QString text = QString::fromStdString(caption);
      texts << (text.size() > kComboCharacters ? text.left(kComboCharacters) + QStringLiteral("…") : text);
    }
    for (QComboBox* box : {first_, second_}) {
      box->clear();
      box->addItems(texts);
      box->setEnabled(texts.size() > 1);
    }
  }
  const int last = first_->count() - 1;
  first_->setCurrentIndex(std::min(wanted_.first, last));
  second_->setCurrentIndex(std::min(wanted_.second, last));
  what_->setCurrentIndex(int(of_));
  filling_ = false;
}

void WeightsPanel::fillHeads() {
  const std::size_t count = mixture() ? mixture()->heads : 0;
  if (chips_.size() != count) {
    for (QToolButton* chip : chips_) {
      heads_->removeWidget(chip);
      chip->deleteLater();
    }
    chips_.clear();
    heads_->removeWidget(isolate_);
    for (std::size_t head = 0; head < count; ++head) {
      auto* chip = new QToolButton;
      chip->setObjectName(QStringLiteral("inspect.head%1").arg(head));
      chip->setText(QString::number(head));
      chip->setCheckable(true);
      chip->setAccessibleName(tr("Head %1").arg(head));
      chip->setToolTip(tr("Selects head %1; Isolate counts the selected heads alone. Key: Space.").arg(head));
      connect(chip, &QToolButton::clicked, this, [this, head] { toggleHead(int(head)); });
      heads_->addWidget(chip);
      chips_.push_back(chip);
    }
    heads_->addWidget(isolate_);
  }
  for (std::size_t head = 0; head < count; ++head) {
    chips_[head]->setChecked(std::ranges::find(selected_, head) != selected_.end());
  }
  const bool isolated = !settings().heads.empty();
  isolate_->setChecked(isolated);
  isolate_->setEnabled(isolated || (!selected_.empty() && selected_.size() < count));
  view_->setSelected({selected_.begin(), selected_.end()});
}

void WeightsPanel::showNothing() {
  figure_.reset();
  const bool left = answer_ && answer_->facts.mixture;
  view_->setEmptyText(
      left      ? tr("So many pictures and captions leave this picture with scores alone: remove some to see its weights.")
      : answer_ ? tr("%1 makes one vector of a picture, whatever is said of it: there are no mixture weights to show. "
                     "Choose a Llip checkpoint to see how each caption mixes a picture's tokens.")
                      .arg(QString::fromStdString(answer_->model()))
                : emptyText_);
  view_->showWeights(nullptr, 0, 0, -1);
  effect_->setFigure(nullptr);
  effect_->setVisible(false);
}

void WeightsPanel::refresh() {
  controls_->setVisible(mixture() != nullptr);
  if (!mixture()) {
    showNothing();
    return;
  }
  readTrained();
  fillCaptions();
  fillHeads();
  const WeightsSubject shown = subject();
  slider_->setValue(settings().tau.value_or(mixture()->tau));
  sayState(shown);
  figures::WeightsData weights = weightsOf(shown);
  if (const QString changed = changes(settings_); !changed.isEmpty()) {
    weights.headings.notes = cat("Evaluation only: ", changed.toStdString(), ".");  // below: the heatmaps stay in place
  }
  figure_ = std::make_shared<const figures::WeightsFigure>(std::move(weights));
  view_->showWeights(figure_, int(mixture()->heads), int(mixture()->tokens), caption_ - int(shown.shown.first));
  drawEffect(shown);
  describeCell();
  if (asTrained(settings_, answer_->facts) || shown.trainedCosines != nullptr) {
    Q_EMIT weightsShown();
  }
}

void WeightsPanel::drawEffect(const WeightsSubject& subject) {
  effect_->setVisible(subject.trainedCosines != nullptr);
  if (!subject.trainedCosines) {
    effect_->setFigure(nullptr);
    return;
  }
  figures::BarsData bars{
      .headings = {.title = tr("What it does to the scores").toStdString(),
                   .subtitle = tr("cosine now minus cosine as trained").toStdString(),
                   .notes = ""},
      .xLabel = tr("change of the cosine").toStdString(),
      .series = {""},
      .rows = {}};
  const auto& scores = answer_->reading.scores;
  for (std::size_t i = subject.shown.first; i < subject.shown.first + subject.shown.count; ++i) {
    const double now = scores.cosines[picture_ * scores.captions + i];
    bars.rows.push_back({answer_->question.captions[i], {{.value = now - subject.trainedCosines[i]}}});
  }
  effect_->setFigure(std::make_shared<const figures::BarsFigure>(std::move(bars)));
}

QString WeightsPanel::cellText(int caption, int head, int token) const {
  const study::MixtureReading& of = *mixture();
  const std::size_t at = (std::size_t(caption) * of.heads + std::size_t(head)) * of.tokens + std::size_t(token);
  QString text = tr("%1\nhead %2, token %3: weight %4 (an even share is %5)")
                     .arg(captionIn(answer_->question.captions[std::size_t(caption)]))
                     .arg(head)
                     .arg(token)
                     .arg(number(of.weights[at]), number(1.0 / double(of.tokens)));
  const auto has = [](const std::vector<std::size_t>& list, int one) {
    return std::ranges::find(list, std::size_t(one)) != list.end();
  };
  if (has(settings_.withoutTokens, token)) {
    text += QLatin1Char('\n') + tr("The token is knocked out: the others share its weight.");
  }
  if (!settings_.heads.empty() && !has(settings_.heads, head)) {
    text += QLatin1Char('\n') + tr("The head does not count.");
  }
  return text;
}

void WeightsPanel::describeCell() {
  if (!mixture()) {
    return;
  }
  view_->setAccessibleDescription(cellText(caption_, view_->cell().head, view_->cell().token));
  QAccessibleEvent told(view_, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&told);
}

QString WeightsPanel::hint(const QPointF& at) const {
  if (!figure_ || !mixture()) {
    return {};
  }
  const WeightsView::Hit hit = view_->hitAt(at);
  const int caption = hit.panel + int(shownCaptions(answer_->question.captions.size(), caption_).first);
  switch (hit.part) {
    case WeightsView::Part::Cell:
      return cellText(caption, hit.cell.head, hit.cell.token);
    case WeightsView::Part::Head:
      return tr("Head %1: a click or Space selects it, Enter isolates it.").arg(hit.cell.head);
    case WeightsView::Part::Token:
      return tr("Token %1: a click or Delete knocks it out, or takes it back.").arg(hit.cell.token);
    case WeightsView::Part::Caption:
      return captionIn(answer_->question.captions[std::size_t(caption)]) + QLatin1Char('\n') +
             QString::fromStdString(scoreText(subject(), std::size_t(caption)));
    case WeightsView::Part::None:
      break;
  }
  for (std::size_t i = 0; i < view_->places().contrasts.size(); ++i) {
    if (const auto cell = cellAt(view_->places().contrasts[i], int(mixture()->heads), int(mixture()->tokens), at)) {
      const auto place = std::size_t(cell->first) * mixture()->tokens + std::size_t(cell->second);
      return tr("head %1, token %2: difference %3")
          .arg(cell->first)
          .arg(cell->second)
          .arg(number(figure_->contrasts()[i].values[place]));
    }
  }
  return {};
}

}  // namespace lix::app
