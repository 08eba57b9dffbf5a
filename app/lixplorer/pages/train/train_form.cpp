#include "pages/train/train_form.h"

#include <QApplication>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <span>
#include <tuple>

#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "forms/number_field.h"
#include "forms/param_form.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "nn/recipe_options.h"
#include "pages/train/warning_list.h"
#include "pages/train/zero_texts.h"
#include "resources/resource.h"
#include "study/train/need.h"
#include "study/train/outlook.h"
#include "study/train/params.h"
#include "study/train/recipe_for.h"

namespace lix::app {
namespace {

/// What stands in sight; the rest is folded away.
constexpr std::string_view kPlain[] = {"steps", "batch",      "learning_rate", "seed",        "tokens",
                                       "alpha", "lock_image", "lock_text",     "canary_every"};

/// Chosen by boxes of their own.
constexpr std::string_view kElsewhere[] = {"towers", "canary", "canary_best"};

/// What the best step may be chosen by.
constexpr std::pair<const char*, const char*> kBest[] = {
    {"", QT_TRANSLATE_NOOP("lix::app::TrainForm", "Only the newest")},
    {"canary.zero_shot", QT_TRANSLATE_NOOP("lix::app::TrainForm", "Zero-shot")},
    {"canary.prototype", QT_TRANSLATE_NOOP("lix::app::TrainForm", "Prototypes")},
    {"canary.tip_adapter", QT_TRANSLATE_NOOP("lix::app::TrainForm", "Tip-Adapter")}};

bool isIn(std::span<const std::string_view> keys, const std::string& key) {
  return std::ranges::find(keys, key) != keys.end();
}

QString toQt(const std::string& text) { return QString::fromStdString(text); }

/// Size presets by name: the files of resources/models.
QStringList presets() {
  QStringList names;
  for (const std::string_view file : resources("models/")) {
    names << QString::fromUtf8(file.data() + 7, qsizetype(file.size()) - 12);
  }
  return names;
}

/// As a person looks for them: a plain loss before what adds to it, a ladder's rungs by their numbers at the end.
std::vector<nn::Recipe> inOrder(std::vector<nn::Recipe> recipes) {
  static constexpr std::string_view kFirst[] = {"siglip", "siglixp", "clip", "clipxp", "llip"};
  const auto key = [](const nn::Recipe& recipe) {
    const bool isRung = recipe.id.find('/') != std::string::npos;
    return std::tuple(isRung, std::ranges::find(kFirst, recipe.id) - std::begin(kFirst), recipe.title);
  };
  std::ranges::stable_sort(recipes, {}, key);
  return recipes;
}

QLabel* note() {
  auto* label = new QLabel;
  label->setWordWrap(true);
  label->setProperty("muted", true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

}  // namespace

TrainForm::TrainForm(Desk& desk, QWidget* parent) : QWidget(parent), desk_(desk), recipes_(nn::recipes()) {
  build();
  onRecipe();
  connect(recipeBox_, &QComboBox::currentIndexChanged, this, &TrainForm::onRecipe);
  connect(sizeBox_, &QComboBox::currentIndexChanged, this, &TrainForm::refresh);
  connect(towersBox_, &QComboBox::currentIndexChanged, this, &TrainForm::onRecipe);
  connect(canary_, &DatasetBox::chosen, this, &TrainForm::onCanary);
  connect(canaryBest_, &QComboBox::currentIndexChanged, this, &TrainForm::refresh);
  connect(data_, &DatasetBox::chosen, this, &TrainForm::refresh);
  connect(start_, &CheckpointBox::chosen, this, &TrainForm::onStart);
  connect(params_, &widgets::ParamForm::changed, this, [this] {
    corrected_.clear();
    refresh();
  });
  connect(params_, &widgets::ParamForm::corrected, this, [this](const QString& sentence) {
    corrected_ = sentence;
    refresh();
  });
  connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { tellField(now); });
}

void TrainForm::tellField(const QWidget* field) {
  for (const QWidget* at = field; at != nullptr && at != this; at = at->parentWidget()) {
    if (at == params_ || !isAncestorOf(at)) {
      continue;
    }
    const QString key = at->objectName().section('.', 1);
    const auto param = std::ranges::find(shown_, key.toStdString(), &Param::key);
    if (param != shown_.end()) {
      Q_EMIT fieldEntered(toQt(param->title), toQt(param->help + " " + study::rangeOf(*param)));
      return;
    }
    if (qobject_cast<const QComboBox*>(at) != nullptr) {
      Q_EMIT fieldEntered(at->accessibleName(), at->toolTip());
      return;
    }
  }
}

QComboBox* TrainForm::choice(const char* name, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(name);
  box->setToolTip(tip);
  return box;
}

void TrainForm::buildTowers(QVBoxLayout* column) {
  towersBox_ = choice("train.towers", tr("Which towers the objective trains: its own, or the other kind (arrow keys)."));
  towersBox_->addItem(tr("The recipe's own"), QString());
  towersBox_->addItem(tr("SigLIP"), "siglip");
  towersBox_->addItem(tr("CLIP"), "clip");
  towersRow_ = labelled(tr("Towers"), towersBox_);
  column->addWidget(towersRow_);
}

void TrainForm::buildCanary(QVBoxLayout* column) {
  canary_ = new DatasetBox(desk_);
  canary_->setObjectName("train.canary");
  canary_->setNoneText(tr("None"));
  canary_->setName("");
  canary_->setToolTip(
      tr("Pictures that the run does not learn from; it is evaluated on them as it goes, zero-shot and few-shot."));
  canaryBest_ = choice("train.canaryBest",
                       tr("The step that is best by this is kept beside the newest (arrow keys change it)."));
  for (const auto& [series, title] : kBest) {
    canaryBest_->addItem(tr(title), QString(series));
  }
  canaryBestRow_ = labelled(tr("Keep the best by"), canaryBest_);
  canaryBestRow_->setEnabled(false);  // without a canary
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(labelled(tr("Canary"), canary_), 1);
  row->addWidget(canaryBestRow_, 1);
  column->addLayout(row);
}

void TrainForm::build() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 8, 0);
  column->setSpacing(10);
  recipeBox_ = choice("train.recipe", tr("What the model learns: its towers and its loss (arrow keys change it)."));
  for (const nn::Recipe& recipe : inOrder(recipes_)) {
    recipeBox_->addItem(toQt(recipe.title), toQt(recipe.id));
    recipeBox_->setItemData(recipeBox_->count() - 1, toQt(recipe.help), Qt::ToolTipRole);
  }
  recipeBox_->setCurrentIndex(std::max(0, recipeBox_->findData("siglixp")));
  recipeHelp_ = note();
  recipeHelp_->setObjectName("train.recipeHelp");
  data_ = new DatasetBox(desk_);
  data_->setObjectName("train.data");
  data_->setToolTip(tr("The pictures and captions to learn from; drop a folder here or add it on the Data page."));
  start_ = new CheckpointBox(desk_);
  start_->setObjectName("train.start");
  start_->setNoneText(tr("Nothing (new weights)"));
  start_->setToolTip(tr("Weights to begin with: new ones, or those of a checkpoint (post-training)."));
  sizeBox_ = choice("train.size", tr("Size of a model that starts from nothing; a checkpoint brings its own."));
  sizeBox_->addItems(presets());
  startNote_ = note();
  startNote_->setObjectName("train.startNote");
  startNote_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  startNote_->setMinimumHeight(2 * startNote_->fontMetrics().lineSpacing() + 6);  // no field moves when its text changes
  sizeNote_ = note();
  sizeNote_->setObjectName("train.sizeNote");
  sizeNote_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  sizeNote_->setAccessibleName(tr("What a model of this size needs"));
  params_ = new widgets::ParamForm;
  params_->setObjectName("train.params");
  warnings_ = new WarningList("train.warnings");

  column->addWidget(labelled(tr("Recipe"), recipeBox_));
  column->addWidget(recipeHelp_);
  buildTowers(column);
  column->addWidget(labelled(tr("Data"), data_));
  auto* start = new QHBoxLayout;
  start->setSpacing(8);
  start->addWidget(labelled(tr("Start from"), start_), 3);
  start->addWidget(labelled(tr("Size"), sizeBox_), 1);
  column->addLayout(start);
  column->addWidget(startNote_);
  column->addWidget(params_);
  buildCanary(column);
  column->addWidget(warnings_);
  column->addWidget(sizeNote_);
}

const nn::Recipe& TrainForm::recipe() const {
  const auto id = recipeBox_->currentData().toString().toStdString();
  const auto found = std::ranges::find(recipes_, id, &nn::Recipe::id);
  return found == recipes_.end() ? recipes_.front() : *found;
}

void TrainForm::onRecipe() {
  recipeHelp_->setText(QStringLiteral("%1<br><span style='font-size:small'>%2</span>")
                           .arg(toQt(recipe().help).toHtmlEscaped(), toQt(recipe().citation).toHtmlEscaped()));
  const bool choosable = recipe().head == nn::ImageHead::Vector;  // tokens are averaged and mixed by CLIP's towers alone
  towersRow_->setVisible(choosable);
  if (!choosable && towersBox_->currentIndex() != 0) {
    const QSignalBlocker quiet(towersBox_);
    towersBox_->setCurrentIndex(0);
  }
  start_->setFilter([this](const std::string& id) { return fits(id); });
  onStart();
}

bool TrainForm::fits(const std::string& id) const {
  const auto other = std::ranges::find(recipes_, id, &nn::Recipe::id);
  const auto wanted = nn::withOptions(recipe(), {.towers = towersBox_->currentData().toString().toStdString()});
  return other == recipes_.end() || !wanted || (other->towers == wanted->towers && other->head == wanted->head);
}

void TrainForm::onStart() {
  rebuild();
  refresh();
}

void TrainForm::onCanary() {
  canaryBestRow_->setEnabled(!canary_->name().empty());
  onStart();
}

void TrainForm::rebuild() {
  const ParamValues changed = params_->changedValues();
  for (const auto& [key, value] : params_->values()) {
    changed.contains(key) ? void(wanted_.insert_or_assign(key, value)) : void(wanted_.erase(key));
  }
  const auto start = start_->folder().empty() ? study::TrainStart::Nothing : study::TrainStart::Checkpoint;
  std::vector<Param> params;
  std::vector<std::string> advanced;
  for (const Param& param : study::trainParams(start, &recipe())) {
    const bool ofCanary = param.key.starts_with("canary") && canary_->name().empty();
    if (isIn(kElsewhere, param.key) || ofCanary) {
      continue;
    }
    params.push_back(param);
    params.back().help = study::helpOf(param);
    if (!isIn(kPlain, param.key)) {
      advanced.push_back(param.key);
    }
  }
  // The same fields stay as they are: a person may be typing in one of them.
  const auto same = [](const Param& a, const Param& b) { return a.key == b.key && a.value == b.value; };
  if (!std::ranges::equal(params, shown_, same)) {
    const QSignalBlocker quiet(params_);
    params_->setParams(params, advanced);
    params_->setValues(wanted_);
    shown_ = params;
  }
}

void TrainForm::refresh() {
  const bool fromCheckpoint = !start_->folder().empty();
  sizeBox_->setEnabled(!fromCheckpoint);
  const auto usual = [](study::TrainStart start) {
    return widgets::numberText(study::trainParam("learning_rate", start).value);
  };
  startNote_->setText(
      fromCheckpoint ? tr("Post-training: the usual learning rate is a tenth, %1. The size is the checkpoint's.")
                            .arg(usual(study::TrainStart::Checkpoint))
                      : tr("New weights: the usual learning rate is %1.").arg(usual(study::TrainStart::Nothing)));
  QStringList sentences;
  if (!corrected_.isEmpty()) {
    sentences << corrected_;
  }
  const study::TrainSettings asked = settings().value_or(chosen());
  for (const std::string& warning : study::settingsWarnings(asked, study::recipeFor(asked).value_or(recipe()))) {
    // Of a checkpoint only the dry run knows how far its temperature is.
    if (!fromCheckpoint || warning.find("tau_ctx") == std::string::npos) {
      sentences << toQt(warning);
    }
  }
  params_->setZeroTexts(zeroTexts(asked, study::recipeFor(chosen()).value_or(recipe())));
  sizeNote_->setVisible(!fromCheckpoint);
  sizeNote_->setText(fromCheckpoint ? QString() : toQt(study::sizeSentence(asked)));
  sizeBox_->setToolTip(fromCheckpoint ? tr("A checkpoint brings its own size.")
                                      : tr("%1. %2").arg(toQt(nn::presetTitle(asked.size)), toQt(nn::presetHelp(asked.size))));
  warnings_->setSentences(sentences);
  Q_EMIT changed();
}

study::TrainSettings TrainForm::chosen() const {
  study::TrainSettings settings;
  settings.recipe = recipe().id;
  settings.data = data_->name();
  settings.init = start_->folder().string();
  settings.size = sizeBox_->currentText().toStdString();
  settings.towers = towersBox_->currentData().toString().toStdString();
  settings.canary = canary_->name();
  settings.canaryBest = settings.canary.empty() ? "" : canaryBest_->currentData().toString().toStdString();
  return settings;
}

Result<study::TrainSettings> TrainForm::settings() const {
  LIX_TRY(auto settings, study::withParams(chosen(), params_->values()));
  LIX_CHECK(settings.validate());
  LIX_CHECK(study::recipeFor(settings));
  return settings;
}

QString TrainForm::obstacle() const {
  if (desk_.isReadOnly()) {
    return tr("This workspace is open for reading only, so nothing can be trained in it.");
  }
  if (data_->name().empty()) {
    return tr("Choose the data to learn from first.");
  }
  const auto asked = settings();
  return asked ? QString() : toQt(asked.error().message);
}

const QStringList& TrainForm::warnings() const { return warnings_->sentences(); }
void TrainForm::setData(const std::string& name) { data_->setName(name); }

void TrainForm::setStart(const std::filesystem::path& checkpoint) {
  const auto& entries = desk_.checkpoints().entries();
  const auto entry = std::ranges::find(entries, checkpoint, &CheckpointShelf::Entry::folder);
  if (entry != entries.end() && !fits(entry->recipe) && recipeBox_->findData(toQt(entry->recipe)) >= 0) {
    const QString before = recipeBox_->currentText();
    setRecipe(entry->recipe);
    desk_.say(widgets::Severity::Info,
              tr("The checkpoint %1 has other towers than the recipe %2 trains, so the recipe %3 was chosen.")
                  .arg(toQt(entry->label), before, recipeBox_->currentText()));
  }
  start_->setFolder(checkpoint);
}

void TrainForm::setRecipe(const std::string& id) {
  recipeBox_->setCurrentIndex(std::max(0, recipeBox_->findData(toQt(id))));
}

}  // namespace lix::app
