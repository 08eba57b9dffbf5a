#include "pages/inspect/matrix_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>
#include <algorithm>

#include "base/text.h"
#include "pages/inspect/panel_parts.h"
#include "pages/inspect/score_matrix.h"
#include "theme/theme.h"

namespace lix::app {

MatrixPanel::MatrixPanel(QWidget* parent)
    : QWidget(parent),
      model_(new ScoreModel(this)),
      matrix_(new ScoreMatrix),
      scale_(new ScaleStrip),
      kind_(new QComboBox),
      copy_(new QPushButton(tr("Copy scores"))),
      notes_(mutedLabel()) {
  matrix_->setModel(model_);
  kind_->setObjectName("inspect.score");
  kind_->addItems({tr("Cosine"), tr("Logit"), tr("Probability")});
  kind_->setAccessibleName(tr("Kind of score"));
  copy_->setObjectName("inspect.copyScores");
  copy_->setIcon(widgets::icon("copy"));
  copy_->setToolTip(tr("Copies the matrix as tab-separated text for a spreadsheet. Key: Ctrl+Shift+C."));
  notes_->setObjectName("inspect.notes");
  auto* head = new QHBoxLayout;
  head->setSpacing(10);
  head->addWidget(kind_);
  head->addWidget(scale_);
  head->addStretch(1);
  head->addWidget(copy_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  layout->addLayout(head);
  layout->addWidget(matrix_, 1);
  layout->addWidget(notes_);
  connect(copy_, &QPushButton::clicked, this, &MatrixPanel::copy);
  connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_) {
      refresh();
      Q_EMIT wantedChanged();
    }
  });
  connect(matrix_->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& now, const QModelIndex& before) {
            for (const QModelIndex& one : {now, before}) {
              matrix_->viewport()->update(matrix_->visualRect(one));
            }
            matrix_->horizontalHeader()->viewport()->update();
            matrix_->verticalHeader()->viewport()->update();
            if (!filling_ && now.isValid()) {
              Q_EMIT picked(now.row(), now.column());
            }
          });
  refresh();
}

void MatrixPanel::showReading(std::shared_ptr<const ReadAnswer> answer) {
  answer_ = std::move(answer);
  refresh();
}

void MatrixPanel::setEmptyText(const QString& text) { matrix_->setEmptyText(text); }

ScoreKind MatrixPanel::wanted() const { return static_cast<ScoreKind>(std::max(kind_->currentIndex(), 0)); }

void MatrixPanel::setWanted(ScoreKind kind) { kind_->setCurrentIndex(static_cast<int>(kind)); }

void MatrixPanel::refresh() {
  const QModelIndex before = matrix_->currentIndex();
  filling_ = true;
  model_->set(answer_, wanted());
  matrix_->setCurrentIndex(model_->index(std::min(before.row(), model_->rowCount() - 1),
                                         std::min(before.column(), model_->columnCount() - 1)));
  filling_ = false;
  matrix_->horizontalHeader()->setVisible(answer_ != nullptr);
  matrix_->verticalHeader()->setVisible(answer_ != nullptr);
  matrix_->fitColumns();
  const bool sigmoid = !answer_ || answer_->reading.scores.rule.sigmoid;
  auto* entries = qobject_cast<QStandardItemModel*>(kind_->model());
  entries->item(2)->setEnabled(sigmoid);
  const QString reason = tr("This model was trained with the softmax loss: its logits only rank captions.");
  entries->item(2)->setToolTip(sigmoid ? tr("sigmoid(logit): each pair by itself.") : reason);
  kind_->setToolTip(tr("What the matrix shows: cosine of the two vectors; logit = scale × cosine + bias; probability = "
                       "sigmoid(logit).") +
                    (sigmoid ? QString() : QStringLiteral(" ") + tr("No probability: ") + reason));
  scale_->setVisible(answer_ != nullptr);
  scale_->setScale(model_->low(), model_->high(), model_->kind());
  copy_->setEnabled(answer_ != nullptr);
  QStringList notes;
  if (answer_ && wanted() == ScoreKind::Probability && !sigmoid) {
    notes << tr("Cosines are shown: ") + reason;
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
  notes_->setText(notes.join(' '));
  notes_->setVisible(!notes.isEmpty());
}

void MatrixPanel::setCurrent(int picture, int caption) {
  const QModelIndex wanted = model_->index(picture, caption);
  if (wanted.isValid() && wanted != matrix_->currentIndex()) {
    filling_ = true;
    matrix_->setCurrentIndex(wanted);
    filling_ = false;
  }
}

void MatrixPanel::copy() const {
  if (answer_) {
    QGuiApplication::clipboard()->setText(QString::fromStdString(scoresAsTable(*answer_, model_->kind())));
  }
}

}  // namespace lix::app
