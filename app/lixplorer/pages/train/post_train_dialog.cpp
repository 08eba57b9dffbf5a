#include "pages/train/post_train_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "forms/number_field.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "study/train/outlook.h"
#include "study/train/params.h"
#include "study/train/recipe_for.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kPages = 3;
constexpr double kMargin = 2.0, kAttentive = 0.25;  // of study::temperatureOutlook

QString toQt(const std::string& text) { return QString::fromStdString(text); }

QLabel* note(const char* name) {
  auto* label = new QLabel;
  label->setObjectName(name);
  label->setWordWrap(true);
  label->setProperty("muted", true);
  label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  label->setMinimumHeight(3 * label->fontMetrics().lineSpacing());  // nothing moves when its text changes
  return label;
}

double usualRate() { return std::get<double>(study::trainParam("learning_rate", study::TrainStart::Checkpoint).value); }

/// A learning rate as the form writes it: 1e-4.
class RateBox : public QDoubleSpinBox {
 protected:
  QString textFromValue(double value) const override { return widgets::numberText(value); }
  double valueFromText(const QString& text) const override { return text.toDouble(); }
  QValidator::State validate(QString& text, int&) const override {
    bool isNumber = false;
    const double value = text.replace(',', '.').toDouble(&isNumber);
    static const QRegularExpression kBegun(QStringLiteral("^[0-9]*\\.?[0-9]*([eE]-?[0-9]*)?$"));
    return isNumber && value >= minimum() && value <= maximum() ? QValidator::Acceptable
           : kBegun.match(text).hasMatch()                      ? QValidator::Intermediate
                                                                : QValidator::Invalid;
  }
};

QSpinBox* number(const char* name, int least, int most, int value, const QString& tip) {
  auto* box = new QSpinBox;
  box->setObjectName(name);
  box->setRange(least, most);
  box->setGroupSeparatorShown(true);
  box->setValue(value);
  box->setToolTip(tip);
  return box;
}

}  // namespace

PostTrainDialog::PostTrainDialog(Desk& desk, const study::TrainSettings& before, QWidget* parent)
    : QDialog(parent), desk_(desk), recipes_(nn::recipes()), settings_(before) {
  setObjectName("train.postTraining");
  setWindowTitle(tr("Post-train a checkpoint"));
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  title_ = new QLabel;
  title_->setObjectName("train.post.title");
  title_->setProperty("heading", "section");
  column->addWidget(title_);
  pages_ = new QStackedWidget;
  pages_->addWidget(startPage());
  pages_->addWidget(lengthPage());
  pages_->addWidget(guardPage());
  column->addWidget(pages_, 1);
  obstacle_ = new QLabel;
  obstacle_->setObjectName("train.post.obstacle");
  obstacle_->setWordWrap(true);
  column->addWidget(obstacle_);
  column->addWidget(buttons());
  resize(520, 420);
  connect(start_, &CheckpointBox::chosen, this, &PostTrainDialog::onStart);
  connect(recipeBox_, &QComboBox::currentIndexChanged, this, &PostTrainDialog::refresh);
  for (DatasetBox* box : {data_, canary_}) {
    connect(box, &DatasetBox::chosen, this, &PostTrainDialog::refresh);
  }
  for (QSpinBox* box : {steps_, batch_, every_}) {
    connect(box, &QSpinBox::valueChanged, this, &PostTrainDialog::refresh);
  }
  connect(rate_, &QDoubleSpinBox::valueChanged, this, &PostTrainDialog::refresh);
  for (QAbstractButton* box : std::initializer_list<QAbstractButton*>{lockImage_, lockText_, best_, warn_, stop_}) {
    connect(box, &QAbstractButton::toggled, this, &PostTrainDialog::refresh);
  }
  onStart();
}

QWidget* PostTrainDialog::startPage() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  start_ = new CheckpointBox(desk_);
  start_->setObjectName("train.post.start");
  start_->setToolTip(tr("The checkpoint whose weights the run begins with (arrow keys change it)."));
  if (!settings_.init.empty()) {
    start_->setFolder(settings_.init);
  }
  recipeBox_ = new QComboBox;
  recipeBox_->setObjectName("train.post.recipe");
  recipeBox_->setToolTip(tr("By which objective it goes on (arrow keys change it)."));
  suggestion_ = note("train.post.suggestion");
  data_ = new DatasetBox(desk_);
  data_->setObjectName("train.post.data");
  data_->setToolTip(tr("The pictures and captions to go on with (arrow keys change it)."));
  if (!settings_.data.empty()) {
    data_->setName(settings_.data);
  }
  column->addWidget(labelled(tr("Checkpoint"), start_));
  column->addWidget(labelled(tr("Objective"), recipeBox_));
  column->addWidget(suggestion_);
  column->addWidget(labelled(tr("Data"), data_));
  column->addStretch(1);
  return page;
}

QWidget* PostTrainDialog::lengthPage() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  steps_ = number("train.post.steps", 1, 100'000'000, settings_.steps, tr("How many steps the run takes (Up, Down)."));
  batch_ = number("train.post.batch", 1, 1'000'000, settings_.batch, tr("Pictures a step (Up, Down)."));
  rate_ = new RateBox;
  rate_->setObjectName("train.post.rate");
  rate_->setDecimals(7);
  rate_->setRange(1e-7, 1.0);
  rate_->setSingleStep(1e-5);
  rate_->setValue(usualRate());
  rate_->setToolTip(tr("Peak learning rate; a tenth of the usual one keeps what was learned (Up, Down)."));
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(labelled(tr("Steps"), steps_), 1);
  row->addWidget(labelled(tr("Batch"), batch_), 1);
  row->addWidget(labelled(tr("Learning rate"), rate_), 1);
  column->addLayout(row);
  rateNote_ = note("train.post.rateNote");
  column->addWidget(rateNote_);
  outlook_ = note("train.post.outlook");
  column->addWidget(outlook_);
  take_ = new QPushButton;
  take_->setObjectName("train.post.take");
  take_->setAutoDefault(false);
  take_->setToolTip(tr("Sets Steps to the number with which the context can begin to attend (Space)."));
  connect(take_, &QPushButton::clicked, this, &PostTrainDialog::takeSteps);
  column->addWidget(take_, 0, Qt::AlignLeft);
  lockImage_ = new QCheckBox(tr("&Lock the image tower"));
  lockText_ = new QCheckBox(tr("Lock the &text tower"));
  lockImage_->setObjectName("train.post.lockImage");
  lockText_->setObjectName("train.post.lockText");
  lockImage_->setToolTip(tr("The image tower stays as it is (Space)."));
  lockText_->setToolTip(tr("The text tower stays as it is; class texts then keep their meaning (Space)."));
  lockImage_->setChecked(settings_.lockImage);
  lockText_->setChecked(settings_.lockText);
  column->addWidget(lockImage_);
  column->addWidget(lockText_);
  column->addStretch(1);
  return page;
}

QWidget* PostTrainDialog::guardPage() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  canary_ = new DatasetBox(desk_);
  canary_->setObjectName("train.post.canary");
  canary_->setNoneText(tr("No guard"));
  canary_->setName(settings_.canary);
  canary_->setToolTip(tr("Pictures with classes that the run does not learn from (arrow keys change it)."));
  every_ = number("train.post.every", 1, 100'000'000, settings_.canaryEvery,
                  tr("Steps between two looks at the guard's pictures (Up, Down)."));
  warn_ = new QRadioButton(tr("&Warn"));
  stop_ = new QRadioButton(tr("&Stop the run"));
  warn_->setObjectName("train.post.warn");
  stop_->setObjectName("train.post.stop");
  warn_->setToolTip(tr("The run goes on and says so (arrow keys)."));
  stop_->setToolTip(tr("The run writes a checkpoint and ends; it can be continued (arrow keys)."));
  (settings_.canaryStops ? stop_ : warn_)->setChecked(true);
  best_ = new QCheckBox(tr("&Keep the step that is best by zero-shot"));
  best_->setObjectName("train.post.best");
  best_->setToolTip(tr("Its checkpoint stays beside the newest (Space)."));
  best_->setChecked(true);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(labelled(tr("Zero-shot guard on"), canary_), 2);
  row->addWidget(labelled(tr("Every ... steps"), every_), 1);
  column->addLayout(row);
  auto* label = new QLabel(tr("When zero-shot accuracy really drops:"));
  column->addWidget(label);
  column->addWidget(warn_);
  column->addWidget(stop_);
  column->addWidget(best_);
  guardNote_ = note("train.post.guardNote");
  column->addWidget(guardNote_);
  column->addStretch(1);
  return page;
}

QWidget* PostTrainDialog::buttons() {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  back_ = new QPushButton(tr("&Back"));
  back_->setObjectName("train.post.back");
  back_->setToolTip(tr("To the step before (Alt+B)."));
  back_->setAutoDefault(false);
  next_ = new QPushButton;
  next_->setObjectName("train.post.next");
  next_->setProperty("primary", true);
  next_->setDefault(true);
  auto* cancel = new QPushButton(tr("Cancel"));
  cancel->setObjectName("train.post.cancel");
  cancel->setToolTip(tr("Leaves the form as it is (Esc)."));
  cancel->setAutoDefault(false);
  row->addWidget(cancel);
  row->addStretch(1);
  row->addWidget(back_);
  row->addWidget(next_);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(back_, &QPushButton::clicked, this, [this] { go(-1); });
  connect(next_, &QPushButton::clicked, this, [this] { go(1); });
  return box;
}

nn::Recipe PostTrainDialog::recipe() const {
  const auto found = std::ranges::find(recipes_, recipeBox_->currentData().toString().toStdString(), &nn::Recipe::id);
  return found == recipes_.end() ? recipes_.front() : *found;
}

void PostTrainDialog::onStart() {
  const auto& entries = desk_.checkpoints().entries();
  const auto entry = std::ranges::find(entries, start_->folder(), &CheckpointShelf::Entry::folder);
  const std::string own = entry == entries.end() ? "" : entry->recipe;
  const std::string wanted = study::postTrainingRecipe(own);
  const auto of = std::ranges::find(recipes_, own, &nn::Recipe::id);
  {
    const QSignalBlocker quiet(recipeBox_);
    recipeBox_->clear();
    for (const nn::Recipe& one : recipes_) {
      const bool fits = of == recipes_.end() || (one.towers == of->towers && one.head == of->head);
      if (fits && one.towers != nn::Towers::Heads && one.id.find('/') == std::string::npos) {
        recipeBox_->addItem(toQt(one.title), toQt(one.id));
      }
    }
    recipeBox_->setCurrentIndex(std::max(0, recipeBox_->findData(toQt(wanted))));
  }
  suggestion_->setText(
      of == recipes_.end() ? tr("Choose a checkpoint; the objective that suits it is then chosen.")
      : own == wanted      ? tr("It was trained as %1 and goes on by the same objective.").arg(toQt(of->title))
                           : tr("It was trained as %1. %2 goes on with that loss and adds the context, so that pictures "
                                "learn to look at each other: the second scale, its bias and tau_ctx begin anew.")
                                 .arg(toQt(of->title), recipeBox_->currentText()));
  refresh();
}

study::TrainSettings PostTrainDialog::settings() const {
  study::TrainSettings settings = settings_;
  settings.recipe = recipeBox_->currentData().toString().toStdString();
  settings.towers.clear();
  settings.init = start_->folder().string();
  settings.data = data_->name();
  settings.steps = steps_->value();
  settings.batch = batch_->value();
  settings.learningRate = rate_->value();
  settings.lockImage = lockImage_->isChecked();
  settings.lockText = lockText_->isChecked();
  settings.canary = canary_->name();
  settings.canaryEvery = every_->value();
  settings.canaryStops = !settings.canary.empty() && stop_->isChecked();
  settings.canaryBest = !settings.canary.empty() && best_->isChecked() ? "canary.zero_shot" : "";
  return study::onlyWhatApplies(settings, recipe());
}

QString PostTrainDialog::obstacle() const {
  if (pages_->currentIndex() == 0 && start_->folder().empty()) {
    return tr("Choose the checkpoint to go on from; others come in by the box's last entry, or with lixp import.");
  }
  if (pages_->currentIndex() == 0 && data_->name().empty()) {
    return tr("Choose the data to go on with.");
  }
  if (pages_->currentIndex() == 2 && !canary_->name().empty() && canary_->name() == data_->name()) {
    return tr("The guard's pictures are those that the run learns from; it then takes only splits that it does not "
              "learn from, and another dataset tells more.");
  }
  return {};
}

void PostTrainDialog::refresh() {
  const QStringList titles{tr("1 of 3: What to go on from"), tr("2 of 3: How long, and how gently"),
                           tr("3 of 3: What must not be lost")};
  const int page = pages_->currentIndex();
  title_->setText(titles.at(page));
  const study::TrainSettings asked = settings();
  rateNote_->setText(tr("A tenth of the rate that new weights get is usual after a checkpoint, %1: enough to learn a "
                        "context, little enough to keep what is there.").arg(widgets::numberText(usualRate())));
  const std::string outlook = study::temperatureOutlook(asked, recipe());
  outlook_->setText(outlook.empty() ? tr("This objective has no context, so no temperature has to move.") : toQt(outlook));
  const bool isShort = outlook.find("Take at least") != std::string::npos || outlook.find("Raise the") != std::string::npos;
  outlook_->setProperty("muted", !isShort);  // a warning stands out, an explanation does not
  outlook_->setStyleSheet(isShort ? QStringLiteral("color: %1").arg(widgets::colours(widgets::themeOf(palette())).warning.name())
                                  : QString());
  enough_ = isShort ? enoughSteps(asked) : 0;
  take_->setVisible(enough_ > 0);
  take_->setText(tr("Take %1 steps").arg(QLocale().toString(enough_)));
  for (QWidget* each : std::initializer_list<QWidget*>{every_, warn_, stop_, best_}) {
    each->setEnabled(!asked.canary.empty());
  }
  guardNote_->setText(
      asked.canary.empty()
          ? tr("Without a guard nothing tells during the run whether zero-shot accuracy is lost.")
          : tr("The same pictures are classified before the first step and every %1 steps; the change is paired picture by "
               "picture, and a drop counts as real when its 95 % interval lies below zero. It is drawn beside the loss.")
                .arg(asked.canaryEvery));
  const QString stands = obstacle();
  obstacle_->setText(stands);
  obstacle_->setVisible(!stands.isEmpty());
  back_->setEnabled(page > 0);
  next_->setText(page + 1 < kPages ? tr("&Next") : tr("&Put into the form"));
  next_->setToolTip(page + 1 < kPages ? tr("To the next step (Return).")
                                      : tr("Fills the form; then try a dry run, queue or start it (Return)."));
  next_->setEnabled(page != 0 || stands.isEmpty());
}

int PostTrainDialog::enoughSteps(const study::TrainSettings& settings) const {
  const double start = recipe().effectiveNeighboursAtStart;
  const auto steps = study::stepsToReach(settings, kMargin * study::temperatureDistance(start, kAttentive * start));
  return steps.value_or(0);
}

void PostTrainDialog::takeSteps() {
  if (enough_ > 0) {
    steps_->setValue(enough_);
    steps_->setFocus();
  }
}

void PostTrainDialog::go(int pages) {
  const int to = pages_->currentIndex() + pages;
  if (to >= kPages) {
    accept();
    return;
  }
  pages_->setCurrentIndex(std::max(0, to));
  refresh();
}

}  // namespace lix::app
