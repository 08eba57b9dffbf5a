#include "pages/data/selection_dialog.h"

#include <QComboBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "pages/data/dropped_paths.h"

namespace lix::app {
namespace {

constexpr int kLongestName = 100, kLongestNote = 1000;

}  // namespace

SelectionDialog::SelectionDialog(std::size_t count, std::vector<store::SelectionRow> rows, QWidget* parent)
    : QDialog(parent), rows_(std::move(rows)) {
  setWindowTitle(tr("Keep selection"));
  build(counted(count, tr("Keep 1 picture under a name; the name of a kept selection adds to it or takes out of it."),
                tr("Keep %1 pictures under a name; the name of a kept selection adds to it or takes out of it.")));
  for (const auto& row : rows_) {
    name_->addItem(QString::fromStdString(row.name));
  }
  name_->setCurrentText({});
  onName({});
}

SelectionDialog::SelectionDialog(const store::SelectionRow& row, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Rename selection"));
  build(tr("Another name and note for the selection %1.").arg(QString::fromStdString(row.name)));
  keep_->setText(tr("Rename"));
  keep_->setToolTip(tr("Gives it this name and note (Return)."));
  add_->hide();
  take_->hide();
  name_->setCurrentText(QString::fromStdString(row.name));
  name_->lineEdit()->selectAll();
  note_->setText(QString::fromStdString(row.note));
}

void SelectionDialog::build(const QString& question) {
  setObjectName("data.selectionDialog");
  setAttribute(Qt::WA_DeleteOnClose);
  question_ = new QLabel(question);
  question_->setWordWrap(true);
  name_ = new QComboBox;
  name_->setObjectName("data.selectionName");
  name_->setEditable(true);
  name_->setInsertPolicy(QComboBox::NoInsert);
  name_->setAccessibleName(tr("Name of the selection"));
  name_->setToolTip(tr("A new name, or one of the kept selections (arrows). Return keeps, Esc closes."));
  name_->lineEdit()->setMaxLength(kLongestName);
  name_->lineEdit()->setPlaceholderText(tr("A name, for example: blurred"));
  note_ = new QLineEdit;
  note_->setObjectName("data.selectionNote");
  note_->setAccessibleName(tr("Note"));
  note_->setToolTip(tr("What these pictures are; may be empty."));
  note_->setMaxLength(kLongestNote);
  state_ = new QLabel;
  state_->setProperty("muted", true);
  state_->setWordWrap(true);
  auto* form = new QFormLayout;
  form->addRow(tr("&Name"), name_);
  form->addRow(tr("N&ote"), note_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  buttons->button(QDialogButtonBox::Cancel)->setToolTip(tr("Closes; nothing is kept (Esc)."));
  const auto button = [&](const char* name, const QString& label, const QString& tip, Way way) {
    auto* made = buttons->addButton(label, QDialogButtonBox::ActionRole);
    made->setObjectName(name);
    made->setToolTip(tip);
    connect(made, &QPushButton::clicked, this, [this, way] { answer(way); });
    return made;
  };
  take_ = button("data.selectionTake", tr("&Take out of it"), tr("Takes these pictures out of the selection of that name (Alt+T)."), Way::TakeOut);
  add_ = button("data.selectionAdd", tr("&Add to it"), tr("Adds these pictures to the selection of that name (Alt+A)."), Way::Add);
  keep_ = button("data.selectionKeep", tr("Keep"), tr("Keeps these pictures under the name (Return)."), Way::New);
  keep_->setProperty("primary", true);
  auto* column = new QVBoxLayout(this);
  column->addWidget(question_);
  column->addLayout(form);
  column->addWidget(state_);
  column->addWidget(buttons);
  setMinimumWidth(440);
  connect(name_, &QComboBox::editTextChanged, this, &SelectionDialog::onName);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  name_->setFocus();
}

void SelectionDialog::onName(const QString& name) {
  const std::string wanted = name.trimmed().toStdString();
  const auto found = std::ranges::find(rows_, wanted, &store::SelectionRow::name);
  const bool exists = found != rows_.end();
  keep_->setEnabled(!wanted.empty() && !exists);
  add_->setEnabled(exists);
  take_->setEnabled(exists);
  note_->setEnabled(!exists);
  keep_->setDefault(!exists);
  add_->setDefault(exists);
  state_->setText(exists ? counted(std::size_t(found->pictures), tr("That selection holds 1 picture."), tr("That selection holds %1 pictures."))
                         : QString());
}

void SelectionDialog::answer(Way way) {
  Q_EMIT answered(way, name_->currentText().trimmed(), note_->text().trimmed());
  accept();
}

}  // namespace lix::app
