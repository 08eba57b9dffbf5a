#include "pages/curves/measure_form.h"

#include <QComboBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>
#include <algorithm>
#include <map>

#include "adapt/adapter.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "pages/curves/check_list.h"

namespace lix::app {
namespace {

constexpr const char* kZeroShot = "zero-shot";  // always measured, so it is not offered
constexpr int kListHeight = 104;

std::vector<CheckList::Row> adapterRows() {
  std::vector<CheckList::Row> rows;
  for (const adapt::Adapter* adapter : adapt::table()) {
    if (adapter->id != kZeroShot) {
      rows.push_back({adapter->id, QString::fromStdString(adapter->title), QString::fromStdString(adapter->citation)});
    }
  }
  return rows;
}

}  // namespace

MeasureForm::MeasureForm(Desk& desk, QWidget* parent) : QFrame(parent), desk_(desk), labelRelay_(desk.io()) {
  setObjectName("curves.measure");
  setProperty("card", true);
  buildChoices();
  problem_ = new QLabel;
  problem_->setObjectName("curves.measure.problem");
  problem_->setProperty("muted", true);
  problem_->setWordWrap(true);
  start_ = new QPushButton(tr("Start measuring"));
  start_->setObjectName("curves.measure.start");
  start_->setProperty("primary", true);
  start_->setToolTip(
      tr("Starts it in the background; the job strip shows how far it is, and curves appear as they are "
         "measured (Return)."));
  arrange();
  connect(&desk.checkpoints(), &CheckpointShelf::changed, this, &MeasureForm::refillCheckpoints);
  connect(checkpoints_, &CheckList::changed, this, &MeasureForm::check);
  connect(adapters_, &CheckList::changed, this, &MeasureForm::check);
  connect(dataset_, &DatasetBox::chosen, this, &MeasureForm::askLabelSets);
  connect(shots_, &QLineEdit::textChanged, this, &MeasureForm::check);
  connect(shots_, &QLineEdit::returnPressed, this, &MeasureForm::start);
  connect(start_, &QPushButton::clicked, this, &MeasureForm::start);
  refillCheckpoints();
}

void MeasureForm::buildChoices() {
  checkpoints_ = new CheckList(tr("Checkpoints to measure"), CheckList::NewOnes::Unchecked);
  checkpoints_->setObjectName("curves.measure.checkpoints");
  adapters_ = new CheckList(tr("Adapters to measure"), CheckList::NewOnes::Unchecked);
  adapters_->setObjectName("curves.measure.adapters");
  adapters_->setRows(adapterRows());
  adapters_->setChangedNames({"prototype", "tip-adapter", "tip-adapter-x", "knn"});  // quick ones; as lixp eval few-shot
  for (CheckList* list : {checkpoints_, adapters_}) {
    list->setFixedHeight(kListHeight);
  }
  dataset_ = new DatasetBox(desk_);
  dataset_->setObjectName("curves.measure.dataset");
  dataset_->setToolTip(tr("Support comes from the train split of this dataset, queries from its test split."));
  labelSet_ = new QComboBox;
  labelSet_->setObjectName("curves.measure.labels");
  labelSet_->setToolTip(tr("Which labels of the dataset are told apart; arrows change it."));
  shots_ = new QLineEdit("1, 2, 4, 8, 16");
  shots_->setObjectName("curves.measure.shots");
  shots_->setToolTip(tr("Pictures per class, with commas between the numbers."));
  draws_ = new QSpinBox;
  draws_->setObjectName("curves.measure.draws");
  draws_->setRange(1, 100);
  draws_->setValue(5);
  draws_->setToolTip(tr("How often a support is drawn; the interval is over the draws. Two are the fewest for one."));
}

void MeasureForm::arrange() {
  auto* title = new QLabel(tr("Measure curves"));
  title->setProperty("heading", "section");
  auto* close = new QPushButton(tr("Close"));
  close->setObjectName("curves.measure.close");
  close->setToolTip(tr("Closes the form (Esc)."));
  connect(close, &QPushButton::clicked, this, &MeasureForm::closed);
  auto* fields = new QGridLayout;
  fields->setContentsMargins(0, 0, 0, 0);
  fields->setHorizontalSpacing(8);
  fields->setVerticalSpacing(4);
  fields->addWidget(labelled(tr("Dataset"), dataset_), 0, 0);
  fields->addWidget(labelled(tr("Label set"), labelSet_), 0, 1);
  fields->addWidget(labelled(tr("Shots per class"), shots_), 1, 0);
  fields->addWidget(labelled(tr("Draws"), draws_), 1, 1);
  fields->setColumnStretch(0, 3);
  fields->setColumnStretch(1, 2);
  auto* row = new QHBoxLayout;
  row->setSpacing(12);
  row->addWidget(labelled(tr("Checkpoints"), checkpoints_), 3);
  row->addWidget(labelled(tr("Adapters"), adapters_), 2);
  row->addLayout(fields, 3);
  row->setAlignment(fields, Qt::AlignTop);
  auto* foot = new QHBoxLayout;
  foot->addWidget(problem_, 1);
  foot->addWidget(close);
  foot->addWidget(start_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 10, 12, 12);
  column->setSpacing(8);
  column->addWidget(title);
  column->addLayout(row);
  column->addLayout(foot);
}

void MeasureForm::setLabels(std::map<std::filesystem::path, std::string> labels) {
  labels_ = std::move(labels);
  refillCheckpoints();
}

void MeasureForm::begin(const std::string& dataset) {
  if (dataset_->name().empty() || labelSet_->count() == 0) {
    dataset_->setName(dataset.empty() ? dataset_->name() : dataset);
  }
  askLabelSets();
  checkpoints_->setFocus();
}

void MeasureForm::refillCheckpoints() {
  known_.clear();
  std::vector<CheckList::Row> rows;
  for (const CheckpointShelf::Entry& entry : desk_.checkpoints().entries()) {
    const auto known = labels_.find(entry.folder);
    known_.push_back({entry.folder, known == labels_.end() ? entry.label : known->second});
    rows.push_back({entry.folder.string(), QString::fromStdString(known_.back().label),
                    QString::fromStdString(entry.folder.string())});
  }
  checkpoints_->setRows(rows);
  check();
}

void MeasureForm::askLabelSets() {
  const std::string name = dataset_->name();
  labelSet_->clear();
  check();
  if (name.empty()) {
    return;
  }
  using Names = Result<std::vector<std::string>>;
  labelRelay_.ask(
      [name, &shelf = desk_.datasets()](std::stop_token) -> Names {
        LIX_TRY(const auto opened, shelf.open(name));
        std::vector<std::string> names;
        for (const data::LabelSet& set : opened->set.labelSets) {
          names.push_back(set.name);
        }
        return names;
      },
      [this](const Names& names) {
        if (!names) {
          desk_.say(names.error());
          return;
        }
        for (const std::string& set : *names) {
          labelSet_->addItem(QString::fromStdString(set));
        }
        check();
      });
}

MeasureOrder MeasureForm::order() const {
  MeasureOrder order{.dataset = dataset_->name(),
                     .labelSet = labelSet_->currentText().toStdString(),
                     .shots = shotsFrom(shots_->text().toStdString()),
                     .draws = draws_->value(),
                     .adapters = adapters_->checked()};
  for (const std::string& folder : checkpoints_->checked()) {
    const auto found = std::ranges::find(known_, std::filesystem::path(folder), &NamedCheckpoint::folder);
    if (found != known_.end()) {
      order.checkpoints.push_back(*found);
    }
  }
  return order;
}

QString MeasureForm::problem(const MeasureOrder& order) const {
  if (desk_.isReadOnly()) {
    return tr("This workspace is open for reading only, so nothing can be measured into it.");
  }
  if (known_.empty()) {
    return tr("There is no checkpoint yet: train one, or drop a checkpoint's folder on the window.");
  }
  if (order.checkpoints.empty()) {
    return tr("Check at least one checkpoint.");
  }
  if (order.adapters.empty()) {
    return tr("Check at least one adapter.");
  }
  if (order.dataset.empty()) {
    return tr("Choose a dataset.");
  }
  if (order.labelSet.empty()) {
    return labelRelay_.busy()
               ? tr("Reading the labels of the dataset.")
               : tr("This dataset has no labels, so there is nothing to classify; choose one with classes.");
  }
  if (order.shots.empty()) {
    return tr("Give numbers of pictures per class from 1 to 4096, as in 1, 2, 4, 8.");
  }
  std::map<std::string, int> names;
  for (const NamedCheckpoint& one : order.checkpoints) {
    if (++names[one.label] > 1) {
      return tr("Two of these checkpoints share the curve '%1'; measure them one after the other.")
          .arg(QString::fromStdString(one.label));
    }
  }
  return {};
}

void MeasureForm::check() {
  const QString text = problem(order());
  problem_->setText(text);
  start_->setEnabled(text.isEmpty());
}

void MeasureForm::start() {
  const MeasureOrder asked = order();
  if (!problem(asked).isEmpty()) {
    check();
    return;
  }
  QStringList arguments;
  for (const std::string& argument : measureArguments(asked)) {
    arguments << QString::fromStdString(argument);
  }
  const QString title = tr("Curves of %1").arg(QString::fromStdString(asked.dataset));
  desk_.tasks().runLixp(title, arguments, [self = QPointer<MeasureForm>(this)](bool good) {
    if (self) {
      Q_EMIT self->finished(good);
    }
  });
  Q_EMIT started();
}

void MeasureForm::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    Q_EMIT closed();
    return;
  }
  QFrame::keyPressEvent(event);
}

}  // namespace lix::app
