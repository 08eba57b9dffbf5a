#include "pages/inspect/matrix_panel.h"

#include <QActionGroup>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStandardItemModel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "figure_view/figure_view.h"
#include "figures/heat_figure.h"
#include "pages/inspect/panel_parts.h"
#include "theme/theme.h"

namespace lix::app {

MatrixPanel::MatrixPanel(QWidget* parent)
    : QWidget(parent),
      model_(new ScoreModel(this)),
      matrix_(new ScoreMatrix),
      scale_(new ScaleStrip),
      kind_(new QComboBox),
      side_(new QComboBox),
      copy_(new QPushButton(tr("Copy scores"))),
      more_(new QToolButton),
      notes_(new QuietLine),
      figure_(new widgets::FigureView(this)) {
  build();
  connectAll();
  refresh();
}

void MatrixPanel::build() {
  matrix_->setModel(model_);
  matrix_->setContextMenuPolicy(Qt::CustomContextMenu);
  kind_->setObjectName("inspect.score");
  kind_->addItems({tr("Cosine"), tr("Logit"), tr("Probability")});
  kind_->setAccessibleName(tr("Kind of score"));
  side_->setObjectName("inspect.side");
  side_->addItems({QStringLiteral("A"), QStringLiteral("B"), QStringLiteral("A − B")});
  side_->setAccessibleName(tr("Checkpoint whose scores are shown"));
  copy_->setObjectName("inspect.copyScores");
  copy_->setIcon(widgets::icon("copy"));
  copy_->setToolTip(tr("Copies the matrix as tab-separated text for a spreadsheet. Key: Ctrl+Shift+C."));
  more_->setObjectName("inspect.matrixMenu");
  more_->setText(QStringLiteral("⋯"));
  more_->setAccessibleName(tr("More of the matrix"));
  more_->setToolTip(tr("Marks the best, copies and saves the matrix as table or figure. Key: Space."));
  notes_->setObjectName("inspect.notes");
  figure_->hide();
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(kind_);
  head->addWidget(side_);
  head->addWidget(scale_);
  head->addStretch(1);
  head->addWidget(copy_);
  head->addWidget(more_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 2, 8, 0);
  layout->setSpacing(4);
  layout->addLayout(head);
  layout->addWidget(matrix_, 1);
  layout->addWidget(notes_);
}

void MatrixPanel::connectAll() {
  connect(copy_, &QPushButton::clicked, this, &MatrixPanel::copy);
  connect(more_, &QToolButton::clicked, this,
          [this] { showMenu(more_->mapToGlobal(QPoint(0, more_->height()))); });
  connect(matrix_, &QWidget::customContextMenuRequested, this,
          [this](const QPoint& at) { showMenu(matrix_->viewport()->mapToGlobal(at)); });
  connect(figure_, &widgets::FigureView::failed, this, &MatrixPanel::failed);
  for (QComboBox* box : {kind_, side_}) {
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
      if (!filling_) {
        refresh();
        Q_EMIT sheetChanged();
      }
    });
  }
  connect(matrix_->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& now, const QModelIndex& before) {
            for (const QModelIndex& one : {now, before}) {
              matrix_->viewport()->update(matrix_->visualRect(one));
            }
            matrix_->horizontalHeader()->viewport()->update();
            matrix_->verticalHeader()->viewport()->update();
            if (!filling_ && now.isValid()) {
              Q_EMIT picked(now.row(), int(model_->order()[std::size_t(now.column())]));
            }
          });
}

void MatrixPanel::showReading(std::shared_ptr<const ReadAnswer> answer, std::shared_ptr<const ReadAnswer> other,
                              ReadingAge age) {
  age_ = age;
  answer_ = std::move(answer);
  other_ = std::move(other);
  refresh();
}

void MatrixPanel::setOrder(const std::vector<std::size_t>& order) {
  const QModelIndex at = matrix_->currentIndex();
  const int caption = at.isValid() ? int(model_->order()[std::size_t(at.column())]) : -1;
  model_->setOrder(order);
  setCurrent(at.row(), caption);
}

void MatrixPanel::setEmptyText(const QString& text) { matrix_->setEmptyText(text); }

ScoreKind MatrixPanel::wanted() const { return static_cast<ScoreKind>(std::max(kind_->currentIndex(), 0)); }

void MatrixPanel::setWanted(ScoreKind kind) { kind_->setCurrentIndex(static_cast<int>(kind)); }

ScoreSide MatrixPanel::side() const { return static_cast<ScoreSide>(std::max(side_->currentIndex(), 0)); }

void MatrixPanel::setSide(ScoreSide side) { side_->setCurrentIndex(static_cast<int>(side)); }

void MatrixPanel::setBest(BestMark best) { model_->setBest(best); }

void MatrixPanel::refresh() {
  const QModelIndex before = matrix_->currentIndex();
  filling_ = true;
  model_->set(ScoreSheet(answer_, other_, wanted(), side()));
  matrix_->setCurrentIndex(model_->index(std::min(before.row(), model_->rowCount() - 1),
                                         std::min(before.column(), model_->columnCount() - 1)));
  filling_ = false;
  matrix_->horizontalHeader()->setVisible(answer_ != nullptr);
  matrix_->verticalHeader()->setVisible(answer_ != nullptr);
  matrix_->fitColumns();
  const ScoreSheet& sheet = model_->sheet();
  const QString reason = sheet.isEmpty() ? QString() : sheet.whyNoProbability();
  auto* entries = qobject_cast<QStandardItemModel*>(kind_->model());
  entries->item(2)->setEnabled(reason.isEmpty());
  entries->item(2)->setToolTip(reason.isEmpty() ? tr("sigmoid(logit): each pair by itself.") : reason);
  kind_->setToolTip(tr("What the matrix shows: cosine of the two vectors; logit = scale × cosine + bias; probability = "
                       "sigmoid(logit). Arrow keys choose.") +
                    (reason.isEmpty() ? QString() : QStringLiteral(" ") + tr("No probability: ") + reason));
  side_->setVisible(sheet.second() != nullptr);
  if (sheet.second() != nullptr) {
    side_->setToolTip(tr("Whose scores are shown: A is %1, B is %2, A − B their difference. Arrow keys choose.")
                          .arg(QString::fromStdString(sheet.first()->model()),
                               QString::fromStdString(sheet.secondName())));
  }
  scale_->setVisible(!sheet.isEmpty());
  scale_->setScale(sheet);
  copy_->setEnabled(!sheet.isEmpty());
  more_->setEnabled(!sheet.isEmpty());
  showNotes();
}

void MatrixPanel::showNotes() {
  QStringList notes;
  const ScoreSheet& sheet = model_->sheet();
  if (answer_ && age_ == ReadingAge::Old) {
    notes << tr("The last reading failed: this is what %1 said before it.").arg(QString::fromStdString(answer_->model()));
  }
  if (sheet.secondAsTrained() && sheet.side() != ScoreSide::First) {
    notes << tr("B is as trained: tau, heads and tokens are set for A alone.");
  }
  if (answer_ && wanted() == ScoreKind::Probability && sheet.kind() != ScoreKind::Probability) {
    notes << tr("Cosines are shown: ") + sheet.whyNoProbability();
  }
  if (answer_) {
    const auto cut = std::ranges::count_if(answer_->cut, [](const std::string& note) { return !note.empty(); });
    if (cut == 1) {
      notes << QString::fromStdString(
          *std::ranges::find_if(answer_->cut, [](const auto& note) { return !note.empty(); }));
    } else if (cut > 1) {
      notes << tr("%1 captions are longer than the %2 tokens that the model reads; the rest of them was cut off.")
                   .arg(cut)
                   .arg(answer_->facts.contextLength);
    }
    for (const std::string& note : answer_->notes) {
      notes << QString::fromStdString(note);
    }
  }
  notes_->say(notes.join(' '));
  notes_->setVisible(!notes.isEmpty());
}

void MatrixPanel::setCurrent(int picture, int caption) {
  const QModelIndex wanted = model_->index(picture, model_->columnOf(caption));
  if (wanted.isValid() && wanted != matrix_->currentIndex()) {
    filling_ = true;
    matrix_->setCurrentIndex(wanted);
    filling_ = false;
  }
}

void MatrixPanel::copy() const {
  if (!sheet().isEmpty()) {
    QGuiApplication::clipboard()->setText(
        QString::fromStdString(sheet().table(model_->order(), ScoreSheet::Separator::Tab)));
  }
}

QMenu* MatrixPanel::makeMenu() {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setAccessibleName(tr("Matrix of scores"));
  menu->addAction(widgets::icon("copy"), tr("&Copy as table"), this, &MatrixPanel::copy);
  menu->addAction(tr("Copy as &figure"), this, [this] {
    draw();
    figure_->copy();
  });
  menu->addAction(widgets::icon("save"), tr("Save as &CSV..."), this, &MatrixPanel::saveTable);
  menu->addAction(tr("&Save as figure..."), this, [this] {
    draw();
    figure_->saveAs();
  });
  menu->addSeparator();
  auto* marks = new QActionGroup(menu);
  for (const auto& [text, best] : {std::pair(tr("Mark the best caption of each &picture"), BestMark::CaptionOfPicture),
                                   {tr("Mark the best picture of each c&aption"), BestMark::PictureOfCaption},
                                   {tr("Mark &nothing"), BestMark::None}}) {
    QAction* action = menu->addAction(text, this, [this, best = best] { setBest(best); });
    action->setCheckable(true);
    action->setChecked(model_->best() == best);
    marks->addAction(action);
  }
  return menu;
}

void MatrixPanel::showMenu(const QPoint& at) {
  if (!sheet().isEmpty()) {
    makeMenu()->popup(at);
  }
}

void MatrixPanel::saveTable() {
  auto* dialog = new QFileDialog(this, tr("Save the scores"));
  dialog->setObjectName("inspect.saveScores");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setNameFilters({tr("Table (*.csv)")});
  dialog->setDefaultSuffix(QStringLiteral("csv"));
  dialog->selectFile(tr("scores") + QStringLiteral(".csv"));
  connect(dialog, &QFileDialog::fileSelected, this, &MatrixPanel::writeTable);
  dialog->open();
}

void MatrixPanel::writeTable(const QString& path) {
  const std::string table = sheet().table(model_->order(), ScoreSheet::Separator::Comma);
  if (const auto written = writeFile(std::filesystem::path(path.toStdU16String()), table); !written) {
    Q_EMIT failed(QString::fromStdString(written.error().message));
  }
}

void MatrixPanel::draw() {
  const ScoreSheet& shown = sheet();
  if (shown.isEmpty()) {
    return;
  }
  constexpr std::size_t kNameCharacters = 40;
  const auto brief = [](const std::string& name) {
    return QString::fromStdString(name).left(kNameCharacters).toStdString();
  };
  figures::HeatPanel panel;
  for (const LoadedPicture& picture : shown.first()->question.pictures) {
    panel.rows.push_back(brief(picture.name));
  }
  for (const std::size_t caption : model_->order()) {
    panel.columns.push_back(brief(shown.first()->question.captions[caption]));
  }
  for (std::size_t i = 0; i < shown.pictures(); ++i) {
    for (const std::size_t caption : model_->order()) {
      panel.values.push_back(shown.at(i, caption));
    }
  }
  const std::string kind = kind_->itemText(static_cast<int>(shown.kind())).toStdString();
  std::string models = shown.side() == ScoreSide::Second ? shown.secondName() : shown.first()->model();
  if (shown.diverging()) {
    models = cat(shown.first()->model(), " minus ", shown.secondName());
  }
  figures::HeatData heat{.headings = {.title = tr("Scores of pictures and captions").toStdString(),
                                      .subtitle = models,
                                      .notes = {}},
                         .rowLabel = tr("picture").toStdString(),
                         .columnLabel = tr("caption").toStdString(),
                         .valueLabel = kind,
                         .panels = {std::move(panel)},
                         .range = std::pair(shown.low(), shown.high()),
                         .scale = shown.diverging() ? figures::HeatScale::Diverging : figures::HeatScale::Rising};
  figure_->resize(std::max(width(), 600), 400);
  figure_->setFigure(std::make_shared<figures::HeatFigure>(std::move(heat)));
}

}  // namespace lix::app
