#include "pages/inspect/tokens_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QResizeEvent>
#include <QScrollArea>
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "desk/desk.h"
#include "figures/columns_figure.h"
#include "frame/page_parts.h"
#include "pages/inspect/panel_parts.h"
#include "pages/inspect/weights_reading.h"
#include "shared/reading_figures.h"

namespace lix::app {
namespace {

constexpr std::size_t kSteps = 32;  // of the histogram
constexpr int kSideBySide = 900;    // from this width on

/// Pictures with the distances that their spans show.
struct MixedPictures {
  std::vector<std::vector<float>> distances;
  std::vector<study::MixedPicture> pictures;
};

MixedPictures mixed(const TokensQuestion& question, const ReadAnswer& answer) {
  MixedPictures mixed;
  for (std::size_t i = 0; i < answer.reading.pictures.size(); ++i) {
    const auto& mixture = answer.reading.pictures[i].mixture;
    if (mixture && (!question.picture || *question.picture == i)) {
      mixed.distances.push_back(mixture->distances());
      mixed.pictures.push_back({mixture->weights, mixed.distances.back()});
    }
  }
  return mixed;
}

Result<study::TokenUse> useIn(const TokensQuestion& question, const ReadAnswer& answer) {
  const MixedPictures all = mixed(question, answer);
  const std::size_t captions = answer.question.captions.size();
  return study::tokenUse(all.pictures, captions, std::size_t(answer.facts.heads), std::size_t(answer.facts.tokens),
                         answer.question.settings.heads);
}

QString number(double value) { return QString::fromStdString(shortNumber(value)); }

}  // namespace

Result<std::shared_ptr<const TokensAnswer>> countTokens(TokensQuestion question) {
  auto made = std::make_shared<TokensAnswer>();
  LIX_TRY(made->use, useIn(question, *question.answer));
  made->pairs = study::histogram(made->use.pairs, kSteps);
  made->use.pairs = {};  // a float a pair of captions and picture: the histogram says it
  const auto& out = question.answer->question.settings.withoutTokens;
  for (const std::size_t token : made->use.dead) {
    if (std::ranges::find(out, token) == out.end()) {
      made->dead.push_back(token);
    }
  }
  if (question.other && !question.other->facts.mixture) {
    made->otherDistance = 0.0;
  } else if (question.other) {
    if (const auto theirs = useIn(question, *question.other)) {
      made->otherDistance = theirs->meanDistance;
    }
  }
  made->question = std::move(question);
  return made;
}

TokensPanel::TokensPanel(Desk& desk, QWidget* parent)
    : InspectPanel(parent), desk_(desk), counting_(desk.interactive()) {
  build();
}

void TokensPanel::build() {
  of_ = new QComboBox;
  of_->setObjectName("inspect.tokensOf");
  of_->setAccessibleName(tr("Whose tokens"));
  of_->setToolTip(tr("The current picture alone, or the mean over all pictures of the page. Arrow keys choose."));
  of_->addItems({tr("This picture"), tr("All pictures of the page")});
  of_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  of_->setMinimumContentsLength(20);
  connect(of_, &QComboBox::currentIndexChanged, this, [this] {
    count();
    Q_EMIT stateChanged();
  });
  summary_ = new QLabel;
  summary_->setObjectName("inspect.tokensSaid");
  summary_->setWordWrap(true);
  summary_->setTextFormat(Qt::PlainText);
  summary_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  summary_->setAccessibleName(tr("Tokens in a sentence"));
  summary_->setToolTip(tr("What the figures below say. Ctrl+C copies what is selected of it."));
  const auto figure = [](const char* name, const QString& text) {
    auto* view = new widgets::FigureView;
    view->setObjectName(name);
    view->setAccessibleName(text);
    return view;
  };
  use_ = figure("inspect.tokensUse", tr("Use of each token"));
  entropy_ = figure("inspect.tokensEntropy", tr("Entropy per caption and head"));
  distances_ = figure("inspect.tokensDistances", tr("How far captions move the embedding"));
  entropy_->setHint([this](const QPointF& at) { return entropyHint(at); });
  auto* all = new QWidget;
  column_ = new QBoxLayout(QBoxLayout::TopToBottom, all);
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(0);
  for (widgets::FigureView* view : {use_, entropy_, distances_}) {
    column_->addWidget(view, 1);
  }
  auto* head = new QVBoxLayout;
  head->setContentsMargins(8, 0, 8, 0);
  head->addWidget(of_, 0, Qt::AlignLeft);
  head->addWidget(summary_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 6, 0, 0);
  layout->setSpacing(6);
  layout->addLayout(head);
  layout->addWidget(scrolled(all), 1);
  say({});
}

void TokensPanel::resizeEvent(QResizeEvent* event) {
  InspectPanel::resizeEvent(event);
  column_->setDirection(event->size().width() >= kSideBySide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void TokensPanel::setEmptyText(const QString& text) {
  emptyText_ = text;
  if (!answer_) {
    say(text);
  }
}

QJsonObject TokensPanel::state() const { return {{"all", of_->currentIndex() == 1}}; }

void TokensPanel::restore(const QJsonObject& state) { of_->setCurrentIndex(state["all"].toBool() ? 1 : 0); }

void TokensPanel::look(const InspectView& view) {
  answer_ = view.inAnswer < 0 ? nullptr : view.answer;
  other_ = view.otherAnswer;
  picture_ = std::size_t(std::max(view.inAnswer, 0));
  caption_ = view.captionInAnswer < 0 ? caption_ : view.captionInAnswer;  // not read yet: the one before
  count();
}

void TokensPanel::rest() {
  counting_.drop();
  asked_.reset();  // so that the next look counts anew
  counted_.reset();
  answer_.reset();  // readings are large: a panel that nobody sees holds none
  other_.reset();
}

void TokensPanel::say(const QString& text) {
  counting_.drop();
  asked_.reset();
  counted_.reset();
  of_->setVisible(false);
  summary_->setVisible(false);
  for (widgets::FigureView* view : {entropy_, distances_}) {
    view->setFigure(nullptr);
    view->setVisible(false);
  }
  use_->setEmptyText(text);
  use_->setFigure(nullptr);
}

void TokensPanel::count() {
  if (!answer_) {
    say(emptyText_);
    return;
  }
  if (!answer_->facts.mixture) {
    say(tr("%1 makes one vector of a picture, whatever is said of it: captions move its embedding by 0, by construction, "
           "and it has no mixture tokens. Choose a Llip checkpoint to see how captions use them.")
            .arg(QString::fromStdString(answer_->model())));
    return;
  }
  const bool all = of_->currentIndex() == 1;
  if (!all && (picture_ >= answer_->reading.pictures.size() || !answer_->reading.pictures[picture_].mixture)) {
    say(tr("So many pictures and captions leave this picture with scores alone: remove some to see its tokens."));
    return;
  }
  const TokensQuestion wanted{answer_, other_, all ? std::nullopt : std::optional(picture_)};
  if (asked_ == wanted) {
    if (counted_ && counted_->question == wanted) {
      draw();  // another caption is the current one
    }
    return;
  }
  asked_ = wanted;
  counting_.ask([wanted](std::stop_token) { return countTokens(wanted); },
                [this](Result<std::shared_ptr<const TokensAnswer>> answer) {
                  if (!answer) {
                    say(QString::fromStdString(answer.error().message));
                    return;
                  }
                  counted_ = std::move(*answer);
                  draw();
                });
}

QString TokensPanel::without() const {
  const study::InspectSettings& settings = counted_->question.answer->question.settings;
  return asTrained(settings, counted_->question.answer->facts)
             ? QString()
             : QLatin1Char(' ') + tr("Read with what is set beside the mixture weights, for evaluation only.");
}

QString TokensPanel::summary() const {
  const study::TokenUse& use = counted_->use;
  QString moved;
  if (use.captions < 2) {
    moved = tr("Type a second caption to see how far captions move an embedding");
  } else if (counted_->question.picture) {
    moved = tr("Captions move this picture's embedding by %1 on average (1 − cosine of two captions' embeddings)")
                .arg(number(use.meanDistance));
  } else {
    moved = tr("Captions move the embeddings of these %1 pictures by %2 on average (1 − cosine of two captions' "
               "embeddings)")
                .arg(use.pictures)
                .arg(number(use.meanDistance));
  }
  QStringList dead;
  for (const std::size_t token : counted_->dead) {
    dead << QString::number(token);
  }
  const QString died = dead.isEmpty() ? tr("none of the %1 tokens is dead").arg(use.tokens)
                                      : tr("%1 of %2 tokens are dead: %3")
                                            .arg(dead.size())
                                            .arg(use.tokens)
                                            .arg(dead.join(QStringLiteral(", ")));
  return tr("%1; %2. A head spreads its weight over %3 tokens on average.")
             .arg(moved, died, number(use.effectiveTokens)) +
         without();
}

std::string TokensPanel::subtitle() const {
  const ReadAnswer& answer = *counted_->question.answer;
  return cat(answer.model(), ", ",
             counted_->question.picture ? answer.question.pictures[*counted_->question.picture].label
                                        : cat("mean over ", counted_->use.pictures, " pictures"));
}

std::vector<std::string> TokensPanel::names(std::size_t first, std::size_t count) const {
  const auto& captions = counted_->question.answer->question.captions;
  return {captions.begin() + std::ptrdiff_t(first), captions.begin() + std::ptrdiff_t(first + count)};
}

void TokensPanel::draw() {
  of_->setVisible(true);
  summary_->setVisible(true);
  entropy_->setVisible(true);
  distances_->setVisible(counted_->use.captions > 1);
  summary_->setText(summary());
  drawUse();
  drawEntropies();
  drawDistances();
  Q_EMIT tokensShown();
}

void TokensPanel::drawUse() {
  const study::TokenUse& use = counted_->use;
  figures::ColumnsData shown{.headings = {.title = tr("Use of each token").toStdString(),
                                          .subtitle = subtitle(),
                                          .notes = tr("Mean weight over heads and captions. Dead: no head gives it a tenth "
                                                      "of an even share.")
                                                       .toStdString()},
                             .xLabel = tr("mixture token").toStdString(),
                             .yLabel = tr("mean weight").toStdString(),
                             .columns = {},
                             .numbered = true,
                             .level = 1.0 / double(use.tokens),
                             .levelName = cat(tr("an even share").toStdString(), ", 1/", use.tokens),
                             .flagName = tr("dead").toStdString()};
  for (std::size_t token = 0; token < use.tokens; ++token) {
    const bool dead = std::ranges::find(counted_->dead, token) != counted_->dead.end();
    shown.columns.push_back({use.shares[token], dead});
  }
  use_->setFigure(std::make_shared<const figures::ColumnsFigure>(std::move(shown)));
  use_->setAccessibleDescription(summary_->text());
}

void TokensPanel::drawEntropies() {
  const study::TokenUse& use = counted_->use;
  const CaptionRange range = shownCaptions(use.captions, caption_);
  figures::HeatPanel panel{.title = "", .rows = names(range.first, range.count), .columns = {}, .values = {}};
  for (std::size_t head = 0; head < use.heads; ++head) {
    panel.columns.push_back(cat(head));
  }
  const auto begin = use.entropies.begin() + std::ptrdiff_t(range.first * use.heads);
  panel.values.assign(begin, begin + std::ptrdiff_t(range.count * use.heads));
  const double most = std::log(double(use.tokens));
  const QString some = range.count < use.captions ? QLatin1Char(' ') + tr("%1 of %2 captions: those around the current one.")
                                                                           .arg(range.count)
                                                                           .arg(use.captions)
                                                  : QString();
  entropies_ = {.headings = {.title = tr("Entropy per caption and head").toStdString(),
                             .subtitle = subtitle(),
                             .notes = (tr("In nats: 0 is one token, ln %1 = %2 all alike. exp of it is the number of tokens "
                                          "that the weight is spread over.")
                                           .arg(use.tokens)
                                           .arg(number(most)) +
                                       some)
                                          .toStdString()},
                .rowLabel = "",
                .columnLabel = tr("head").toStdString(),
                .valueLabel = tr("nats").toStdString(),
                .panels = {panel},
                .range = std::pair(0.0, std::max(most, 1e-6))};
  entropy_->setFigure(std::make_shared<const figures::HeatFigure>(entropies_));
}

QString TokensPanel::entropyHint(const QPointF& at) const {
  const auto* figure = dynamic_cast<const figures::HeatFigure*>(entropy_->figure());
  if (!figure || entropies_.panels.empty()) {
    return {};
  }
  const figures::HeatPanel& panel = entropies_.panels.front();
  const auto cell = cellAt(figure->places(entropy_->figureRect()).grids.front(), int(panel.rows.size()),
                           int(panel.columns.size()), at);
  if (!cell) {
    return {};
  }
  const double nats = panel.values[std::size_t(cell->first) * panel.columns.size() + std::size_t(cell->second)];
  return tr("%1\nhead %2: %3 nats, as spread out as %4 tokens of even weight")
      .arg(captionIn(panel.rows[std::size_t(cell->first)]))
      .arg(cell->second)
      .arg(number(nats), number(std::exp(nats)));
}

void TokensPanel::drawDistances() {
  const study::TokenUse& use = counted_->use;
  QString notes = tr("A SigLIP makes one vector of a picture, whatever is said of it: all its distances are 0.");
  if (counted_->otherDistance) {
    notes = tr("%1 moves it by %2 on average.")
                .arg(QString::fromStdString(counted_->question.other->facts.name), number(*counted_->otherDistance)) +
            QLatin1Char(' ') + notes;
  }
  figures::Headings headings{.title = tr("How far captions move the embedding").toStdString(),
                             .subtitle = cat(subtitle(), "; 1 − cosine, mean ", shortNumber(use.meanDistance)),
                             .notes = notes.toStdString()};
  if (use.captions <= kMostShown) {
    figures::HeatPanel panel{
        .title = "", .rows = names(0, use.captions), .columns = names(0, use.captions), .values = use.distances};
    const auto most = std::ranges::max_element(use.distances);
    distances_->setFigure(std::make_shared<const figures::HeatFigure>(figures::HeatData{
        .headings = std::move(headings),
        .rowLabel = "",
        .columnLabel = "",
        .valueLabel = "1 − cosine",
        .panels = {std::move(panel)},
        .range = std::pair(0.0, most == use.distances.end() || *most <= 0 ? 1.0 : *most)}));
    return;
  }
  figures::ColumnsData shown{.headings = std::move(headings),
                             .xLabel = tr("1 − cosine").toStdString(),
                             .yLabel = tr("pairs of captions").toStdString(),
                             .columns = {},
                             .step = counted_->pairs.step};
  for (const std::size_t count : counted_->pairs.counts) {
    shown.columns.push_back({double(count), false});
  }
  distances_->setFigure(std::make_shared<const figures::ColumnsFigure>(std::move(shown)));
}

}  // namespace lix::app
