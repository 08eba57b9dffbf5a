#include "pages/data/explore_captions.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "desk/checkpoint_shelf.h"
#include "figure_view/figure_view.h"
#include "figures/columns_figure.h"
#include "frame/page_parts.h"
#include "pages/data/dropped_paths.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr std::size_t kWords = 200;
constexpr std::size_t kMostShared = 1000;   // rows of equal captions
constexpr std::size_t kMostColumns = 120;   // of the histogram; longer captions share the last
enum Unit { Words, Tokens };
enum Role { KindRole = Qt::UserRole, IndexRole };
enum Kind { NoneKind, EmptyKind, CutKind, SharedKind, WordKind };

QString number(std::size_t value) { return QLocale(QLocale::English).toString(qulonglong(value)); }

std::string foldedText(std::string_view text) { return folded(std::string(text)); }

Result<std::shared_ptr<const CaptionReport>> reportOf(const std::shared_ptr<const OpenDataset>& set,
                                                      const CheckpointShelf& shelf,
                                                      const std::filesystem::path& checkpoint, const Progress& progress) {
  auto made = std::make_shared<CaptionReport>();
  made->of = set;
  const auto& samples = set->set.samples;
  report(progress, "Counting words", 0, 0);
  std::vector<std::span<const std::string>> views;
  std::vector<std::string> captions;
  std::vector<std::uint32_t> owners;
  for (std::uint32_t i = 0; i < samples.size(); ++i) {
    views.emplace_back(samples[i].captions);
    if (!checkpoint.empty()) {
      captions.insert(captions.end(), samples[i].captions.begin(), samples[i].captions.end());
      owners.insert(owners.end(), samples[i].captions.size(), i);
    }
  }
  LIX_TRY(made->words, study::captionStatistics(views, kWords, foldedText));
  if (captions.empty()) {
    return made;
  }
  LIX_TRY(const auto reader, shelf.open(checkpoint));
  made->model = reader->facts().name;
  made->contextLength = reader->facts().contextLength;
  LIX_TRY(const auto lengths, reader->captionLengths(captions, progress));
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const auto tokens = std::size_t(lengths[i].tokens);
    made->tokens.resize(std::max(made->tokens.size(), tokens + 1), 0);
    ++made->tokens[tokens];
    if (lengths[i].cut) {
      ++made->cutCaptions;
      if (made->cut.empty() || made->cut.back() != owners[i]) {
        made->cut.push_back(owners[i]);
      }
    }
  }
  return made;
}

/// Columns of a histogram; what is beyond the last is counted there.
std::vector<figures::Column> columnsOf(const std::vector<std::size_t>& histogram, int flaggedFrom) {
  std::vector<figures::Column> columns(std::min(histogram.size(), kMostColumns));
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    auto& column = columns[std::min(i, columns.size() - 1)];
    column.value += double(histogram[i]);
    column.flagged = flaggedFrom > 0 && int(i) > flaggedFrom && column.value > 0;
  }
  return columns;
}

}  // namespace

ExploreCaptions::ExploreCaptions(ExploreSource& source)
    : ExplorePanel(source, "data.captions"), asking_(source.desk().interactive()) {
  build();
  connect(count_, &QPushButton::clicked, this, &ExploreCaptions::count);
  connect(unit_, &QComboBox::currentIndexChanged, this, &ExploreCaptions::draw);
  connect(list_, &QTreeWidget::itemSelectionChanged, this, &ExploreCaptions::take);
  connect(&source, &ExploreSource::changed, this, &ExploreCaptions::follow);
  connect(figure_, &widgets::FigureView::failed, this,
          [this](const QString& sentence) { this->source().desk().say(widgets::Severity::Error, sentence); });
  say(tr("Press \"Count\": lengths, words, equal captions, and which ones the checkpoint cuts."));
  follow();
}

void ExploreCaptions::build() {
  count_ = button("Count", tr("Count"), tr("Count the captions of the shown dataset"),
                  tr("Counts words, and tokens with the chosen checkpoint's tokenizer (Space)."));
  count_->setProperty("primary", true);
  unit_ = new QComboBox;
  unit_->setObjectName("data.captionsUnit");
  unit_->setAccessibleName(tr("Length of captions in"));
  unit_->setToolTip(tr("What the histogram counts (Up and Down choose)."));
  unit_->addItems({tr("Words"), tr("Tokens")});
  auto* row = new QHBoxLayout;
  row->addWidget(count_);
  row->addWidget(unit_, 1);
  numbers_ = new QLabel;
  numbers_->setObjectName("data.captionsNumbers");
  numbers_->setWordWrap(true);
  numbers_->setTextFormat(Qt::PlainText);
  numbers_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  numbers_->setAccessibleName(tr("Numbers of the captions"));
  numbers_->setToolTip(tr("Can be selected and copied (Ctrl+C)."));
  numbers_->hide();
  figure_ = new widgets::FigureView;
  figure_->setObjectName("data.captionsFigure");
  figure_->setAccessibleName(tr("Histogram of caption lengths"));
  figure_->hide();
  list_ = new QTreeWidget;
  list_->setObjectName("data.captionsList");
  list_->setAccessibleName(tr("Captions to look at"));
  list_->setToolTip(tr("Choosing a row shows its pictures in the grid (arrows; Left and Right fold)."));
  list_->setColumnCount(2);
  list_->setHeaderHidden(true);
  list_->header()->setStretchLastSection(false);
  list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  list_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  list_->setUniformRowHeights(true);
  list_->setMinimumHeight(90);
  column()->addLayout(row);
  auto* said = new QWidget;  // scrolls where the panel is low
  auto* within = new QVBoxLayout(said);
  within->setContentsMargins(0, 0, 0, 0);
  within->addWidget(numbers_);
  within->addWidget(figure_);
  within->addStretch(1);
  column()->addWidget(scrolled(said), 3);
  column()->addWidget(list_, 2);
  finish();
}

QJsonObject ExploreCaptions::state() const {
  return {{"unit", unit_->currentIndex() == Tokens ? QStringLiteral("tokens") : QStringLiteral("words")}};
}

void ExploreCaptions::restore(const QJsonObject& state) {
  unit_->setCurrentIndex(state["unit"].toString() == QStringLiteral("tokens") ? Tokens : Words);
}

void ExploreCaptions::follow() {
  const auto collection = source().collection();
  if (report_ && (!collection || report_->of != collection->set)) {
    report_.reset();
    show(nullptr);
    say(tr("Press \"Count\": lengths, words, equal captions, and which ones the checkpoint cuts."));
  }
  count_->setEnabled(collection && !collection->samples().empty() && !source().isBusy());
}

void ExploreCaptions::count() {
  const auto collection = source().collection();
  if (!collection) {
    return;
  }
  source().start<Report>(
      tr("Counting the captions"),
      [set = collection->set, shelf = &source().desk().checkpoints(), checkpoint = source().checkpoint()](
          const Progress& progress) { return reportOf(set, *shelf, checkpoint, progress); },
      [this](const Report& report) {
        if (const auto shown = source().collection(); shown && shown->set == report->of) {
          show(report);
          Q_EMIT counted();
        }
      });
}

void ExploreCaptions::show(const Report& report) {
  report_ = report;
  numbers_->setVisible(report != nullptr);
  figure_->setVisible(report != nullptr && report->words.captions > 0);
  draw();
  fillList();
  if (!report) {
    return;
  }
  const study::CaptionStatistics& words = report->words;
  QStringList lines{tr("%1 captions of %2 pictures; %3.")
                        .arg(number(words.captions), number(words.samples),
                             app::counted(words.withoutCaption.size(), tr("1 picture has none"), tr("%1 pictures have none")))};
  if (words.captions > 0) {
    lines << tr("%1 words each in the mean, half have at most %2, the longest has %3; %4 different words.")
                 .arg(words.meanLength(), 0, 'f', 1)
                 .arg(study::atShare(words.lengths, 0.5))
                 .arg(words.lengths.size() - 1)
                 .arg(number(words.vocabulary));
    lines << app::counted(words.shared.size(), tr("1 caption is shared by several pictures."),
                          tr("%1 captions are shared by several pictures."));
  }
  if (!report->tokens.empty()) {
    lines << tr("%1 reads %2 tokens: half of the captions have at most %3, the longest %4, %5 are cut.")
                 .arg(QString::fromStdString(report->model))
                 .arg(report->contextLength)
                 .arg(study::atShare(report->tokens, 0.5))
                 .arg(report->tokens.size() - 1)
                 .arg(number(report->cutCaptions));
  }
  numbers_->setText(lines.join('\n'));
  say({});
}

void ExploreCaptions::draw() {
  if (!report_ || report_->words.captions == 0) {
    figure_->setFigure(nullptr);
    return;
  }
  const bool tokens = unit_->currentIndex() == Tokens && !report_->tokens.empty();
  const auto& histogram = tokens ? report_->tokens : report_->words.lengths;
  figures::ColumnsData drawn;
  drawn.xLabel = (tokens ? tr("tokens of a caption") : tr("words of a caption")).toStdString();
  drawn.yLabel = tr("captions").toStdString();
  drawn.columns = columnsOf(histogram, tokens ? report_->contextLength : 0);
  drawn.numbered = true;
  drawn.flagName = tr("cut at %1 tokens").arg(report_->contextLength).toStdString();
  if (histogram.size() > kMostColumns) {
    drawn.headings.notes = tr("The last column counts all of %1 and more.").arg(kMostColumns - 1).toStdString();
  }
  figure_->setFigure(std::make_shared<figures::ColumnsFigure>(std::move(drawn)));
}

QTreeWidgetItem* ExploreCaptions::head(const QString& text, const QString& tip) {
  auto* item = new QTreeWidgetItem(list_, {text, QString()});
  item->setToolTip(0, tip);
  item->setData(0, KindRole, NoneKind);
  return item;
}

void ExploreCaptions::fillList() {
  const QSignalBlocker quiet(list_);
  list_->clear();
  if (!report_) {
    return;
  }
  const auto leaf = [this](QTreeWidgetItem* above, const QString& text, std::size_t count, Kind kind, std::size_t index) {
    auto* item = above != nullptr ? new QTreeWidgetItem(above) : new QTreeWidgetItem(list_);
    item->setText(0, text);
    item->setText(1, number(count));
    item->setToolTip(0, text);
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    item->setData(0, KindRole, kind);
    item->setData(0, IndexRole, qulonglong(index));
  };
  const study::CaptionStatistics& words = report_->words;
  leaf(nullptr, tr("Pictures without a caption"), words.withoutCaption.size(), EmptyKind, 0);
  if (!report_->tokens.empty()) {
    leaf(nullptr, tr("Pictures with a caption that is cut"), report_->cut.size(), CutKind, 0);
  }
  auto* shared = head(tr("Equal captions"), tr("Captions that several pictures have, in any case and spacing."));
  shared->setText(1, number(words.shared.size()));
  for (std::size_t i = 0; i < std::min(words.shared.size(), kMostShared); ++i) {
    leaf(shared, QString::fromStdString(words.shared[i].caption), words.shared[i].samples.size(), SharedKind, i);
  }
  auto* frequent = head(tr("Frequent words"), tr("The most frequent words; choosing one shows the pictures whose captions have it."));
  frequent->setText(1, number(words.vocabulary));
  for (std::size_t i = 0; i < words.frequent.size(); ++i) {
    leaf(frequent, QString::fromStdString(words.frequent[i].word), words.frequent[i].count, WordKind, i);
  }
  for (QTreeWidgetItem* item : {shared, frequent}) {
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    item->setExpanded(item->childCount() > 0 && item->childCount() <= 12);
  }
}

void ExploreCaptions::take() {
  const auto selected = list_->selectedItems();
  if (!report_ || selected.isEmpty()) {
    return;
  }
  const auto index = std::size_t(selected.front()->data(0, IndexRole).toULongLong());
  switch (Kind(selected.front()->data(0, KindRole).toInt())) {
    case EmptyKind: return source().show(tr("Without a caption"), report_->words.withoutCaption);
    case CutKind: return source().show(tr("With a caption that %1 cuts").arg(QString::fromStdString(report_->model)), report_->cut);
    case SharedKind:
      return source().show(tr("With the caption \"%1\"").arg(QString::fromStdString(report_->words.shared[index].caption)),
                           report_->words.shared[index].samples);
    case WordKind: return takeWord(report_->words.frequent[index].word);
    case NoneKind: break;
  }
}

void ExploreCaptions::takeWord(const std::string& word) {
  asking_.ask(
      [set = report_->of, word](std::stop_token stop) {
        std::vector<std::uint32_t> found;
        for (std::uint32_t i = 0; i < set->set.samples.size() && !stop.stop_requested(); ++i) {
          const auto& captions = set->set.samples[i].captions;
          if (std::ranges::any_of(captions, [&](const std::string& caption) {
                const std::string text = folded(caption);
                const auto words = study::wordsOf(text);
                return std::ranges::find(words, word) != words.end();
              })) {
            found.push_back(i);
          }
        }
        return found;
      },
      [this, word](std::vector<std::uint32_t> found) {
        if (report_) {
          source().show(tr("With the word \"%1\"").arg(QString::fromStdString(word)), std::move(found));
        }
      });
}

}  // namespace lix::app
